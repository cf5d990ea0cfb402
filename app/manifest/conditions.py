"""Reading a condition against what is known of the site."""

from __future__ import annotations

from app.condition.check import read
from app.condition.tree import Condition
from app.manifest.link import Linking
from app.manifest.scalars import Word
from app.manifest.vocabulary import linking_vocabulary
from app.problems import Problem


def read_condition(
    link: Linking, word: Word, entity: str, *, counts: bool = False, person: bool = True
) -> Condition | None:
    """The condition on records of `entity`; whatever is wrong is reported where it stands in the text.

    `counts` allows aggregates, `person` allows `me` and `my.…`: not where nobody acts, as for a clock.
    """
    if entity not in link.entities:
        return None
    if link.vocabulary is None:
        link.vocabulary = linking_vocabulary(link)
    checked = read(
        word.text, link.vocabulary, entity, place=word.place, counts=counts, person=person
    )
    for problem in checked.problems:
        place = word.at(problem.offset)
        link.found.add(Problem(problem.id, place, problem.message, problem.hint))
    return checked.condition
