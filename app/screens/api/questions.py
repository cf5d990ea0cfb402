"""What is asked for in `q`: which rows, in which order, which fields of them.

`q` is Rison, or JSON if it begins with `{`. Every key, field, operator and value is checked; what isn't known is a
BadQuery that names it, so nobody gets all rows by a slip.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask import current_app, request

from app.domain import access
from app.domain.comparisons import Comparison
from app.domain.context import Context
from app.domain.errors import BadQuery
from app.domain.filters import MAX_SEARCH, PAGE_SIZE, ListRequest, filterable, sortable
from app.domain.queries import COUNT_CAP
from app.domain.wire import Json
from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field
from app.screens.api.rison import BadRison, read_rison

LONGEST = 8_000
LARGEST_PAGE = 200
MOST_FILTERS = 20
NONE = "none"
LIST_KEYS = ("list_columns", "order_columns", "label_columns", "description_columns", "list_title")
ONE_KEYS = ("show_columns", "label_columns", "description_columns", "show_title")
INFO_KEYS = (
    "add_columns",
    "edit_columns",
    "filters",
    "permissions",
    "add_title",
    "edit_title",
)
_LIST_PARTS = (
    "filters",
    "order_column",
    "order_direction",
    "page",
    "page_size",
    "columns",
    "select_columns",
    "keys",
    "search",
    "where",
    "retired",
    "after",
    "before",
)


@dataclass(frozen=True, slots=True)
class ListQuestion:
    """A page of a list: its rows, the fields of them, and which words about the fields are wanted beside them."""

    request: ListRequest
    columns: tuple[str, ...]
    keys: tuple[str, ...]


def read_q(allowed: Collection[str]) -> Mapping[str, Json]:
    """The object that `q` holds, `{}` where there is none. Other parameters, and other keys in it, are refused."""
    for name in request.args:
        if name != "q":
            raise BadQuery(name[:40], f"没有“{name[:40]}”这个参数，查询条件请写在 q 里")
    said = request.args.getlist("q")
    if len(said) > 1:
        raise BadQuery("q", "参数 q 只能出现一次")
    asked = _read(said[0]) if said and said[0] else {}
    if not isinstance(asked, dict):
        raise BadQuery("q", "q 应是一个对象，如 (page_size:20)")
    for key in asked:
        if key not in allowed:
            raise BadQuery(key[:40], f"q 里没有“{key[:40]}”，可用：{'、'.join(allowed)}")
    return asked


def _read(text: str) -> Json:
    if len(text) > LONGEST:
        raise BadQuery("q", f"q 最长 {LONGEST} 个字符")
    try:
        if text.startswith("{"):
            value: Json = current_app.json.loads(text)
            return value
        return read_rison(text)
    except BadRison as error:
        raise BadQuery(
            "q", f"q 在第 {error.offset + 1} 个字符处读不懂，应为 Rison 或 JSON"
        ) from error
    except ValueError as error:
        raise BadQuery("q", "q 读不懂，应为 Rison 或 JSON") from error


def list_question(context: Context, entity: Entity) -> ListQuestion:
    """The page that this request asks for."""
    asked = read_q(_LIST_PARTS)
    order, descending = _order(context, entity, asked)
    size = _number(asked, "page_size", PAGE_SIZE, 1, LARGEST_PAGE)
    after, before = _text(asked, "after"), _text(asked, "before")
    made = ListRequest(
        entity,
        search=_text(asked, "search", MAX_SEARCH),
        where=_text(asked, "where"),
        retired=_flag(asked, "retired"),
        order=order,
        descending=descending,
        after=after,
        before=before,
        size=size,
        comparisons=_comparisons(context, entity, asked.get("filters", [])),
        offset=_offset(asked, size, beside=bool(after or before)),
    )
    shown = columns(entity, asked, default_columns(entity))
    return ListQuestion(made, shown, wanted_keys(asked, LIST_KEYS))


def _offset(asked: Mapping[str, Json], size: int, *, beside: bool) -> int:
    """Pages are counted only near the beginning: far in the list that would mean reading all that lies before."""
    page = _number(asked, "page", 0, 0, 10**9)
    if page and beside:
        raise BadQuery("page", "page 不能与 after、before 同时使用")
    if (page + 1) * size > COUNT_CAP and page:
        say = f"按页码最多翻到第 {COUNT_CAP} 条；再往后请用上一页答复里的 next，写成 (after:'…')"
        raise BadQuery("page", say)
    return page * size


def _order(context: Context, entity: Entity, asked: Mapping[str, Json]) -> tuple[str, bool]:
    """The order asked for, else the entity's own; only by indexed fields that the reader sees in full."""
    key, direction = _text(asked, "order_column"), _text(asked, "order_direction")
    if direction not in ("", "asc", "desc"):
        raise BadQuery("order_direction", "order_direction 只能是 asc 或 desc")
    allowed = sortable(context, entity)
    if key:
        if key not in allowed and key != "id":
            raise BadQuery(key[:40], f"不能按“{key[:40]}”排序")
        return key, direction == "desc"
    first = entity.order[0] if entity.order else None
    if first is not None and first.field in allowed:
        return first.field, first.descending if not direction else direction == "desc"
    return "id", direction != "asc"


def comparable(context: Context, entity: Entity) -> Mapping[str, Field]:
    """The fields that may stand in `filters`: those of the list, those sorted and searched by; seen in full only."""
    found = dict(filterable(context, entity))
    searched = (key for key, field in entity.live_fields.items() if field.search)
    for key in (*sorted(sortable(context, entity)), *searched):
        field = entity.field(key)
        if field is not None and access.clear_everywhere(context, entity.key, key):
            found.setdefault(key, field)
    return found


def _comparisons(context: Context, entity: Entity, said: Json) -> tuple[Comparison, ...]:
    if not isinstance(said, list) or len(said) > MOST_FILTERS:
        raise BadQuery("filters", f"filters 应为列表，最多 {MOST_FILTERS} 项")
    allowed = comparable(context, entity) if said else {}
    found = []
    for one in said:
        if not isinstance(one, dict) or not {"col", "opr"} <= one.keys() <= {"col", "opr", "value"}:
            raise BadQuery("filters", "filters 的每一项应为 (col:字段,opr:比较方式,value:值)")
        key, opr = one["col"], one["opr"]
        field = allowed.get(key) if isinstance(key, str) else None
        if field is None:
            raise BadQuery(str(key)[:40], f"“{entity.label}”不能按“{str(key)[:40]}”筛选")
        found.append(Comparison(field, str(opr), one.get("value")))
    return tuple(found)


def columns(entity: Entity, asked: Mapping[str, Json], default: tuple[str, ...]) -> tuple[str, ...]:
    """The fields asked for by `columns`, or by `select_columns`, which means the same here."""
    if "columns" in asked and "select_columns" in asked:
        raise BadQuery("columns", "columns 与 select_columns 只能用一个")
    name = "columns" if "columns" in asked else "select_columns"
    said = texts(asked, name)
    for key in said:
        field = entity.field(key)
        if field is None:
            raise BadQuery(name, f"“{entity.label}”没有字段“{key[:40]}”")
    return tuple(dict.fromkeys(said)) or default


def default_columns(entity: Entity) -> tuple[str, ...]:
    """What a row of a list shows: the `list` of the entity, all its fields where it says none."""
    shown = entity.list or tuple(entity.live_fields)
    return tuple(dict.fromkeys(("id", *shown, "version")))


def texts(asked: Mapping[str, Json], name: str) -> tuple[str, ...]:
    """A list of at most a hundred texts."""
    said = asked.get(name, [])
    if not isinstance(said, list) or len(said) > 100:
        raise BadQuery(name, f"{name} 应为列表，最多 100 项")
    found = tuple(one for one in said if isinstance(one, str))
    if len(found) != len(said):
        raise BadQuery(name, f"{name} 的每一项应为文字")
    return found


def wanted_keys(asked: Mapping[str, Json], known: tuple[str, ...]) -> tuple[str, ...]:
    """Which parts of the answer are wanted beside the records: all, or those of `keys`; `none` is a part that isn't."""
    said = texts(asked, "keys")
    for key in said:
        if key not in known and key != NONE:
            raise BadQuery("keys", f"keys 里没有“{key[:40]}”，可用：{'、'.join((*known, NONE))}")
    return said or known


def ids(asked: Mapping[str, Json], name: str) -> tuple[int, ...]:
    """A list of at most a hundred ids."""
    said = asked.get(name, [])
    if not isinstance(said, list) or len(said) > 100:
        raise BadQuery(name, f"{name} 应为列表，最多 100 项")
    found = tuple(one for one in said if isinstance(one, int) and not isinstance(one, bool))
    if len(found) != len(said) or any(not 0 < one < 2**63 for one in found):
        raise BadQuery(name, f"{name} 的每一项应为记录的 id")
    return found


def search_text(asked: Mapping[str, Json]) -> str:
    return _text(asked, "search", MAX_SEARCH)


def number(asked: Mapping[str, Json], name: str) -> int | None:
    """A positive whole number, None where it isn't given."""
    return _number(asked, name, 0, 1, 2**63 - 1) or None


def _number(asked: Mapping[str, Json], name: str, default: int, least: int, most: int) -> int:
    said = asked.get(name, default)
    if name not in asked:
        return default
    if isinstance(said, bool) or not isinstance(said, int) or not least <= said <= most:
        raise BadQuery(name, f"{name} 应为 {least} 到 {most} 之间的整数")
    return said


def _text(asked: Mapping[str, Json], name: str, longest: int = 4_000) -> str:
    said = asked.get(name, "")
    if isinstance(said, int | float) and not isinstance(said, bool):
        said = str(said)
    if not isinstance(said, str):
        raise BadQuery(name, f"{name} 应为文字")
    if len(said) > longest:
        raise BadQuery(name, f"{name} 最长 {longest} 个字")
    return said


def _flag(asked: Mapping[str, Json], name: str) -> bool:
    said = asked.get(name, False)
    if not isinstance(said, bool):
        raise BadQuery(name, f"{name} 应为 !t 或 !f")
    return said
