"""What enterprises asked of the four supermarkets: claims, financing needs, sign-ups, site intentions."""

from __future__ import annotations

import random

from makings.rows import Row, chance, phone, weighted

_REGULAR = {
    "PL05": "rd_expense",
    "PL06": "equipment_invest",
    "PL07": "loan_balance",
    "PL09": "lease_area",
}


def applications(firms: list[Row]) -> dict[str, list[Row]]:
    """Rows of each application's entity, as they were received; moving them on is the workflows' business."""
    return {
        "policy_claim": _claims(firms),
        "finance_need": _needs(firms),
        "talent_signup": _signups(firms),
        "site_intent": _sites(firms),
    }


def _contact(firm: Row) -> Row:
    return {"contact_name": firm["contact_name"], "contact_phone": firm["contact_phone"]}


def _moment(dice: random.Random, days: int) -> str:
    return f"today - {dice.randint(1, days)} days {dice.randint(9, 16):02}:{dice.randint(0, 59):02}"


def _claims(firms: list[Row]) -> list[Row]:
    dice = chance("policy_claim")
    rows: list[Row] = []
    for code, figure in _REGULAR.items():
        able = [n for n, firm in enumerate(firms, 1) if (firm.get(figure) or 0) > 0]
        for n in dice.sample(able, 7):
            rows.append(
                {
                    "policy": code,
                    "enterprise": f"@{n}",
                    "year": 2026,
                    "amount_claimed": dice.choice((3, 5, 8, 12, 20)),
                    "statement": "按上年度数据申报，材料随附。",
                    **_contact(firms[n - 1]),
                    "_at": _moment(dice, 60),
                }
            )
    return rows


def _needs(firms: list[Row]) -> list[Row]:
    dice = chance("finance_need")
    rows: list[Row] = []
    for n in dice.sample(range(1, len(firms) + 1), 32):
        firm = firms[n - 1]
        named = dice.random() < 0.25
        rows.append(
            {
                "enterprise": f"@{n}",
                "amount": dice.choice((50, 100, 200, 300, 500, 800, 1000, 2000)),
                "purpose": weighted(
                    dice,
                    {"working": 5, "equipment": 3, "expansion": 2, "research": 1, "renewal": 2},
                ),
                "term": dice.choice((6, 12, 24, 36)),
                "needed_on": f"today + {dice.randint(10, 60)} days",
                "product_type": weighted(
                    dice, {"credit": 4, "fixed_asset": 2, "ip_pledge": 1, "receivable": 2}
                ),
                "collateral": dice.choice(
                    ("信用", "厂房抵押", "应收账款质押", "发明专利质押", "法定代表人保证")
                ),
                "expected_rate": dice.choice((3.2, 3.5, 3.8, 4.0)),
                "disclosure": "named" if named else "all",
                "named_banks": dice.sample([f"BANK{b:02}" for b in range(1, 18)], 2)
                if named
                else None,
                "detail": f"{firm['products']}订单增加，需要补充资金。",
                **_contact(firm),
                "_at": _moment(dice, 45),
            }
        )
    return rows


def _signups(firms: list[Row]) -> list[Row]:
    dice = chance("talent_signup")
    rows: list[Row] = []
    for n in range(1, 61):
        code = weighted(
            dice, {"TL01": 8, "TL02": 3, "TL04": 3, "TL05": 8, "TL08": 5, "TL09": 8, "TL10": 5}
        )
        employed = code in ("TL09", "TL10")
        rows.append(
            {
                "talent": code,
                "applicant": f"报名人{n:03}",
                "phone": phone(50_000 + n),
                "employer": f"@{dice.randint(1, len(firms))}" if employed else None,
                "education": weighted(
                    dice, {"secondary": 5, "college": 4, "bachelor": 3, "master": 1}
                ),
                "major": dice.choice(
                    ("机电一体化", "数控技术", "电气自动化", "食品科学", "计算机应用")
                ),
                "skill_level": weighted(
                    dice, {"none": 4, "junior": 4, "intermediate": 3, "senior": 1}
                ),
                "consent": True,
                "_at": _moment(dice, 120),
            }
        )
    return rows


def _sites(firms: list[Row]) -> list[Row]:
    dice = chance("site_intent")
    rows: list[Row] = []
    for n in dice.sample(range(1, len(firms) + 1), 18):
        firm = firms[n - 1]
        kind = weighted(dice, {"cleared": 3, "workshop": 6, "office": 2, "warehouse": 1})
        row: Row = {
            "enterprise": f"@{n}",
            "need_kind": kind,
            "industry": firm["industry"],
            "content": f"{firm['products']}扩产，需要{'用地建厂' if kind == 'cleared' else '现成载体，尽快投产'}。",
            "investment": dice.choice((500, 1000, 3000, 8000, 20_000)),
            "power_kva": dice.choice((160, 315, 630, 1250)),
            "water_td": dice.choice((10, 30, 80)),
            "emission": dice.choice(
                ("无", "少量有机废气，拟配活性炭吸附", "清洗废水，拟自建预处理")
            ),
            "expected_on": f"today + {dice.randint(60, 300)} days",
            **_contact(firm),
            "_at": _moment(dice, 90),
        }
        low = dice.choice((20, 35, 50)) if kind == "cleared" else dice.choice((800, 1500, 3000))
        row.update(
            {"mu_from": low, "mu_to": low * 2}
            if kind == "cleared"
            else {"area_from": low, "area_to": low * 2}
        )
        rows.append(row)
    return rows
