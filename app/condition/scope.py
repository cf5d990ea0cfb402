"""Where a condition is being checked: whose fields it may name, what may stand there, and what was found wrong."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from app.condition import faults
from app.condition.faults import ConditionProblem
from app.condition.tree import Path, Word
from app.condition.vocabulary import Kind, Shape, Vocabulary

MAX_STEPS = 2  # refs on the way


@dataclass(frozen=True, slots=True)
class Scope:
    """`entity`'s fields are named plainly; inside an aggregate's brackets `host` is the entity of this record."""

    vocabulary: Vocabulary
    entity: str
    counts: bool
    person: bool
    host: str | None = None
    problems: list[ConditionProblem] = field(default_factory=list)

    def inside(self, entity: str) -> Scope:
        """The brackets of an aggregate over `entity`; problems go to the same list."""
        return replace(self, entity=entity, host=self.entity)

    def report(self, problem: ConditionProblem) -> None:
        """Note a problem, once."""
        if problem not in self.problems:
            self.problems.append(problem)

    def label(self, entity: str) -> str:
        """The label of an entity, its key where there is none."""
        return self.vocabulary.entities().get(entity, entity)

    def names_field(self, word: str) -> bool:
        """Whether a word begins like a path of this entity."""
        known = self.vocabulary.fields(self.entity)
        first = word.partition(".")[0]
        return word in known or first in known or self.vocabulary.unread(self.entity, first)


def find_path(scope: Scope, word: Word, entity: str | None = None) -> Path | None:
    """The path that a word is, looked up from `entity` (else the scope's); what is wrong is reported, once."""
    here = scope.entity if entity is None else entity
    steps: list[str] = []
    owners: list[str] = [here]
    offset, rest = word.offset, word.text
    while True:
        fields = scope.vocabulary.fields(here)
        last = fields.get(rest)
        if last is not None:
            return Path(word.offset, (*steps, rest), tuple(owners), last)
        key, dot, after = rest.partition(".")
        found = fields.get(key)
        if found is None or not dot:
            _unknown(scope, here, rest, offset)
            return None
        if found.kind is not Kind.REF or len(found.targets) != 1:
            _no_way_on(scope, here, found, rest, offset)
            return None
        if len(steps) == MAX_STEPS:
            scope.report(faults.TOO_FAR.at(word.offset, word=word.text))
            return None
        if _misses_dotted(scope, here, found, rest, offset):
            return None
        steps.append(key)
        here, rest, offset = found.targets[0], after, offset + len(key) + 1
        owners.append(here)


def _unknown(scope: Scope, entity: str, rest: str, offset: int) -> None:
    key = rest.partition(".")[0]
    if scope.vocabulary.unread(entity, key):
        return
    fields = scope.vocabulary.fields(entity)
    problem = faults.UNKNOWN_FIELD
    labelled = next((shape.key for shape in fields.values() if shape.label == rest), None)
    if labelled:
        hint = f"请写键名 {labelled}，不写中文名称"
        scope.report(problem.at(offset, entity=scope.label(entity), word=rest, hint=hint))
        return
    dotted = [known for known in fields if known.startswith(f"{key}.")]
    word, pool = (rest, dotted) if dotted else (key, list(fields))
    hint = faults.likely(word, pool)
    scope.report(problem.at(offset, entity=scope.label(entity), word=word, hint=hint))


def _misses_dotted(scope: Scope, entity: str, found: Shape, rest: str, offset: int) -> bool:
    """Whether one of a party's own fields was meant, not a field of whom it went to; that is reported."""
    dotted = [k for k in scope.vocabulary.fields(entity) if k.startswith(f"{found.key}.")]
    after = rest.partition(".")[2].partition(".")[0]
    beyond = scope.vocabulary.fields(found.targets[0]) if len(found.targets) == 1 else {}
    if not dotted or after in beyond:
        return False
    hint = faults.likely(rest, dotted)
    problem = faults.UNKNOWN_FIELD
    scope.report(problem.at(offset, entity=scope.label(entity), word=rest, hint=hint))
    return True


def _no_way_on(scope: Scope, entity: str, found: Shape, rest: str, offset: int) -> None:
    if not _misses_dotted(scope, entity, found, rest, offset):
        after = rest.partition(".")[2]
        scope.report(faults.NOT_A_REF.at(offset, word=found.key, rest=after))
