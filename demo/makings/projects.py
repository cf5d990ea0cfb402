"""Sixty projects. Those begun in 2026 took 84 days from application to start, those of 2025 took 120: 30 % less."""

from __future__ import annotations

import random
from datetime import date, timedelta

from makings.rows import Row, chance, rounded

COUNT = 60
_SHORT = (84, 120)  # mean days from application to start: this year's projects, last year's
_OPEN = ("signed", "filing", "land", "permit", "construction_permit")
_KINDS = {"new": "新建", "expansion": "扩建", "upgrade": "技术改造"}
_TODAY = date(2026, 11, 20)


def projects(firms: list[Row]) -> list[Row]:
    """Rows in the order of their numbers: last year's first. They refer to enterprises by line."""
    dice = chance("project")
    owners = [
        n
        for n, firm in enumerate(firms, 1)
        if firm.get("revenue", 0) > 3000 and firm["industry"][0] == "C"
    ]
    dice.shuffle(owners)
    owners.sort(key=lambda n: not firms[n - 1].get("key_project"))
    gaps = _gaps(dice, 20, _SHORT[1]) + _gaps(dice, 20, _SHORT[0])
    return [_project(dice, n, owners[n % len(owners)], firms, gaps) for n in range(COUNT)]


def _gaps(dice: random.Random, count: int, mean: int) -> list[int]:
    """Days that differ and have exactly this mean."""
    half = [dice.randint(1, mean // 3) for _ in range(count // 2)]
    return [mean + d for d in half] + [mean - d for d in half]


def _project(dice: random.Random, n: int, owner: int, firms: list[Row], gaps: list[int]) -> Row:
    firm = firms[owner - 1]
    kind = dice.choices(list(_KINDS), (5, 2, 4))[0]
    product = firm["products"].split("、")[0]
    investment = rounded(
        dice.choice((0.3, 0.5, 0.8, 1.2, 2, 3, 5, 8, 12)) * dice.uniform(0.8, 1.2), 2
    )
    land = rounded(investment * dice.uniform(8, 15), 1) if kind == "new" else None
    level = (
        "ordinary" if n % 3 else dice.choice(("zone_key", "zone_key", "city_key", "province_key"))
    )
    row: Row = {
        "name": f"{firm['name'][2:4]}{product}{_KINDS[kind]}项目（{n + 1:02} 号）",
        "enterprise": f"@{owner}",
        "level": level,
        "kind": kind,
        "industry": firm["industry"],
        "chain": firm["chain"],
        "content": f"{_KINDS[kind]}{product}生产线，配套建设厂房、公用工程和环保设施。",
        "address": firm["address"],
        "investment": investment,
        "fixed_investment": rounded(investment * 0.8),
        "equipment_invest": rounded(investment * dice.uniform(0.3, 0.5)),
        "land_mu": land,
        "building_area": rounded(land * 666.67 * 0.9, 0) if land else None,
        "power_kva": int(investment * dice.uniform(400, 1200) / 50 + 1) * 50,
        "water_td": int(investment * dice.uniform(20, 80)) + 5,
        "green_channel": level != "ordinary" and n < 33,
        "steward": firm["liaison"] if level != "ordinary" else None,
        "lead_department": "d03" if kind == "upgrade" else "d06",
    }
    _dates(dice, n, row, gaps)
    if row["stage"] != "signed":
        row["project_code"] = (
            f"{row['filed_on'][2:4]}{row['filed_on'][5:7]}-999900-04-0{n % 2 + 1}-{100000 + n * 137}"
        )
    return row


def _dates(dice: random.Random, n: int, row: Row, gaps: list[int]) -> None:
    """The first forty have begun (twenty last year, twenty this year), the others are still on their way."""
    if n >= len(gaps):
        _not_begun(dice, row, _OPEN[n % len(_OPEN)])
        return
    year = 2025 if n < 20 else 2026
    started = date(year, 5, 1) + timedelta(days=dice.randint(0, 200))
    started = min(started, date(year, 11, 15))
    applied = started - timedelta(days=gaps[n])
    row["applied_on"], row["filed_on"] = (
        applied.isoformat(),
        (applied + timedelta(days=dice.randint(0, 2))).isoformat(),
    )
    row["planned_start"] = (started + timedelta(days=dice.randint(-10, 10))).isoformat()
    row["started_on"] = started.isoformat()
    row["planned_completion"] = (started + timedelta(days=dice.randint(240, 500))).isoformat()
    done = started + timedelta(days=dice.randint(230, 420))
    row["stage"] = (
        "operating"
        if done <= _TODAY
        else "acceptance"
        if done <= _TODAY + timedelta(60)
        else "building"
    )
    row["completed_on"] = done.isoformat() if row["stage"] == "operating" else None
    share = (
        min(1.0, max(0.1, (_TODAY - started).days / 400)) if row["stage"] == "building" else 0.97
    )
    row["invested"] = rounded(row["investment"] * share)
    row["_at"] = f"{applied.isoformat()} 09:{dice.randint(10, 59)}"


def _not_begun(dice: random.Random, row: Row, stage: str) -> None:
    row["stage"] = stage
    row["planned_start"] = f"today + {dice.randint(20, 150)} days"
    row["planned_completion"] = f"today + {dice.randint(300, 500)} days"
    row["invested"] = 0
    if stage != "signed":
        applied = _TODAY - timedelta(days=dice.randint(10, 70))
        row["applied_on"] = row["filed_on"] = applied.isoformat()
    row["problem"] = (
        dice.choice(("等待用地红线图", "施工图正在审查", "用电增容方案待定"))
        if dice.random() < 0.4
        else None
    )
    row["_at"] = f"today - {dice.randint(20, 90)} days 10:{dice.randint(10, 59)}"
