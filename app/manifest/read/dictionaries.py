"""`config/dictionaries.yaml`: choice lists that several entities share."""

from __future__ import annotations

from app.manifest.link import Linking
from app.manifest.model.organization import Dictionary
from app.manifest.read.choices import CHOICES, build_choices
from app.manifest.read.renames import WAS, check_was
from app.manifest.scalars import key_name, label
from app.manifest.shapes import Key, Said, Shape, Table, mapping, table

LABEL = Key("label", label(), "字典名称", required=True)
VALUES = Key(
    "choices", CHOICES, "各个选项，“键: 名称”；键存入数据库，名称显示在页面上", required=True
)
DICTIONARY = Shape("字典", (LABEL, VALUES, WAS))
KEY = Key("dictionaries", table(mapping(DICTIONARY), key=key_name()), "共用的选项表", required=True)


def build(written: Table[Said], link: Linking) -> dict[str, Dictionary]:
    """The dictionaries; one without readable choices still has its name."""
    check_was(written.names, ((e.key, e.value.get(WAS)) for e in written), link.found)
    return {
        entry.key: Dictionary(
            entry.key,
            entry.value.get(LABEL, entry.key),
            build_choices(values, link.found) if (values := entry.value.get(VALUES)) else (),
            entry.place,
            was.text if (was := entry.value.get(WAS)) else None,
        )
        for entry in written
    }
