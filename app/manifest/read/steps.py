"""`steps:` of an escalation — when each fires and what it then does."""

from __future__ import annotations

from app.manifest.link import Linking, Noun
from app.manifest.model.escalations import Open, Step, Watch
from app.manifest.model.workflows import ActorKind
from app.manifest.problems import fault
from app.manifest.read.assigned import read_assigned
from app.manifest.read.doubt import missing, misspelt
from app.manifest.read.messages import check_message_for
from app.manifest.read.moments import before, moment
from app.manifest.read.pressers import PRESSERS, may_read, resolve_all
from app.manifest.read.screens import child
from app.manifest.scalars import Word, key_name, name, path
from app.manifest.shapes import Key, Said, Shape, Table, one_or_many, raw, table
from app.manifest.source import Node
from app.manifest.times import duration

AT = Key(
    "at", moment(), "何时：60%（用去的时限），100% - 7h（到期前），100% + 3 workdays（到期后）"
)
NOTIFY = Key("notify", one_or_many(name()), "通知谁：角色、办理方或人员字段")
MESSAGE = Key("message", name(), "用哪条消息，不写则用通用的提醒")
OPEN = Key("open", path(), "新开哪个实体的一条记录，它有一个 ref 指向被盯的记录")
WITH = Key("with", table(raw("字段的值"), key=key_name()), "新记录各字段填什么")
SET = Key("set", table(raw("字段的值"), key=key_name()), "把被盯记录的哪些字段改成什么")
REPEAT = Key("repeat", duration(), "每隔多久再来一次，直到停表")
STEP = Shape("一步", (AT, NOTIFY, MESSAGE, OPEN, WITH, SET, REPEAT))

NO_MOMENT = fault("ESC104", "没有写 at，不知道何时进行", "请写成 at: 60% 或 at: 100% + 1 workday")
MOMENT_ALONE = fault(
    "ESC105", "at 是给时钟的，这条预警盯的是记录", "请去掉 at，或让 watch 写明时钟，例如 {example}"
)
REPEAT_ALONE = fault("ESC106", "repeat 是给时钟的，这条预警盯的是记录", "请去掉 repeat")
NOTHING = fault("ESC107", "这一步什么也不做", "请写 notify、open 或 set")
MESSAGE_ALONE = fault(
    "ESC108", "有 message 却没有 notify，不知道发给谁", "请加上 notify，或去掉 message"
)
WITH_ALONE = fault("ESC109", "with 只和 open 一起用", "改被盯的记录请写 set")
ORDER = fault("ESC110", "这一步（{at}）比前一步（{last}）早", "请按时间先后排列")
OWN_REF = fault("ESC111", "{field} 指向被盯的记录，会自动填上", "请去掉它")
UNFILLED = fault(
    "ESC112",
    "新开的{entity}必填 {field}（{label}），with 里没有",
    "请在 with 里写上它，或给字段一个 default",
)

BLIND = fault(
    "ESC125",
    "角色 {role} 看不到{entity}，不会收到通知",
    "请在 config/roles.yaml 给它 read，或改通知别的角色",
)


def read_steps(written: tuple[Said, ...], watch: Watch, link: Linking) -> tuple[Step, ...]:
    """The steps in the written order; those whose moments can be compared must be in order of time."""
    steps = tuple(_step(said, watch, link) for said in written)
    for step, last in zip(steps[1:], steps, strict=False):
        if step.at is not None and last.at is not None and before(step.at, last.at):
            link.found.add(ORDER(step.at.place, at=step.at, last=last.at))
    return steps


def _step(said: Said, watch: Watch, link: Linking) -> Step:
    _check_fit(said, watch, link)
    message = said.get(MESSAGE)
    if message is not None and link.known(Noun.MESSAGE, message):
        check_message_for(message.text, watch.entity, link)
    opened, watched = said.get(OPEN), link.entities[watch.entity]
    notify = resolve_all(said.get(NOTIFY), watch.entity, link, PRESSERS)
    for one in notify:
        if one.kind is ActorKind.ROLE and not may_read(one.key, watch.entity, link):
            link.found.notice(BLIND(one.place, role=one.key, entity=watched.label))
    return Step(
        at=said.get(AT),
        notify=notify,
        message=message.text if message is not None else None,
        open=_open(opened, said, watch, link) if opened is not None else None,
        set=read_assigned(said.get(SET), watched, watch.entity, link),
        repeat=said.get(REPEAT),
        place=said.place,
    )


def _check_fit(said: Said, watch: Watch, link: Linking) -> None:
    found = link.found
    if watch.clock is not None and missing(said, AT):
        found.add(NO_MOMENT(said.place))
    if watch.clock is None and said.has(AT):
        found.add(MOMENT_ALONE(said.key_place(AT), example=f"{watch.entity}.finish"))
    if watch.clock is None and said.has(REPEAT):
        found.add(REPEAT_ALONE(said.key_place(REPEAT)))
    if misspelt(said):
        return
    if not any(said.has(key) for key in (NOTIFY, OPEN, SET)):
        if said.has(MESSAGE):
            found.add(MESSAGE_ALONE(said.key_place(MESSAGE)))
        elif said.has(WITH):
            found.add(WITH_ALONE(said.key_place(WITH)))
        else:
            found.add(NOTHING(said.place))
        return
    if said.has(MESSAGE) and not said.has(NOTIFY):
        found.add(MESSAGE_ALONE(said.key_place(MESSAGE)))
    if said.has(WITH) and not said.has(OPEN):
        found.add(WITH_ALONE(said.key_place(WITH)))


def _open(opened: Word, said: Said, watch: Watch, link: Linking) -> Open | None:
    detail = child(opened, link.entities[watch.entity], link)
    if detail is None:
        return None
    written, target = said.get(WITH), link.entities[detail.entity]
    for entry in written or ():
        if entry.key == detail.field:
            link.found.add(OWN_REF(entry.place, field=entry.key))
    values = read_assigned(written, target, watch.entity, link)
    if written is not None or missing(said, WITH):
        _check_filled(opened, detail.entity, {detail.field}, written, link)
    return Open(detail.entity, detail.field, values, opened.place)


def _check_filled(
    opened: Word, entity: str, filled: set[str], written: Table[Node] | None, link: Linking
) -> None:
    """A record that lacks what it requires could never be made."""
    target = link.entities[entity]
    there = filled | set(written.names if written is not None else ())
    for field in target.fields.values():
        if (
            field.required
            and not field.retired
            and field.default is None
            and field.key not in there
        ):
            label = target.label
            link.found.add(UNFILLED(opened.place, entity=label, field=field.key, label=field.label))


def first_moment(steps: tuple[Step, ...]) -> Step | None:
    """The step that fires first."""
    return next((step for step in steps if step.at is not None), None)
