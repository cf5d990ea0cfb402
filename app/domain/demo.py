"""Loading a site's demo data through the same services, checks and history as people's own work."""

from __future__ import annotations

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
from app.domain.errors import Refusal
from app.domain.facts import facts_of
from app.domain.people import Person, find_person, save_person
from app.manifest.demo_users import BadDemoUsers, DemoUser, read_users
from app.manifest.model.entities import Entity
from app.manifest.model.fields import BUILT_IN_ENTITIES, Field, FieldType
from app.manifest.model.values import frozen

BATCH = 50
Told = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class _Loading:
    """What is known while rows are being stored: people by log-in, ids by entity and line, titles seen."""

    context: Context
    people: dict[str, int]
    lines: dict[tuple[str, int], int]
    codes: dict[tuple[str, str], int]


def load_demo(context: Context, folder: Path, password: str, told: Told) -> tuple[DemoUser, ...]:
    """Stores everything in the caller's transaction. `told(entity, done, of)` hears of the progress.

    Raises DemoProblem naming file and line; nothing is stored then. Refuses a site that has records of its own.
    """
    try:
        users = read_users(folder)
    except BadDemoUsers as bad:
        raise DemoProblem(str(bad)) from bad
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


def _refuse_full(context: Context, rows: Mapping[str, tuple[DemoRow, ...]]) -> None:
    for key in rows:
        if queries.has_own_records(context, key):
            label = context.manifest.entities[key].label
            raise DemoProblem(f"“{label}”已有登记的记录，演示数据只能装进新站点")


def _make_user(loading: _Loading, user: DemoUser, password: str) -> int:
    context = loading.context
    department = _keyed(loading, "department", user.department) if user.department else None
    posts = frozenset(_keyed(loading, "post", key) for key in user.posts)
    person = Person(department=department, posts=posts)
    try:
        made, _ = create_account(
            context,
            user.username,
            AccountFacts(user.name, person=person),
            password=password,
            roles=frozenset(user.roles),
        )
    except Refusal as refusal:
        raise DemoProblem(f"demo/users.yaml 的 {user.username}：{refusal.message}") from refusal
    return made


def _keyed(loading: _Loading, entity: str, key: str) -> int:
    found = loading.codes.get((entity, key)) or queries.by_code(loading.context, entity, key)
    if found is None:
        raise DemoProblem(f"没有“{key}”（{entity}）")
    loading.codes[(entity, key)] = found
    return found


def _store(loading: _Loading, entity: Entity, row: DemoRow) -> None:
    context = _at_and_by(loading, row)
    try:
        raw = {key: _value(loading, entity, row, key, said) for key, said in row.values.items()}
        if row.edit is not None:
            record = _keyed(loading, entity.key, row.edit)
            version = queries.find(context, entity.key, record).version
            records.save(context, entity.key, record, version, raw)
        else:
            record = records.create(context, entity.key, raw).id
    except Refusal as refusal:
        raise DemoProblem(f"{row.where}：{refusal.message}") from refusal
    loading.lines[(entity.key, row.line)] = record


def _at_and_by(loading: _Loading, row: DemoRow) -> Context:
    """The system's context, at the row's moment and in the name of who registered it."""
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
        named = Actor(id=person, username=row.by, name=row.by, system=True)
        context = replace(context, actor=named)
    return context


def _value(loading: _Loading, entity: Entity, row: DemoRow, key: str, said: object) -> object:
    field = entity.fields.get(key)
    if field is None:
        return said  # `create` says so, naming the field
    if field.type is FieldType.REF and isinstance(said, str):
        return _ref(loading, row, field, said)
    if field.type is FieldType.REFS and isinstance(said, list):
        return [_ref(loading, row, field, str(one)) for one in said]
    return _relative(loading.context, field, said)


def _relative(context: Context, field: Field, said: object) -> object:
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


def _ref(loading: _Loading, row: DemoRow, field: Field, said: str) -> int:
    target = field.to or ""
    if said.startswith("@") and said[1:].isdigit():
        found = loading.lines.get((target, int(said[1:])))
    elif target == "user":
        found = loading.people.get(said)
    else:
        found = loading.codes.get((target, said)) or queries.by_code(loading.context, target, said)
    if found is None:
        raise DemoProblem(f"{row.where}：“{field.label}”找不到“{said}”（须恰好一条）")
    if not said.startswith("@") and target not in BUILT_IN_ENTITIES:
        loading.codes[(target, said)] = found
    return found


def _personal_fields(loading: _Loading, user: DemoUser) -> None:
    context = loading.context
    fields = context.manifest.organization.person_fields
    if not user.fields:
        return
    row = DemoRow("users", 0, {})
    values = {
        key: _ref(loading, row, fields[key], said) if fields[key].type is FieldType.REF else said
        for key, said in user.fields.items()
        if key in fields
    }
    account = loading.people[user.username]
    person = find_person(context.session, context.schema, account)
    kept = replace(person, fields=frozen({**person.fields, **values}))
    save_person(context.session, context.schema, account, kept, context.now)
