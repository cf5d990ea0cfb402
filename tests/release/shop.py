"""A small repair shop, edited in tests as an administrator would: a text is replaced in a file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Table, insert, select

from app.manifest.load import load_files
from app.manifest.model.manifest import Manifest
from app.release.apply import Applied, Order, apply
from app.release.plan import Plan, make_plan
from app.release.releases import release_files
from app.release.survey import Choices
from app.schema.build import Schema, build_schema
from app.schema.platform import platform
from app.schema.search_write import write_searches

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

SITE = {
    "config/site.yaml": """\
site: { format: 1, name: 修理铺, locale: zh, timezone: Asia/Shanghai, calendar: hours }
""",
    "config/calendars.yaml": """\
calendars:
  hours: { label: 营业时间, week: { mon-fri: ["09:00-12:00", "13:00-18:00"] } }
""",
    "config/organization.yaml": """\
organization:
  departments:
    shop: { label: 修理铺, kind: committee }
    bench: { label: 工作台, kind: department, under: shop }
  posts:
    fitter: { label: 修理工, department: bench }
  people:
    fields:
      badge: { label: 工号, type: text }
""",
    "config/dictionaries.yaml": """\
dictionaries:
  channel:
    label: 渠道
    choices:
      walk_in: 上门
      phone: 电话
""",
    "config/roles.yaml": """\
roles:
  boss:
    label: 老板
    can:
      tool: [read, create, edit, retire]
      job: [read, create, edit, retire]
  hand:
    label: 伙计
    can:
      job: [read, create]
    sees:
      job: department is my.department
""",
    "workflows.yaml": """\
workflows:
  repairing:
    label: 修理
    start: received
    states:
      received: { label: 已接件 }
      fixing: { label: 修理中 }
      done: { label: 已完工, final: yes }
    transitions:
      begin: { label: 开工, from: received, to: fixing, by: hand }
      finish: { label: 完工, from: fixing, to: done, by: hand }
""",
    "catalogs/tool.yaml": """\
entity: tool
label: 工具
title: name
fields:
  code: { label: 编码, type: code, required: yes, unique: yes }
  name: { label: 名称, type: text, required: yes, search: yes }
  lends: { label: 借期, type: duration }
  price: { label: 价格, type: money }
  part_of: { label: 属于, type: ref, to: tool }
  owner: { label: 保管部门, type: ref, to: department }
  fits: { label: 适用渠道, type: choices, choices: channel }
list: [code, name]
items:
  - { code: T1, name: 扳手, lends: 3 workdays, price: 12.50, owner: bench, fits: [walk_in, phone] }
  - { code: T2, name: 套筒, lends: 1 workday, part_of: T1 }
""",
    "catalogs/job.yaml": """\
entity: job
label: 维修单
number: J-{year}-{seq:4}
title: subject
workflow: repairing
fields:
  subject: { label: 事由, type: text, required: yes, search: yes }
  size: { label: 大小, type: text }
  grade: { label: 等级, type: choice, choices: { normal: 一般, urgent: 紧急 }, default: normal }
  channel: { label: 渠道, type: choice, choices: channel }
  tool: { label: 用具, type: ref, to: tool }
  department: { label: 承办部门, type: ref, to: department }
  photos: { label: 照片, type: files }
list: [number, subject, grade, state]
filter: [state, grade, department]
order: -created_at
""",
}
Files = dict[str, str]


def edited(files: Mapping[str, str], *changes: tuple[str, str, str]) -> Files:
    """The files with texts replaced: `(path, old, new)`; each old text must be there."""
    made = dict(files)
    for path, old, new in changes:
        assert old in made[path], f"{old!r} isn't in {path}"
        made[path] = made[path].replace(old, new)
    return made


def manifest_of(files: Mapping[str, str]) -> Manifest:
    """The manifest, which must have no problems."""
    loaded = load_files({path: text.encode() for path, text in files.items()})
    assert loaded.manifest is not None, "\n".join(f"{p.place} {p.message}" for p in loaded.problems)
    return loaded.manifest


def schema_of(files: Mapping[str, str]) -> Schema:
    return build_schema(manifest_of(files))


def order(days: int = 0, **said: Any) -> Order:
    return Order(MONDAY + timedelta(days=days), "管理员", **said)


def applied(engine: Engine, files: Mapping[str, str], **said: Any) -> Applied:
    """Applies the files."""
    return apply(engine, manifest_of(files), order(**said))


def planned(engine: Engine, files: Mapping[str, str], **choices: Any) -> Plan:
    """The plan for the files."""
    with engine.connect() as connection:
        return make_plan(connection, manifest_of(files), now=MONDAY, choices=Choices(**choices))


def says(plan: Plan) -> list[str]:
    return [step.sentence for step in plan.steps]


def does(plan: Plan) -> list[tuple[str, str, str]]:
    """What each step does, to what, at which risk."""
    return [step.identity for step in plan.steps]


def add(engine: Engine, files: Mapping[str, str], entity: str, **values: Any) -> int:
    """Stores a record as the domain would."""
    schema = schema_of(files)
    table = schema.tables[entity]
    stamps = {"created_at": MONDAY, "changed_at": MONDAY, "version": 1}
    if "state" in table.c:
        stamps |= {"state": "received", "round": 1}
    with engine.begin() as connection:
        statement = insert(table).values(stamps | values).returning(table.c.id)
        record = int(connection.execute(statement).scalar_one())
        write_searches(connection, schema, entity, [record])
    return record


def rows(
    engine: Engine, files: Mapping[str, str], entity: str, *keys: str
) -> list[tuple[Any, ...]]:
    """The values of some columns of all records, in the order in which they were made."""
    table = schema_of(files).tables[entity]
    with engine.connect() as connection:
        query = select(*(table.c[key] for key in keys)).order_by(table.c.id)
        return [tuple(row) for row in connection.execute(query)]


def platform_rows(engine: Engine, table: Table, *keys: str) -> list[tuple[Any, ...]]:
    """The values of some columns of a platform table."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(*(table.c[key] for key in keys)))]


def hold(engine: Engine, username: str, *roles: str) -> int:
    """A user with roles."""
    with engine.begin() as connection:
        facts = {
            "first_name": username,
            "last_name": "",
            "username": username,
            "email": f"{username}@x.cn",
        }
        user = connection.execute(insert(platform.user).values(facts)).inserted_primary_key[0]  # type: ignore[index]
        for role in roles:
            query = select(platform.role.c.id).where(platform.role.c.name == role)
            held = {"user_id": user, "role_id": connection.scalar(query)}
            connection.execute(insert(platform.user_role).values(held))
    return int(user)


def text_of(engine: Engine, release: int) -> Files:
    return {path: content.decode() for path, content in release_files(engine, release).items()}
