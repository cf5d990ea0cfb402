"""Choice lists, written in place or in a dictionary."""

from __future__ import annotations

from app.manifest.model.fields import Choice
from app.manifest.problems import Findings, fault
from app.manifest.read.renames import WAS, check_was
from app.manifest.scalars import key_name, label, yes_no
from app.manifest.shapes import Key, Named, Said, Shape, Table, either, mapping, table

LABEL = Key("label", label(), "显示的名称", required=True)
RETIRED = Key("retired", yes_no(), "是否停用：旧记录照常显示，新记录不能再选")
CHOICE = Shape("选项", (LABEL, RETIRED, WAS))
CHOICES = table(either(label(), mapping(CHOICE)), key=key_name())

NO_CHOICE = fault("DIC101", "选项是空的", "请至少写一个选项")
ALL_RETIRED = fault("DIC102", "选项全部停用了，没有一个可选", "请至少留一个在用的选项")
RESERVED_CHOICE = fault(
    "DIC103",
    "选项的键不能用 {key}，它在条件里另有含义",
    "请换一个键，例如 {key}_value；显示的名称不变",
)
SAME_LABEL = fault("DIC104", "两个选项都叫“{label}”", "请改一个名称；已不用的请写 retired: yes")

# Words of the condition grammar that stand where a choice's key may stand.
RESERVED = frozenset(("yes", "no", "now", "today", "this_year", "last_year", "me", "my", "same"))


def build_choices(written: Table[str | Said], found: Findings) -> tuple[Choice, ...]:
    """The choices in their order; one that couldn't be read (that was reported) still has its key."""
    choices = (
        *(_choice(entry) for entry in written),
        *(Choice(key, key, written.place) for key in sorted(written.broken)),
    )
    if not written.names:
        found.add(NO_CHOICE(written.place))
    elif not written.broken and all(choice.retired for choice in choices):
        found.add(ALL_RETIRED(written.place))
    labels: set[str] = set()
    for choice in choices:
        if choice.key in RESERVED:
            found.add(RESERVED_CHOICE(choice.place, key=choice.key))
        if choice.retired:
            continue
        if choice.label in labels:
            found.add(SAME_LABEL(choice.place, label=choice.label))
        labels.add(choice.label)
    renamed = ((e.key, e.value.get(WAS)) for e in written if isinstance(e.value, Said))
    check_was(written.names, renamed, found)
    return choices


def _choice(entry: Named[str | Said]) -> Choice:
    said = entry.value
    if isinstance(said, str):
        return Choice(entry.key, said, entry.place)
    title, was = said.get(LABEL, entry.key), said.get(WAS)
    retired = said.get(RETIRED, otherwise=False)
    return Choice(entry.key, title, entry.place, retired, was.text if was else None)
