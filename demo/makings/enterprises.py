"""Three hundred enterprises with figures that fit each other: size from people and turnover, honours from research."""

from __future__ import annotations

import random
from dataclasses import dataclass

from makings.rows import CYCLE, Row, chance, credit_code, phone, rounded, weighted

COUNT = 300
YEAR = 2025  # the year that the figures are of


@dataclass(frozen=True, slots=True)
class Trade:
    """A line of business: what is made, how many firms, how big they tend to be, turnover a head in 万元."""

    industry: str
    detail: str
    chain: str
    word: str
    products: tuple[str, ...]
    firms: int
    people: int
    per_head: int
    power: int  # kWh for each 万元 of turnover


TRADES = (
    Trade("C39", "C3982", "electronics", "电子", ("印制电路板", "高多层线路板", "柔性线路板"), 26, 160, 70, 320),
    Trade("C39", "C3983", "electronics", "传感", ("压力传感器", "温度传感器", "敏感元件"), 16, 80, 65, 120),
    Trade("C39", "C3974", "electronics", "光电", ("显示模组", "背光模组", "光学膜片"), 12, 150, 75, 160),
    Trade("C38", "C3831", "new_energy", "电缆", ("电线电缆", "特种电缆", "线束"), 14, 90, 120, 110),
    Trade("C38", "C3841", "new_energy", "储能", ("储能电池", "电池结构件", "电池管理系统"), 16, 170, 110, 240),
    Trade("C35", "C3511", "equipment", "装备", ("矿山机械", "破碎筛分设备", "输送设备"), 20, 140, 80, 110),
    Trade("C35", "C3525", "equipment", "模具", ("精密模具", "注塑模具", "压铸模具"), 16, 45, 50, 130),
    Trade("C34", "C3443", "equipment", "阀业", ("工业阀门", "管件", "流体控制件"), 14, 70, 60, 120),
    Trade("C34", "C3484", "equipment", "精密", ("精密零件", "轴承", "液压件"), 18, 60, 55, 140),
    Trade("C33", "C3311", "equipment", "金属", ("钢结构件", "金属包装", "五金制品"), 14, 55, 60, 130),
    Trade("C36", "C3670", "equipment", "汽配", ("汽车零部件", "底盘件", "内饰件"), 10, 120, 75, 120),
    Trade("C30", "C3091", "carbon", "碳材", ("碳基复合材料", "石墨制品", "碳纤维制品"), 16, 130, 85, 620),
    Trade("C30", "C3089", "carbon", "耐材", ("耐火材料", "保温材料"), 6, 70, 60, 480),
    Trade("C26", "C2669", "carbon", "新材", ("电子化学品", "改性树脂", "胶粘剂"), 10, 60, 130, 260),
    Trade("C27", "C2730", "biomed", "药业", ("中药饮片", "中成药"), 10, 110, 70, 90),
    Trade("C27", "C2770", "biomed", "医械", ("医用敷料", "康复器械"), 8, 50, 60, 70),
    Trade("C13", "C1371", "food", "食品", ("蔬菜制品", "预制菜", "坚果制品"), 14, 90, 70, 80),
    Trade("C14", "C1439", "food", "食业", ("方便食品", "调味品"), 8, 70, 65, 85),
    Trade("I65", "I6513", "digital", "软件", ("工业软件", "政务软件", "数据服务"), 20, 28, 45, 8),
    Trade("I64", "I6450", "digital", "互联", ("互联网平台", "电商服务"), 6, 18, 60, 6),
    Trade("M73", "M7320", "digital", "研究", ("材料研究", "检测方法研究"), 4, 20, 40, 15),
    Trade("M74", "M7452", "digital", "检测", ("检验检测", "计量校准"), 4, 25, 35, 30),
    Trade("G59", "G5990", "", "物流", ("仓储服务", "冷链仓储"), 6, 40, 60, 40),
    Trade("F51", "F5179", "", "商贸", ("机械设备批发", "建材批发"), 6, 12, 160, 5),
    Trade("F52", "F5213", "", "超市", ("便利零售",), 3, 6, 40, 20),
    Trade("H62", "H6241", "", "餐饮", ("职工餐饮", "团餐配送"), 3, 12, 25, 35),
)  # fmt: skip

_LIAISONS = {  # which of the seventeen posts look after which chain
    "electronics": ("liaison_03", "liaison_04", "liaison_05"), "new_energy": ("liaison_15", "liaison_17"), "equipment": ("liaison_03", "liaison_06", "liaison_08"),
    "carbon": ("liaison_09", "liaison_11", "liaison_16"), "biomed": ("liaison_10", "liaison_12"), "food": ("liaison_10", "liaison_14"), "digital": ("liaison_02", "liaison_04"),
    "": ("liaison_01", "liaison_07", "liaison_13"),
}  # fmt: skip
_ROADS = ("创新", "科创", "迎宾", "云溪", "高新", "和顺")
_FORMS = {  # how a name ends, and what kind of firm that is
    "limited": "有限公司", "joint_stock": "股份有限公司", "partnership": "合伙企业（有限合伙）", "self_employed": "经营部",
}  # fmt: skip


def enterprises() -> list[Row]:
    """All rows, those of one trade not side by side."""
    dice = chance("enterprise")
    trades = [trade for trade in TRADES for _ in range(trade.firms)]
    assert len(trades) == COUNT
    dice.shuffle(trades)
    used: set[str] = set()
    rows = [_enterprise(dice, n, trade, used) for n, trade in enumerate(trades, 1)]
    for row in rows[
        -12:
    ]:  # opened within the last ninety days: they may have their first seals free
        _newly_opened(dice, row)
    return rows


def _enterprise(dice: random.Random, n: int, trade: Trade, used: set[str]) -> Row:
    small = trade.people < 10 and dice.random() < 0.8
    form = (
        "self_employed"
        if small
        else weighted(dice, {"limited": 88, "joint_stock": 9, "partnership": 3})
    )
    name = _name(dice, trade, _FORMS[form], used)
    age = min(24, max(1, int(dice.gammavariate(2.2, 3.6))))
    opened = f"{YEAR + 1 - age}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
    registered = max(opened, f"2024-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}")
    row: Row = {
        "uscc": credit_code(1000 + n * 7, self_employed=small),
        "name": name,
        "entity_type": form,
        "operating": weighted(dice, {"active": 93, "building": 4, "suspended": 3}),
        "established": opened,
        "industry": trade.industry,
        "industry_class": trade.detail,
        "chain": trade.chain,
        "products": "、".join(dice.sample(trade.products, min(2, len(trade.products)))),
        "in_zone": dice.random() < 0.94,
        "address": f"园区{dice.choice('东南西北')}片区{dice.choice(_ROADS)}路 {dice.randint(1, 199)} 号",
        "liaison": dice.choice(_LIAISONS[trade.chain]),
        "free_seal": age <= 3 and dice.random() < 0.8,
        **_people(dice, n, name[2:4]),
        "_at": f"{registered} {dice.randint(9, 16):02}:{dice.randint(0, 59):02}",
    }
    _figures(dice, row, trade, age)
    _honours(dice, row, trade, age)
    _credit(dice, row)
    _premises(dice, row, trade)
    _service(row)
    _leave_gaps(dice, row)
    return row


def _name(dice: random.Random, trade: Trade, form: str, used: set[str]) -> str:
    """Fictitious at first sight: 示范, two signs of the cycle, the trade."""
    while True:
        science = "科技" if form.endswith("公司") and dice.random() < 0.4 else ""
        name = f"示范{dice.choice(CYCLE)}{trade.word}{science}{form}"
        if name not in used:
            used.add(name)
            return name


def _people(dice: random.Random, n: int, sign: str) -> Row:
    """Persons by their post, never by a name."""
    return {
        "legal_representative": f"{sign}负责人",
        "contact_name": f"{sign}经办人",
        "contact_position": dice.choice(("办公室主任", "行政经理", "财务负责人", "总经理助理")),
        "contact_phone": phone(n),
        "contact_email": f"office@e{n:03}.example",
    }


def _figures(dice: random.Random, row: Row, trade: Trade, age: int) -> None:
    people = max(2, int(trade.people * dice.lognormvariate(0, 0.75) * min(1.0, 0.35 + age / 8)))
    if dice.random() < 0.03 and age > 5 and trade.people >= 60:  # the park's few leading firms
        people = max(people, trade.people) * 7
    revenue = rounded(people * trade.per_head * dice.lognormvariate(0, 0.3))
    row["employees"] = people
    row["tech_staff"] = int(people * dice.uniform(0.04, 0.35 if trade.chain != "digital" else 0.75))
    row["insured_count"] = int(people * dice.uniform(0.82, 1.0))
    row["unemployment_months"] = min(age * 12, dice.choice((6, 9, 12, 24, 36, 48, 60)))
    row["layoff_rate"] = rounded(abs(dice.gauss(2.5, 2.5)), 1)
    row["data_year"] = YEAR
    row["data_source"] = weighted(dice, {"statistics": 4, "tax": 3, "self_reported": 3})
    row["revenue"] = revenue
    row["revenue_growth"] = rounded(dice.gauss(8, 12), 1)
    row["output_value"] = (
        rounded(revenue * dice.uniform(0.95, 1.1)) if trade.industry.startswith("C") else None
    )
    row["profit"] = rounded(revenue * dice.gauss(0.07, 0.05))
    row["tax_paid"] = rounded(revenue * dice.uniform(0.02, 0.06))
    row["export_value"] = (
        rounded(revenue * 0.14 * dice.uniform(0.05, 0.5)) if dice.random() < 0.18 else 0
    )
    row["loan_balance"] = (
        rounded(revenue * dice.uniform(0.1, 0.6), 0) if dice.random() < 0.55 else 0
    )
    row["registered_capital"] = dice.choice((50, 100, 200, 500, 1000, 2000, 3000, 5000))
    row["paid_capital"] = rounded(row["registered_capital"] * dice.choice((0.3, 0.5, 0.8, 1.0)))
    row["size"] = _size(people, revenue)
    row["above_scale"] = trade.industry.startswith("C") and revenue >= 2000 and age > 1
    if row["above_scale"]:
        row["above_scale_kind"] = "industry"
        first = YEAR + 1 - max(1, dice.randint(1, age - 1))
        row["above_scale_first_year"] = "last_year" if first == YEAR else first


def _size(people: int, revenue: float) -> str:
    """Both measures must be met for the next class."""
    for size, heads, turnover in (
        ("large", 1000, 40_000),
        ("medium", 300, 2000),
        ("small", 20, 300),
    ):
        if people >= heads and revenue >= turnover:
            return size
    return "micro"


def _honours(dice: random.Random, row: Row, trade: Trade, age: int) -> None:
    keen = trade.chain in ("electronics", "new_energy", "carbon", "equipment", "biomed", "digital")
    share = abs(dice.gauss(4.2, 2.2)) if keen else abs(dice.gauss(0.8, 0.6))
    row["rd_ratio"] = rounded(share, 2)
    row["rd_expense"] = rounded(row["revenue"] * share / 100)
    row["rd_growth"] = rounded(dice.gauss(12, 18), 1)
    row["invention_patents"] = int(dice.expovariate(1 / 3)) if keen else 0
    row["utility_patents"] = int(dice.expovariate(1 / 9)) if keen else dice.randint(0, 2)
    row["software_copyrights"] = (
        int(dice.expovariate(1 / 12)) if trade.chain == "digital" else dice.randint(0, 3)
    )
    row["hnte"] = keen and age >= 2 and share >= 3 and dice.random() < 0.75
    if row["hnte"]:
        first = YEAR + 1 - dice.randint(1, min(age - 1, 10))
        row["hnte_first_year"] = "last_year" if first == YEAR else first
        row["hnte_certificate"] = f"GR{YEAR - dice.randint(0, 2)}99{dice.randint(100000, 999999)}"
        row["hnte_valid_to"] = f"today + {dice.randint(60, 1000)} days"
    row["tech_sme"] = keen and row["employees"] <= 500 and share >= 2 and dice.random() < 0.7
    row["srdi_level"] = _srdi(dice, row)
    if row["srdi_level"] != "none":
        row["srdi_year"] = weighted(dice, {"last_year": 4, YEAR - 1: 3, YEAR - 2: 3})
    row["gazelle"] = weighted(dice, {"none": 97, "gazelle": 3}) if row["hnte"] else "none"
    row["equipment_invest"] = (
        rounded(row["revenue"] * dice.uniform(0, 0.15), 0) if dice.random() < 0.5 else 0
    )
    row["project_filed"] = row["equipment_invest"] > 300 and dice.random() < 0.8
    row["green_factory"] = weighted(dice, {"none": 90, "city": 6, "provincial": 3, "national": 1})
    row["smart_factory"] = weighted(dice, {"none": 92, "city": 5, "provincial": 3})


def _srdi(dice: random.Random, row: Row) -> str:
    if not row["hnte"] or row["revenue"] < 1000:
        return weighted(dice, {"none": 9, "innovative_sme": 1}) if row["tech_sme"] else "none"
    return weighted(
        dice,
        {
            "none": 50,
            "innovative_sme": 22,
            "provincial_srdi": 22,
            "little_giant": 5,
            "single_champion": 1,
        },
    )


def _credit(dice: random.Random, row: Row) -> None:
    row["tax_credit"] = weighted(dice, {"a": 28, "b": 45, "m": 20, "c": 5, "d": 2})
    row["abnormal"] = dice.random() < 0.03
    row["serious_illegal"] = dice.random() < 0.01
    row["safety_accident"] = dice.random() < 0.02


def _premises(dice: random.Random, row: Row, trade: Trade) -> None:
    revenue = row["revenue"]
    row["power_kwh"] = int(revenue * trade.power * dice.uniform(0.7, 1.3))
    row["power_kva"] = max(50, int(row["power_kwh"] / 3000 / 50) * 50)
    row["power_price"] = rounded(dice.uniform(0.58, 0.72), 4)
    row["water_t"] = int(row["employees"] * dice.uniform(40, 120))
    if trade.industry in ("C30", "C13", "C14", "C26", "C27"):
        row["gas_m3"] = int(revenue * dice.uniform(4, 30))
        row["gas_price"] = rounded(dice.uniform(3.3, 4.1), 4)
    row["energy_tce"] = rounded(row["power_kwh"] * 0.0001229 + row.get("gas_m3", 0) * 0.00133)
    if row["size"] in ("large", "medium") or dice.random() < 0.2:
        row["land_mu"] = rounded(row["employees"] * dice.uniform(0.15, 0.35), 1)
        row["building_area"] = rounded(row["land_mu"] * 666.67 * dice.uniform(0.6, 1.2), 0)
        row["tax_per_mu"] = rounded(row["tax_paid"] / row["land_mu"])
    else:
        row["lease_area"] = rounded(
            min(20_000, max(60, row["employees"] * dice.uniform(12, 40))), 0
        )


def _service(row: Row) -> None:
    row["key_project"] = (
        row["size"] in ("large", "medium") and bool(row["hnte"]) and row["project_filed"]
    )
    if row["above_scale"] or row["key_project"]:  # those must have a commissioner
        row["steward"] = row["liaison"]


def _leave_gaps(dice: random.Random, row: Row) -> None:
    """Real files have holes: what is missing must read as unknown, not as no."""
    for key in ("rd_growth", "layoff_rate", "unemployment_months", "equipment_invest", "project_filed", "loan_balance",
                "tax_credit", "safety_accident", "invention_patents", "energy_tce", "profit"):  # fmt: skip
        if dice.random() < 0.08:
            row[key] = None


def _newly_opened(dice: random.Random, row: Row) -> None:
    kept = {"uscc", "name", "entity_type", "industry", "industry_class", "chain", "products", "in_zone", "address",
            "liaison", "contact_name", "contact_position", "contact_phone", "contact_email", "legal_representative",
            "registered_capital", "lease_area"}  # fmt: skip
    days = dice.randint(4, 80)
    for key in [key for key in row if key not in kept]:
        del row[key]
    row.update(
        operating="active",
        established=f"today - {days} days",
        free_seal=dice.random() < 0.4,
        abnormal=False,
    )
    row.update(
        serious_illegal=False, employees=dice.randint(2, 15), size="micro", key_project=False
    )
    row["_at"] = f"today - {days - 1} days 10:{dice.randint(10, 59)}"
