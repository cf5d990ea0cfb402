"""Roles in the database are only what people hold; what a role may do stands in the files.

A role that goes is taken from everybody: if its key comes back one day, nobody has it unasked.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import delete, insert, select, update

from app.manifest.model.roles import Role
from app.release.renames import Pairs, matched
from app.release.steps import Action, Phase, Risk, Step, Work
from app.release.survey import Survey
from app.schema.platform import platform

LISTED = 10


def role_actions(survey: Survey) -> Iterator[Action]:
    """People who lose a role, people who would hold two that exclude each other, and bringing the table in step."""
    if survey.old is not None:
        for key, role in survey.old.roles.items():
            if key not in survey.new.roles and key not in survey.renames.roles:
                yield from _lost(survey, role)
        for before, after in matched(survey.old.roles, survey.new.roles, survey.renames.roles):
            yield from _clashes(survey, before, after)
    # Only what a release brought: the framework keeps rows of its own here.
    former = set(survey.old.roles) if survey.old is not None else set()
    gone = former - survey.new.roles.keys() - survey.renames.roles.keys()
    yield Action(Phase.ROLES, run=lambda work: _sync(work, survey.renames.roles, gone))


def _lost(survey: Survey, role: Role) -> Iterator[Action]:
    holders = _holders(survey, role.key)
    if holders:
        says = f"角色“{role.label}”从 {len(holders)} 人身上收回"
        found = tuple(holders[:LISTED])
        step = Step("role.take", role.key, says, Risk.CAREFUL, len(holders), None, found)
        yield Action(Phase.REGISTRY, step)


def _clashes(survey: Survey, old: Role, new: Role) -> Iterator[Action]:
    """A newly declared `not_with` that somebody breaks."""
    former = {now: key for key, now in survey.renames.roles.items()}
    for other in sorted(new.not_with - old.not_with):
        theirs = set(_holders(survey, former.get(other, other)))
        both = [name for name in _holders(survey, old.key) if name in theirs]
        if both:
            label = survey.new.roles[other].label if other in survey.new.roles else other
            says = f"“{new.label}”与“{label}”不得兼任：{len(both)} 人同时持有，请先调整他们的角色"
            found = tuple(both[:LISTED])
            target = f"{new.key}+{other}"
            step = Step("role.exclude", target, says, Risk.REFUSED, len(both), new.place, found)
            yield Action(Phase.REGISTRY, step)


def _holders(survey: Survey, role: str) -> list[str]:
    """The user names of those who hold a role."""
    user, held, table = platform.user, platform.user_role, platform.role
    query = (
        select(user.c.username)
        .join(held, held.c.user_id == user.c.id)
        .join(table, table.c.id == held.c.role_id)
        .where(table.c.name == role)
        .order_by(user.c.username)
    )
    return list(survey.connection.scalars(query))


def _sync(work: Work, renamed: Pairs, gone: set[str]) -> None:
    table, held = platform.role, platform.user_role
    for old, new in renamed.items():
        work.connection.execute(update(table).where(table.c.name == old).values(name=new))
    present = {name: id_ for name, id_ in work.connection.execute(select(table.c.name, table.c.id))}  # noqa: C416 - rows aren't pairs to mypy
    for key in work.manifest.roles:
        if key not in present:
            work.connection.execute(insert(table).values(name=key))
    ids = [id_ for name, id_ in present.items() if name in gone]
    if ids:
        work.connection.execute(delete(held).where(held.c.role_id.in_(ids)))
        work.connection.execute(delete(table).where(table.c.id.in_(ids)))
