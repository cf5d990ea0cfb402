"""Targets: how long something may take. A duration, the path of a field that holds one, or rows of them."""

from __future__ import annotations

import re

from app.manifest.conditions import read_condition
from app.manifest.link import Linking, Noun
from app.manifest.model.clocks import Target, TargetCase
from app.manifest.model.fields import FieldType
from app.manifest.model.values import Duration
from app.manifest.problems import Findings, fault
from app.manifest.read.rows import WHEN, check_order, row
from app.manifest.scalars import Word, name, path
from app.manifest.shapes import Key, Kind, Said, Shape, either, mapping, placed, series
from app.manifest.source import TextNode
from app.manifest.times import read_duration
from app.place import Place

Limit = Duration | Word
Written = Limit | tuple[Said, ...]

NO_CALENDAR = fault(
    "CLK101",
    "时限没有日历可用",
    "请在 config/site.yaml 写 calendar，或在实体的 sla 里写 calendar",
)


def limit() -> Kind[Limit]:
    """`4h`, or the path of a field of type duration."""
    paths = path()

    def read(node: TextNode, found: Findings) -> Limit | None:
        return (
            paths.read(node, found) if re.match("[a-z]", node.text) else read_duration(node, found)
        )

    return Kind("时长或字段路径", (TextNode,), read, {"type": "string"})


WITHIN = Key("within", limit(), "时长，例如 4h、3 workdays、3 days；或一个 duration 字段的路径")
OTHERWISE = Key("otherwise", limit(), "以上都不符合时的时长，放在最后一行")
CALENDAR = Key("calendar", name(), "这一行用的日历，不写则用时钟的日历")
CASE = Shape("时限的一行", (WHEN, WITHIN, OTHERWISE, CALENDAR))
_WRITTEN = either(limit(), series(mapping(CASE), at_least=1))
TARGET = placed(_WRITTEN)


def build_target(written: Written, place: Place, entity: str, link: Linking) -> Target:
    """The target of a clock of this entity; rows that were refused are left out."""
    if not isinstance(written, tuple):
        within = _within(written, entity, link)
        return Target((TargetCase(None, within, None, place),), place)
    check_order(written, OTHERWISE, place, link.found)
    cases = (_case(said, entity, link) for said in written)
    return Target(tuple(case for case in cases if case is not None), place)


def _case(said: Said, entity: str, link: Linking) -> TargetCase | None:
    calendar = said.get(CALENDAR)
    if calendar is not None:
        link.known(Noun.CALENDAR, calendar)
    pair = row(said, WITHIN, OTHERWISE, link.found)
    if pair is None:
        return None
    when, within = pair
    condition = None if when is None else read_condition(link, when, entity, person=False)
    if when is not None and condition is None:
        return None
    key = calendar.text if calendar is not None else None
    return TargetCase(condition, _within(within, entity, link), key, said.place)


def _within(written: Limit, entity: str, link: Linking) -> Duration | str:
    if isinstance(written, Duration):
        return written
    link.path(written, entity, wanted=(FieldType.DURATION,))
    return written.text


def calendar_of(entity: str, link: Linking) -> str | None:
    """The calendar that clocks of this entity run on: its sla's, else the site's."""
    said = link.drafts.entities.get(entity)
    sla = said.values.get("sla") if said is not None else None
    own = sla.values.get("calendar") if isinstance(sla, Said) else None
    if isinstance(own, Word):
        return own.text
    default = link.drafts.site.values.get("calendar") if link.drafts.site is not None else None
    return default.text if isinstance(default, Word) else None


def require_calendar(entity: str, place: Place, link: Linking) -> None:
    """Report a time limit that nothing says the working hours of."""
    site = link.drafts.site
    refused = site is None or "calendar" in site.key_places
    if calendar_of(entity, link) is None and not refused:
        link.found.add(NO_CALENDAR(place))
