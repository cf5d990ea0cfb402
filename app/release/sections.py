"""What the files say besides entities: told, and live with the release; nothing in the database follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.release.differences import differences, named, same, told
from app.release.renames import pairs
from app.release.steps import Action, Phase, Risk, Step
from app.release.survey import Survey

SECTIONS: Mapping[str, str] = {
    "dictionaries": "字典",
    "calendars": "日历",
    "workflows": "流程",
    "roles": "角色",
    "escalations": "预警",
    "assessments": "考核",
    "dashboards": "看板",
    "messages": "消息",
}
# Who may do what, and what is late, changes for people at once.
CAREFUL = frozenset({"roles", "calendars"})


def section_actions(survey: Survey) -> Iterator[Action]:
    """One step for everything in a section that came, went or changed."""
    if survey.old is None:
        return
    if found := differences(survey.old.site, survey.new.site):
        says = f"修改站点：{told(found)}"
        yield Action(Phase.REGISTRY, Step("site.change", "site", says, place=survey.new.site.place))
    for section, word in SECTIONS.items():
        old, new = getattr(survey.old, section), getattr(survey.new, section)
        for step in _steps(section, word, old, new):
            yield Action(Phase.REGISTRY, step)


def _steps(
    section: str, word: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Step]:
    renamed = pairs(old, new) if section in ("dictionaries", "roles") else {}
    former = {now: key for key, now in renamed.items()}
    risk = Risk.CAREFUL if section in CAREFUL else Risk.SAFE
    for key, thing in new.items():
        before = old.get(former.get(key, key))
        if before is None:
            says = f"新增{word}{named(key, thing)}"
            yield Step(f"{section}.add", key, says, risk, place=thing.place)
        elif not same(before, thing):
            changes = differences(before, thing, without=frozenset({"entities"}))
            if changes:
                says = f"修改{word}{named(key, thing)}：{told(changes)}"
                yield Step(f"{section}.change", key, says, risk, place=thing.place)
    for key, thing in old.items():
        if key not in new and key not in renamed:
            yield Step(f"{section}.remove", key, f"去掉{word}{named(key, thing)}", Risk.CAREFUL)
