"""`config/escalations.yaml`: blue, yellow, red, and everything that starts by itself."""

from __future__ import annotations

from app.manifest.conditions import read_condition
from app.manifest.link import Linking, Noun
from app.manifest.model.escalations import COLOURS, PARTY_CLOCKS, Escalation, Occasion, On, Watch
from app.manifest.problems import fault, likely
from app.manifest.read.doubt import missing, misspelt, refused
from app.manifest.read.moments import before
from app.manifest.read.pressers import parties_of
from app.manifest.read.sla import clock_keys
from app.manifest.read.states import known_transition, require_workflow
from app.manifest.read.steps import STEP, first_moment, read_steps
from app.manifest.scalars import Word, condition, key_name, label, name, path, word
from app.manifest.shapes import Key, Named, Said, Shape, Table, mapping, series, table

LABEL = Key("label", label(), "预警名称", required=True)
COLOUR = Key("colour", word(*COLOURS), "亮什么牌：blue、yellow 或 red")
WATCH = Key(
    "watch", path(), "盯什么：实体，实体.时钟，或 实体.办理方.accept / finish", required=True
)
ON = Key("on", name(), "盯记录时何时看：create 新增，change 条件成立时，或一个流转")
WHEN = Key("when", condition(), "什么条件下才预警")
STEPS = Key("steps", series(mapping(STEP), at_least=1), "依次做什么", required=True)
ESCALATION = Shape("预警", (LABEL, COLOUR, WATCH, ON, WHEN, STEPS))
KEY = Key(
    "escalations",
    table(mapping(ESCALATION), key=key_name()),
    "预警督办：提醒、预警、问责和自动开启的事",
)

UNKNOWN_CLOCK = fault("ESC113", "{entity}没有 {word} 这个时钟或办理方")
WHICH_CLOCK = fault(
    "ESC114", "没有说盯办理方 {party} 的哪个时钟", "请写成 {watch}.accept 或 {watch}.finish"
)
NO_LIMIT = fault(
    "ESC115", "办理方 {party} 没有 {clock} 时限", "请在 dispatch 里给它写上 {clock}，或盯别的时钟"
)
NO_OCCASION = fault(
    "ESC116", "盯记录时没有写 on，不知道何时看", "请写 on: create、on: change 或一个流转"
)
OCCASION_ALONE = fault("ESC117", "盯时钟时不写 on", "请去掉 on；步骤的时间写在 at 里")
NO_CHANGE = fault("ESC118", "on: change 要有 when，条件成立时才预警", "请加上 when")
COLOURS_CROSSED = fault(
    "ESC119",
    "{graver}亮得比{milder}早，{milder}永远显示不出来",
    "同样的条件下，请让蓝、黄、红依次亮",
)


def build(written: Table[Said], link: Linking) -> dict[str, Escalation]:
    """The escalations that could be read, in their order."""
    read = [one for entry in written if (one := _escalation(entry, link)) is not None]
    _refuse_crossed(read, link)
    return {one.key: one for one in read}


def _escalation(entry: Named[Said], link: Linking) -> Escalation | None:
    said = entry.value
    watched, when, steps = said.get(WATCH), said.get(WHEN), said.get(STEPS, ())
    watch = _watch(watched, link) if watched is not None else None
    if watch is None:
        return None
    on = _occasion(said, watch, link)
    checked = (
        read_condition(link, when, watch.entity, counts=True, person=False)
        if when is not None
        else None
    )
    if when is not None and checked is None:
        return None
    return Escalation(
        key=entry.key,
        label=said.get(LABEL, entry.key),
        colour=said.get(COLOUR),
        watch=watch,
        on=on,
        when=checked,
        steps=read_steps(steps, watch, link),
        place=entry.place,
    )


def _watch(written: Word, link: Linking) -> Watch | None:
    entity, _, rest = written.text.partition(".")
    if not link.known(Noun.ENTITY, Word(entity, written.place, written.node)):
        return None
    if entity not in link.drafts.entities or entity not in link.entities:
        return None
    if not rest:
        return Watch(entity, None, None, written.place)
    first, _, second = rest.partition(".")
    parties, clocks = parties_of(entity, link), clock_keys(entity, link)
    if first in parties:
        return _party_clock(written, entity, first, second, parties[first], link)
    if first in clocks and not second:
        return Watch(entity, first, None, written.place)
    if refused(entity, "sla", link) or refused(entity, "dispatch", link):
        return None
    hint = likely(
        rest, [*clocks, *(f"{party}.{clock}" for party in parties for clock in PARTY_CLOCKS)]
    )
    place, owner = written.at(len(entity) + 1), link.entities[entity].label
    link.found.add(UNKNOWN_CLOCK(place, entity=owner, word=rest, hint=hint))
    return None


def _party_clock(
    written: Word, entity: str, party: str, clock: str, said: Said | None, link: Linking
) -> Watch | None:
    if clock not in PARTY_CLOCKS:
        link.found.add(WHICH_CLOCK(written.place, party=party, watch=f"{entity}.{party}"))
        return None
    if said is not None and clock not in said.key_places and not misspelt(said):
        link.found.add(NO_LIMIT(written.place, party=party, clock=clock))
        return None
    return Watch(entity, clock, party, written.place)


def _occasion(said: Said, watch: Watch, link: Linking) -> On | None:
    written = said.get(ON)
    if watch.clock is not None:
        if said.has(ON):
            link.found.add(OCCASION_ALONE(said.key_place(ON)))
        return None
    if written is None:
        if missing(said, ON):
            link.found.add(NO_OCCASION(said.place_of(WATCH)))
        return None
    if written.text == Occasion.CREATE:
        return On(Occasion.CREATE, None, written.place)
    if written.text == Occasion.CHANGE:
        if missing(said, WHEN):
            link.found.add(NO_CHANGE(written.place))
        return On(Occasion.CHANGE, None, written.place)
    if require_workflow(watch.entity, "on", written.place, link):
        known_transition(written, watch.entity, link)
    return On(Occasion.TRANSITION, written.text, written.place)


def _refuse_crossed(read: list[Escalation], link: Linking) -> None:
    """Under the same condition on the same clock a graver colour must not come before a milder one."""
    coloured = [one for one in read if one.colour is not None and one.watch.clock is not None]
    for graver in coloured:
        for milder in coloured:
            if (
                _same_matter(graver, milder)
                and _rank(graver) > _rank(milder)
                and _sooner(graver, milder)
            ):
                place, names = graver.place, (graver.label, milder.label)
                link.found.add(COLOURS_CROSSED(place, graver=names[0], milder=names[1]))


def _rank(one: Escalation) -> int:
    return COLOURS.index(one.colour or COLOURS[0])


def _same_matter(one: Escalation, other: Escalation) -> bool:
    watch = [(e.watch.entity, e.watch.party, e.watch.clock) for e in (one, other)]
    when = [e.when.text if e.when is not None else None for e in (one, other)]
    return watch[0] == watch[1] and when[0] == when[1]


def _sooner(one: Escalation, other: Escalation) -> bool:
    first, second = first_moment(one.steps), first_moment(other.steps)
    if first is None or second is None or first.at is None or second.at is None:
        return False
    return before(first.at, second.at) is True
