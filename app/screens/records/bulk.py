"""What can be done to several records of a list at once. Other screens add theirs with `register_bulk_action`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.domain import records
from app.domain.access import may
from app.domain.context import Context
from app.domain.errors import BadQuery, Denied
from app.domain.records import Saved
from app.manifest.model.entities import Entity
from app.screens.texts import _, _l

MOST = 100
Deed = Callable[[Context, str, int, int, str], object]


@dataclass(frozen=True, slots=True)
class BulkAction:
    """A button over a list. `deed(context, entity, record, version, reason)` does it to one record or refuses.

    `offered(context, entity, retired)` says whether the button is there; the deed asks the gate again.
    `done` and `question` take `n` and `label`.
    """

    key: str
    label: str
    icon: str
    question: str
    detail: str
    done: str
    deed: Deed
    offered: Callable[[Context, Entity, bool], bool]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Pick:
    """A chosen row and the version in which it was seen."""

    record: int
    version: int


def _retire(context: Context, entity: str, record: int, version: int, reason: str) -> Saved:
    return records.retire(context, entity, record, version, reason=reason)


def _restore(context: Context, entity: str, record: int, version: int, reason: str) -> Saved:
    return records.restore(context, entity, record, version, reason=reason)


def _may_retire(context: Context, entity: Entity) -> bool:
    return bool(may(context, entity.key, "retire"))


BULK_ACTIONS: dict[str, BulkAction] = {
    "retire": BulkAction(
        "retire",
        _l("停用"),
        "ban",
        _l("停用选中的 %(n)s 条“%(label)s”？"),
        _l("停用后不再出现在列表和选项里；已引用它的记录照常显示，随时可以恢复。"),
        _l("已停用 %(n)s 条"),
        _retire,
        lambda context, entity, retired: not retired and _may_retire(context, entity),
        "danger",
    ),
    "restore": BulkAction(
        "restore",
        _l("恢复"),
        "rotate-ccw",
        _l("恢复选中的 %(n)s 条“%(label)s”？"),
        _l("恢复后重新出现在列表和选项里。"),
        _l("已恢复 %(n)s 条"),
        _restore,
        lambda context, entity, retired: retired and _may_retire(context, entity),
    ),
}


def register_bulk_action(action: BulkAction) -> None:
    """Adds a button to every list that it is offered on. Each key once."""
    if action.key in BULK_ACTIONS:
        raise ValueError(f"there is already a bulk action {action.key}")
    BULK_ACTIONS[action.key] = action


def offered(context: Context, entity: Entity, *, retired: bool) -> tuple[BulkAction, ...]:
    """The buttons of a list."""
    return tuple(one for one in BULK_ACTIONS.values() if one.offered(context, entity, retired))


def require_offered(context: Context, entity: Entity, action: BulkAction) -> None:
    """Raises Denied where no list of the entity has this button: whoever presses it anyway made it themselves."""
    if not any(action.offered(context, entity, retired) for retired in (False, True)):
        raise Denied(
            _("您的角色不能批量%(action)s“%(label)s”", action=action.label, label=entity.label)
        )


def read_picks(texts: Sequence[str]) -> tuple[Pick, ...]:
    """`id:version` of each chosen row. Raises BadQuery."""
    picks = []
    for text in dict.fromkeys(texts):
        record, _sign, version = text.partition(":")
        if not all(
            part.isascii() and part.isdigit() and len(part) < 19 for part in (record, version)
        ):
            raise BadQuery("pick", "选中的记录不对，请回到列表重选")
        picks.append(Pick(int(record), int(version)))
    if len(picks) > MOST:
        raise BadQuery("pick", f"一次最多处理 {MOST} 条")
    return tuple(picks)
