"""The few things that SQLite and PostgreSQL spell differently. Each is NULL only where an argument is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, ColumnElement, Numeric, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class text_within(FunctionElement[bool]):  # noqa: N801 - reads as the SQL function it stands for
    """`text_within(whole, part)`: by code point, case included, no wildcards."""

    type = Boolean()
    inherit_cache = True
    name = "text_within"


@compiles(text_within)
def _instr(element: text_within, compiler: SQLCompiler, **kw: Any) -> str:
    return f"(instr({compiler.process(element.clauses, **kw)}) > 0)"


@compiles(text_within, "postgresql")
def _strpos(element: text_within, compiler: SQLCompiler, **kw: Any) -> str:
    return f"(strpos({compiler.process(element.clauses, **kw)}) > 0)"


class listed(FunctionElement[bool]):  # noqa: N801
    """`listed(json_list, text)`: whether a JSON list of texts holds this one."""

    type = Boolean()
    inherit_cache = True
    name = "listed"


def _processed(element: FunctionElement[Any], compiler: SQLCompiler, **kw: Any) -> list[str]:
    return [compiler.process(clause, **kw) for clause in element.clauses]


@compiles(listed)
def _json_each(element: listed, compiler: SQLCompiler, **kw: Any) -> str:
    texts, text = _processed(element, compiler, **kw)
    # No key begins with an underscore, so no table has this name.
    found = f"SELECT 1 FROM json_each({texts}) AS _listed WHERE _listed.value = {text}"  # noqa: S608
    return f"EXISTS ({found})"


@compiles(listed, "postgresql")
def _jsonb_holds(element: listed, compiler: SQLCompiler, **kw: Any) -> str:
    texts, text = _processed(element, compiler, **kw)
    return f"({texts} @> jsonb_build_array(CAST({text} AS TEXT)))"


class list_filled(FunctionElement[bool]):  # noqa: N801
    """`list_filled(json_list)`: whether a JSON list has an element."""

    type = Boolean()
    inherit_cache = True
    name = "list_filled"


@compiles(list_filled)
def _json_length(element: list_filled, compiler: SQLCompiler, **kw: Any) -> str:
    return f"(json_array_length({compiler.process(element.clauses, **kw)}) > 0)"


@compiles(list_filled, "postgresql")
def _jsonb_filled(element: list_filled, compiler: SQLCompiler, **kw: Any) -> str:
    (texts,) = _processed(element, compiler, **kw)
    return f"({texts} <> '[]'::jsonb AND {texts} <> 'null'::jsonb)"


class rescaled(FunctionElement[Any]):  # noqa: N801
    """`rescaled(number, factor)`: where exact numbers are kept as scaled integers, brings one to another's scale."""

    type = Numeric()
    inherit_cache = True
    name = "rescaled"


@compiles(rescaled)
def _multiplied(element: rescaled, compiler: SQLCompiler, **kw: Any) -> str:
    number, factor = _processed(element, compiler, **kw)
    return f"({number} * {factor})"


@compiles(rescaled, "postgresql")
def _as_it_is(element: rescaled, compiler: SQLCompiler, **kw: Any) -> str:
    return _processed(element, compiler, **kw)[0]


def on_scale(number: ColumnElement[Any], places: int) -> ColumnElement[Any]:
    """A number with `places` more decimal places, where the database keeps it scaled."""
    return rescaled(number, literal_column(str(10**places))) if places else number
