"""A commented entity to begin with: valid as it is, and every other key told in a comment."""

from __future__ import annotations

from app.manifest.names import check_entity_name
from app.manifest.problems import Findings
from app.manifest.read.entities import ENTITY
from app.manifest.scalars import Word, key_name
from app.manifest.shapes import Key
from app.manifest.source import TextNode
from app.place import Place

_WRITTEN = frozenset(("entity", "label", "group", "title", "fields", "list", "filter", "order"))


def entity_problem(name: str) -> str | None:
    """Why an entity can't be called so, with what to do; None if it can."""
    place = Place("", 1)
    node = TextNode(place, place, name)
    found = Findings()
    if key_name().read(node, found) is not None:
        check_entity_name(Word(name, place, node), found)
    return "；".join(f"{p.message}。{p.hint}" for p in found.problems) or None


def entity_text(name: str, label: str, schema: str) -> str:
    """The file's text. `schema` is the way from the file to the entity's JSON Schema."""
    others = "\n".join(
        f"# {key.name}: {_says(key)}" for key in ENTITY.keys if key.name not in _WRITTEN
    )
    return f"""# yaml-language-server: $schema={schema}
entity: {name}
label: {label or name}
group: 业务
title: subject

fields:
  # 字段的写法：键名: {{ label: 名称, type: 类型 }}；类型和其余的键见文档，编辑器里也有提示。
  subject: {{ label: 名称, type: text, required: yes, max_length: 60, search: yes }}
  kind:
    label: 类别
    type: choice
    choices: {{ normal: 一般, urgent: 紧急 }}      # 键存入数据库，名称显示在页面上
    default: normal
  happened_on: {{ label: 日期, type: date, default: today }}
  detail: {{ label: 说明, type: note }}

list: [subject, kind, happened_on, created_at]
filter: [kind, happened_on]
order: -created_at                              # 前面的 - 表示从新到旧

# 还可以写（去掉 # 并补上内容）：
{others}
"""


def _says(key: Key[object]) -> str:
    return key.says.replace("\n", " ")
