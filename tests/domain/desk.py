"""A small lending desk for tests of the domain: two departments, three roles, a private field, rules of all kinds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache

from sqlalchemy import Engine, insert, select, text
from sqlalchemy.orm import Session

from app.domain.context import SYSTEM, Actor, Context
from app.manifest.load import load_files
from app.manifest.model.manifest import Manifest
from app.schema.build import Schema, build_schema
from app.schema.engine import writing
from app.schema.platform import platform
from app.schema.search_ddl import search_ddl

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # Monday 12:00 in Shanghai

SITE = {
    "config/site.yaml": """
site: { format: 1, name: 借阅处, locale: zh, timezone: Asia/Shanghai }
""",
    "config/organization.yaml": """
organization:
  departments:
    north: { label: 北馆, kind: department }
    south: { label: 南馆, kind: department }
""",
    "config/dictionaries.yaml": """
dictionaries:
  channel: { label: 渠道, choices: { desk: 柜台, phone: 电话, fax: { label: 传真, retired: yes } } }
""",
    "config/roles.yaml": """
roles:
  head:
    label: 馆长
    can:
      member: [read, create, edit, retire, export]
      loan: [read, create, edit, retire]
      book: [read, create, edit, retire]
    private_fields: [member.phone]
  clerk:
    label: 馆员
    can:
      member: [read, create, edit]
      loan: [read, create, edit]
      book: [read]
    sees:
      member: branch is my.department
      loan: member.branch is my.department
    edits:
      member: created_by is me
    private_fields: [ { field: member.phone, when: vip is no } ]
  guest:
    label: 访客
    can: { book: [read] }
""",
    "catalogs/book.yaml": """
entity: book
label: 图书
title: name
number: B-{year}-{seq:4}
fields:
  name: { label: 书名, type: text, required: yes, search: yes, max_length: 40 }
  isbn: { label: 书号, type: text, unique: yes }
  price: { label: 定价, type: money, min: 0 }
  shelf: { label: 书架, type: choice, choices: { a: 甲架, b: 乙架 }, default: a }
list: [number, name, price, shelf]
filter: [shelf]
order: -created_at
""",
    "catalogs/member.yaml": """
entity: member
label: 读者
title: name
fields:
  name: { label: 姓名, type: text, required: yes, search: yes }
  branch: { label: 所属馆, type: ref, to: department, required: yes }
  phone: { label: 电话, type: phone, private: yes, search: yes }
  vip: { label: 贵宾, type: yes_no, default: no }
  channel: { label: 渠道, type: choice, choices: channel }
  tags: { label: 兴趣, type: choices, choices: { art: 艺术, law: 法律, war: 军事 } }
  rate: { label: 折扣, type: percent }
  born: { label: 生日, type: date }
  score: { label: 积分, type: integer }
  reason_vip: { label: 贵宾理由, type: text, required_when: vip is yes }
list: [name, branch, phone, vip, born, score]
filter: [branch, vip, channel, tags, born, score, phone, name]
order: -score
rules:
  - { unique: [name, branch], say: 该馆已有同名读者 }
  - { only_if: score is empty or score <= 1000, say: 积分不得超过一千 }
""",
    "catalogs/loan.yaml": """
entity: loan
label: 借阅
fields:
  member: { label: 读者, type: ref, to: member, required: yes }
  books: { label: 图书, type: refs, to: book }
  from_day: { label: 起, type: date, required: yes, default: today }
  to_day: { label: 止, type: date }
  before: { label: 上一次, type: ref, to: loan }
list: [member, books, from_day, to_day]
filter: [member, from_day]
order: -created_at
rules:
  - { no_overlap: [from_day, to_day], per: member, say: 借期与已有记录重叠 }
  - { only_if: count of loan where (same member) <= 3, say: 每位读者最多三次 }
""",
}


@cache
def desk_manifest() -> Manifest:
    """The site, loaded once."""
    loaded = load_files({path: text.encode() for path, text in SITE.items()})
    assert loaded.manifest is not None, loaded.problems
    return loaded.manifest


@dataclass(frozen=True)
class Desk:
    """The site on a database, with its people."""

    engine: Engine
    schema: Schema
    people: dict[str, Actor]
    departments: dict[str, int]

    @contextmanager
    def as_(self, who: str, now: datetime = NOON) -> Iterator[Context]:
        """One writing transaction of a person (`system` is the program)."""
        with writing(self.engine) as session:
            yield self.context(session, who, now)

    def context(self, session: Session, who: str, now: datetime = NOON) -> Context:
        actor = SYSTEM if who == "system" else self.people[who]
        return Context(self.schema.manifest, self.schema, session, actor, now, release=7)


def open_desk(engine: Engine) -> Desk:
    """Tables, departments and people: head, two clerks (north, south), a guest, someone without roles."""
    schema = build_schema(desk_manifest())
    create_tables(engine, schema)
    with writing(engine) as session:
        for place, (key, one) in enumerate(schema.manifest.organization.departments.items()):
            row = {"key": key, "label": one.label, "kind": one.kind, "position": place}
            session.execute(insert(platform.department).values(row))
        department = platform.department
        rows = session.execute(select(department.c.key, department.c.id))
        ids = {row.key: row.id for row in rows}
        people = {
            "head": _person(session, "head", {"head"}, None, ids),
            "north": _person(session, "north", {"clerk"}, "north", ids),
            "south": _person(session, "south", {"clerk"}, "south", ids),
            "guest": _person(session, "guest", {"guest"}, None, ids),
            "nobody": _person(session, "nobody", set(), None, ids),
        }
    return Desk(engine, schema, people, ids)


def _person(
    session: Session, name: str, roles: set[str], branch: str | None, ids: dict[str, int]
) -> Actor:
    row = {
        "username": name,
        "first_name": name,
        "last_name": "",
        "email": f"{name}@x.invalid",
        "active": True,
    }
    found = session.execute(
        insert(platform.user).values(row).returning(platform.user.c.id)
    ).scalar_one()
    own = ids[branch] if branch else None
    below = frozenset({own}) if own else frozenset()
    actor = Actor(int(found), name, name, frozenset(roles), own, branch, below)
    return replace(actor)


def create_tables(engine: Engine, schema: Schema) -> None:
    """The platform's and the site's tables, search indexes included."""
    with writing(engine) as session:
        connection = session.connection()
        platform.metadata.create_all(connection)
        schema.metadata.create_all(connection)
        for indexes in schema.searches.values():
            for index in indexes:
                for statement in search_ddl(index, engine.dialect.name):
                    connection.execute(text(statement))
