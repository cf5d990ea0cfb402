"""What is read and checked but does nothing yet in this version: said by `check`, so that nobody relies on it.

A row goes when the behaviour comes.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.manifest.link import Linking
from app.manifest.model.roles import PLATFORM_NOUNS
from app.manifest.problems import fault
from app.manifest.read.roles import CAN
from app.place import Place

NOT_YET = fault("NTC101", "{key}（{what}）已读取并检查，但这个版本还不执行")

INACTIVE_FILES: Mapping[str, str] = {
    "escalations": "预警督办",
    "assessments": "部门考核",
    "dashboards": "看板",
    "messages": "消息通知",
}
INACTIVE_TRAITS: Mapping[str, str] = {
    "sla": "时限",
    "dispatch": "派单",
    "booking": "预约",
    "match": "匹配",
    "rating": "评价",
    "portal": "企业窗口",
    "workflow": "流程",
}

# Of what a role may do to entities, and to the platform itself.
INACTIVE_VERBS: Mapping[str, str] = {"export": "导出记录", "import": "导入记录"}
INACTIVE_NOUNS: Mapping[str, str] = {"release": "在页面上发布和回退"}


def inactive_notices(link: Linking) -> None:
    """One notice for each kind of thing, where it is said first."""
    for key, what in INACTIVE_FILES.items():
        table = getattr(link.drafts, key)
        if table is not None and table.names:
            link.found.notice(NOT_YET(table.place, key=key, what=what))
    for key, what in INACTIVE_TRAITS.items():
        places = [s.key_places[key] for s in link.drafts.entities.values() if key in s.key_places]
        if places:
            link.found.notice(NOT_YET(min(places), key=key, what=what))
    _inactive_grants(link)
    if link.drafts.tests:
        link.found.notice(
            NOT_YET(Place(min(link.drafts.tests), 1), key="tests", what="站点自带的测试")
        )


def _inactive_grants(link: Linking) -> None:
    """One notice for each verb and noun, at the first role that grants it."""
    told: set[str] = set()
    for role in link.drafts.roles or ():
        for grant in role.value.get(CAN) or ():
            if grant.key in INACTIVE_NOUNS:
                words = {grant.key: INACTIVE_NOUNS[grant.key]}
            else:
                verbs = grant.value if grant.key not in PLATFORM_NOUNS else ()
                words = {verb: INACTIVE_VERBS[verb] for verb in verbs if verb in INACTIVE_VERBS}
            for key, what in words.items():
                if key not in told:
                    told.add(key)
                    link.found.notice(NOT_YET(grant.place, key=key, what=what))
