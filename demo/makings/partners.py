"""Who stands beside the zone: monitoring points, agreements with banks, activities, trainings, supply and demand."""

from __future__ import annotations

import random
from collections.abc import Callable

from makings.rows import Row, chance, phone, rounded

Test = Callable[[Row], bool]
_POINTS: tuple[tuple[int, Test], ...] = (  # how many of which kind are at an enterprise
    (8, lambda firm: bool(firm.get("above_scale"))),
    (4, lambda firm: bool(firm.get("hnte")) and not firm.get("above_scale")),
    (2, lambda firm: firm["size"] == "micro" and "revenue" in firm),
)
_UNITS = {  # the other six are at these
    "MP15": "园区装备制造行业协会", "MP16": "园区电子信息行业协会", "MP17": "园区标准厂房运营公司",
    "MP18": "园区孵化器运营公司", "MP19": "园区政务服务中心", "MP20": "政策性银行园区支行",
}  # fmt: skip


def partners(firms: list[Row]) -> dict[str, list[Row]]:
    """Rows by entity. Monitoring points are declared rows of the site: theirs are edits."""
    return {
        "monitoring_point": _points(firms),
        "activity": _activities(),
        "bank_agreement": _agreements(firms),
        "training": _trainings(firms),
        "supply_demand": _offers(firms),
    }


def _points(firms: list[Row]) -> list[Row]:
    dice = chance("monitoring_point")
    hosts: list[int] = []
    for count, fits in _POINTS:
        hosts += dice.sample(
            [n for n, firm in enumerate(firms, 1) if fits(firm) and n not in hosts], count
        )
    rows: list[Row] = [
        {"_edit": f"MP{n:02}", "enterprise": f"@{host}"} for n, host in enumerate(hosts, 1)
    ]
    rows += [{"_edit": code, "unit_name": unit} for code, unit in _UNITS.items()]
    for n, row in enumerate(rows, 1):
        row.update(contact_name=f"监督员{n:02}", contact_phone=phone(80_000 + n))
    return rows


def _activities() -> list[Row]:
    rows = (
        ("一季度政银企对接会", "bank_enterprise", "d05", "2025-03-18", 86, 14, 26_800),
        ("“送解优”政策宣讲会", "policy", "d04", "2025-04-16", 120, 0, 0),
        ("政校企人才合作对接会", "school_enterprise", "d12", "2025-06-11", 74, 9, 0),
        ("电子信息产业链供需对接会", "supply_demand", "d03", "2025-07-09", 65, 18, 5200),
        ("三季度政银企对接会", "bank_enterprise", "d05", "2025-09-17", 92, 13, 31_500),
        ("装备制造产业链供需对接会", "supply_demand", "d03", "2025-10-22", 58, 15, 4300),
        ("企业家早餐沙龙", "salon", "d06", "2026-03-12", 30, 4, 0),
        ("专精特新培育专题宣讲", "policy", "d04", "2026-05-14", 95, 0, 0),
    )
    keys = ("name", "kind", "department", "held_on", "attendance", "intentions", "amount")
    return [{**dict(zip(keys, row, strict=True)), "place": "园区会议中心"} for row in rows]


def _agreements(firms: list[Row]) -> list[Row]:
    """Seventeen banks, twenty-seven enterprises, one agreement each, signed at the two meetings."""
    dice = chance("bank_agreement")
    owners = dice.sample(
        [n for n, firm in enumerate(firms, 1) if firm.get("revenue", 0) > 2000], 27
    )
    banks = [f"BANK{n % 17 + 1:02}" for n in range(27)]
    rows: list[Row] = []
    for n, (owner, bank) in enumerate(zip(owners, banks, strict=True), 1):
        line = dice.choice((500, 1000, 2000, 3000, 5000))
        first = n <= 14
        rows.append(
            {
                "bank": bank,
                "enterprise": f"@{owner}",
                "agreement_no": f"YQ-2025-{n:02}",
                "kind": "strategic",
                "credit_line": line,
                "used": rounded(line * dice.choice((0.2, 0.4, 0.6, 0.8))),
                "signed_on": "2025-03-18" if first else "2025-09-17",
                "expires_on": "2028-03-17" if first else "2028-09-16",
                "activity": "@1" if first else "@5",
                "_at": "2025-03-18 16:30" if first else "2025-09-17 16:30",
            }
        )
    return rows


def _trainings(firms: list[Row]) -> list[Row]:
    """Two hundred and ten people finished."""
    dice = chance("training")
    able = [
        n for n, firm in enumerate(firms, 1) if firm.get("size") in ("small", "medium", "large")
    ]
    rows = (
        ("工业机器人操作与运维订单班", "TL08", "order_class", "某职业技术学院", 240, "2025-03-17", "2025-07-11", 50, 48, 45),
        ("特种作业（低压电工）取证班", "TL09", "certificate", "某技工学校", 148, "2025-05-12", "2025-06-27", 60, 57, 55),
        ("数控加工新型学徒制", None, "apprentice", "某技师学院", 320, "2025-04-07", "2025-11-28", 60, 56, 56),
        ("质量管理在岗提升班", None, "upskill", "某职业技术学院", 64, "2025-09-08", "2025-10-17", 52, 49, 49),
    )  # fmt: skip
    keys = (
        "name",
        "talent",
        "kind",
        "school",
        "hours",
        "starts_on",
        "ends_on",
        "enrolled",
        "completed",
        "employed",
    )
    return [
        {
            **dict(zip(keys, row, strict=True)),
            "department": "d12",
            "enterprises": [f"@{n}" for n in sorted(dice.sample(able, 5))],
            "_at": f"{row[5]} 09:00",
        }
        for row in rows
    ]


def _offers(firms: list[Row]) -> list[Row]:
    dice = chance("supply_demand")
    makers = [
        n
        for n, firm in enumerate(firms, 1)
        if firm["industry"].startswith("C") and "revenue" in firm
    ]
    return [_offer(dice, n, firms[n - 1]) for n in dice.sample(makers, 44)]


def _offer(dice: random.Random, n: int, firm: Row) -> Row:
    product = firm["products"].split("、")[0]
    supply = dice.random() < 0.5
    wanted = dice.choice(
        ("表面处理加工", "包装材料", "精密零件", "线束", "标准件", "物流运输", "模具维修")
    )
    return {
        "kind": "supply" if supply else "demand",
        "enterprise": f"@{n}",
        "product": product if supply else wanted,
        "specification": "可按图纸定制，支持打样。" if supply else "本地供货优先，按月结算。",
        "quantity": dice.choice((100, 500, 2000, 10_000)),
        "unit_name": dice.choice(("件", "套", "吨")),
        "budget": dice.choice((20, 50, 100, 300)),
        "deliver_on": f"today + {dice.randint(30, 180)} days",
        "industry": firm["industry"],
        "chain": firm["chain"],
        "contact_name": firm["contact_name"],
        "contact_phone": firm["contact_phone"],
        "valid_to": f"today + {dice.randint(60, 365)} days",
        "_at": f"today - {dice.randint(1, 50)} days {dice.randint(9, 16):02}:{dice.randint(0, 59):02}",
    }
