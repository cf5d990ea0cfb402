"""Loading a site's demo data through the same services, checks and history as people's own work."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from app.domain import queries, records
from app.domain.accounts import Facts as AccountFacts
from app.domain.accounts import create_account
from app.domain.context import Actor, Context
from app.domain.demo_rows import (
    DemoProblem,
    DemoRow,
    read_rows,
    relative_day,
    written_moment,
)
from app.domain.errors import Invalid, Refusal
from app.domain.facts import facts_of
from app.domain.inputs import read_value
from app.domain.people import Person, find_person, save_person
from app.manifest.demo_users import USERS, BadDemoUsers, DemoUser, read_users
from app.manifest.field_values import ValueProblem
from app.manifest.model.entities import Entity
from app.manifest.model.fields import BUILT_IN_ENTITIES, Field, FieldType
from app.manifest.model.values import frozen

BATCH = 50
LINE = re.compile(r"@[0-9]{1,7}")
Told = Callable[[str, int, int], None]


class AlreadyFilled(DemoProblem):
    """The site has records of its own already: demo data goes into a new one only."""


@dataclass(frozen=True, slots=True)
class _Loading:
    """What is known while rows are being stored: people by log-in, ids by entity and line, ids by code."""

    context: Context
    people: dict[str, Actor]
    lines: dict[tuple[str, int], int]
    codes: dict[tuple[str, str], int]


def load_demo(context: Context, folder: Path, password: str, told: Told) -> tuple[DemoUser, ...]:
    """Stores everything in the caller's transaction. `told(entity, done, of)` hears of the progress.

    Raises DemoProblem naming file and line, or AlreadyFilled; the caller rolls back.
    """
    users = _users(folder)
    rows = read_rows(folder, context.manifest)
    _refuse_full(context, rows)
    loading = _Loading(context, {}, {}, {})
    for number, user in enumerate(users, 1):
        loading.people[user.username] = _make_user(loading, user, password)
        told("user", number, len(users))
    for entity, lines in rows.items():
        for number, row in enumerate(lines, 1):
            _store(loading, context.manifest.entities[entity], row)
            if number % BATCH == 0 or number == len(lines):
                told(entity, number, len(lines))
    for user in users:
        _personal_fields(loading, user)
    return users


def _users(folder: Path) -> tuple[DemoUser, ...]:
    try:
        return read_users(folder)
    except BadDemoUsers as bad:
        raise DemoProblem(str(bad)) from bad


def _refuse_full(context: Context, rows: Mapping[str, tuple[DemoRow, ...]]) -> None:
    for key in rows:
        if queries.has_own_records(context, key):
            label = context.manifest.entities[key].label
            raise AlreadyFilled(f"“{label}”已有登记的记录，演示数据只能装进新站点")


def _make_user(loading: _Loading, user: DemoUser, password: str) -> Actor:
    context = loading.context
    where = f"demo/{USERS} 的 {user.username}"
    department = _keyed(loading, where, "department", user.department) if user.department else None
    posts = frozenset(_keyed(loading, where, "post", key) for key in user.posts)
    facts = AccountFacts(user.name, person=Person(department=department, posts=posts))
    try:
        made, _ = create_account(
            context, user.username, facts, password=password, roles=frozenset(user.roles)
        )
    except Refusal as refusal:
        raise DemoProblem(f"{where}：{_worded(refusal)}") from refusal
    return Actor(id=made, username=user.username, name=user.name, system=True)


def _worded(refusal: Refusal, entity: Entity | None = None) -> str:
    """The refusal with the fields it is about by their labels."""
    if not isinstance(refusal, Invalid):
        return refusal.message
    parts = []
    for key, say in refusal.fields.items():
        field = entity.fields.get(key) if entity else None
        parts.append(f"“{field.label}”{say}" if field and field.label not in say else say)
    return "；".join(parts)


def _keyed(loading: _Loading, where: str, entity: str, key: str) -> int:
    found = loading.codes.get((entity, key)) or queries.by_code(loading.context, entity, key)
    if found is None:
        words = {"department": "部门", "post": "岗位"}
        raise DemoProblem(f"{where}：没有“{key}”这个{words.get(entity, '记录')}")
    loading.codes[(entity, key)] = found
    return found


def _store(loading: _Loading, entity: Entity, row: DemoRow) -> None:
    context = _at_and_by(loading, row)
    raw = {key: _value(loading, entity, row, key, said) for key, said in row.values.items()}
    try:
        if row.edit is not None:
            record = _keyed(loading, row.where, entity.key, row.edit)
            version = queries.find(context, entity.key, record).version
            records.save(context, entity.key, record, version, raw)
        else:
            record = records.create(context, entity.key, raw).id
    except Refusal as refusal:
        raise DemoProblem(f"{row.where}：{_worded(refusal, entity)}") from refusal
    loading.lines[(entity.key, row.line)] = record


def _at_and_by(loading: _Loading, row: DemoRow) -> Context:
    """The program's context, at the row's moment and in the name of who registered it."""
    context = loading.context
    if row.at is not None:
        moment = written_moment(row.at, facts_of(context))
        if moment is None:
            raise DemoProblem(f"{row.where}：_at 的“{row.at}”不是时间")
        context = replace(context, now=moment)
    if row.by is not None:
        person = loading.people.get(row.by)
        if person is None:
            raise DemoProblem(f"{row.where}：没有演示账号“{row.by}”")
        context = replace(context, actor=person)
    return context


def _value(loading: _Loading, entity: Entity, row: DemoRow, key: str, said: object) -> object:
    field = entity.fields.get(key)
    if field is None:
        raise DemoProblem(f"{row.where}：“{entity.label}”没有“{key}”这个字段")
    if said is None or field.type not in (FieldType.REF, FieldType.REFS):
        return _relative(loading.context, field, said)
    if field.type is FieldType.REF:
        return _ref(loading, row.where, field, said)
    listed = said if isinstance(said, list) else [said]
    return [_ref(loading, row.where, field, one) for one in listed]


def _relative(context: Context, field: Field, said: object) -> object:
    """`this_year`, `today - 40 days` and their kin as the field takes them; anything else as it is."""
    facts = facts_of(context)
    if not isinstance(said, str):
        return said
    if field.type is FieldType.INTEGER and said in ("this_year", "last_year"):
        return facts.today.year - (said == "last_year")
    if field.type is FieldType.DATE:
        return relative_day(said, facts) or said
    if field.type is FieldType.DATETIME and said.startswith("today"):
        moment = written_moment(said, facts)
        return moment.isoformat() if moment else said
    return said


def _ref(loading: _Loading, where: str, field: Field, said: object) -> int:
    """The id of the record that is named, whatever it is named by."""
    target, found = field.to or "", None
    if not isinstance(said, str):
        raise DemoProblem(f'{where}：“{field.label}”应写成 "@行号" 或名称，不是 {said}')
    if LINE.fullmatch(said):
        found = loading.lines.get((target, int(said[1:])))
    elif target == "user":
        person = loading.people.get(said)
        found = person.id if person else None
    else:
        found = loading.codes.get((target, said)) or queries.by_code(loading.context, target, said)
    if found is None:
        raise DemoProblem(f"{where}：“{field.label}”找不到“{said}”（须恰好一条）")
    if not LINE.fullmatch(said) and target not in BUILT_IN_ENTITIES:
        loading.codes[(target, said)] = found
    return found


def _personal_fields(loading: _Loading, user: DemoUser) -> None:
    """The fields of a person, last of all: they may point to rows that were just stored."""
    if not user.fields:
        return
    context, where = loading.context, f"demo/{USERS} 的 {user.username}"
    known = context.manifest.organization.person_fields
    values: dict[str, object] = {}
    for key, said in user.fields.items():
        if key not in known:
            raise DemoProblem(f"{where}：没有“{key}”这个人员字段")
        values[key] = _personal(loading, where, known[key], said)
    account = loading.people[user.username].id
    assert account is not None
    person = find_person(context.session, context.schema, account)
    kept = replace(person, fields=frozen({**person.fields, **values}))
    save_person(context.session, context.schema, account, kept, context.now)


def _personal(loading: _Loading, where: str, field: Field, said: str) -> object:
    if field.type is FieldType.REF:
        return _ref(loading, where, field, said)
    try:
        return read_value(loading.context, field, said)
    except ValueProblem as problem:
        raise DemoProblem(f"{where}：“{field.label}”{problem}") from problem
