"""States of the workflow that an entity follows, as other sections name them."""

from __future__ import annotations

from app.manifest.link import Linking
from app.manifest.problems import fault, likely
from app.manifest.read.doubt import lacks
from app.manifest.scalars import Word
from app.manifest.shapes import Said, Table
from app.place import Place

UNKNOWN_STATE = fault("WFL120", "流程 {workflow} 没有 {word} 这个状态")
UNKNOWN_TRANSITION = fault("WFL121", "流程 {workflow} 没有 {word} 这个流转")
NO_WORKFLOW = fault(
    "WFL122", "{key} 要有流程才能用，这个实体没有 workflow", "请给实体写上 workflow"
)


def workflow_of(entity: str, link: Linking) -> str | None:
    """The key of the workflow that the entity names, whether it exists or not."""
    said = link.drafts.entities.get(entity)
    word = said.values.get("workflow") if said is not None else None
    return word.text if isinstance(word, Word) else None


def workflow_said(entity: str, link: Linking) -> Said | None:
    """What was said of the entity's workflow; None where it is missing or was refused."""
    key = workflow_of(entity, link)
    table = link.drafts.workflows
    return next((entry.value for entry in table or () if entry.key == key), None)


def entries(entity: str, link: Linking, section: str) -> Table[Said] | None:
    """The table of `states` or `transitions` of the entity's workflow."""
    said = workflow_said(entity, link)
    table = said.values.get(section) if said is not None else None
    return table if isinstance(table, Table) else None


def known_state(word: Word, entity: str, link: Linking) -> bool:
    """Whether the entity's workflow has this state; if it hasn't, that is reported."""
    table = entries(entity, link, "states")
    if table is None or word.text in table.names:
        return table is not None
    key = workflow_of(entity, link)
    link.found.add(
        UNKNOWN_STATE(word.place, workflow=key, word=word.text, hint=likely(word.text, table.names))
    )
    return False


def known_transition(word: Word, entity: str, link: Linking) -> bool:
    """Whether the entity's workflow has this transition; if it hasn't, that is reported."""
    table = entries(entity, link, "transitions")
    if table is None or word.text in table.names:
        return table is not None
    key, hint = workflow_of(entity, link), likely(word.text, table.names)
    link.found.add(UNKNOWN_TRANSITION(word.place, workflow=key, word=word.text, hint=hint))
    return False


def final_states(entity: str, link: Linking) -> frozenset[str]:
    """The states at which the entity's records end."""
    table = entries(entity, link, "states")
    return frozenset(entry.key for entry in table or () if entry.value.values.get("final") is True)


def start_state(entity: str, link: Linking) -> str | None:
    """Where the entity's records begin."""
    said = workflow_said(entity, link)
    word = said.values.get("start") if said is not None else None
    return word.text if isinstance(word, Word) else None


def require_workflow(entity: str, key: str, place: Place, link: Linking) -> bool:
    """Whether the entity follows a workflow; if it doesn't, that is reported as missing for `key`."""
    if lacks(entity, "workflow", link):
        link.found.add(NO_WORKFLOW(place, key=key))
        return False
    return workflow_of(entity, link) is not None
