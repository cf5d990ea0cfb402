"""Departments and posts in the database, kept in step with the file. What goes from it is retired."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Table, func, insert, select, update

from app.manifest.model.organization import Department, Post
from app.release.differences import differences, told
from app.release.renames import Pairs, matched
from app.release.steps import Action, Phase, Risk, Run, Step, Work
from app.release.survey import Survey
from app.schema.pinyin import initials
from app.schema.platform import platform

Places = Mapping[str, Department | Post]


def organization_actions(survey: Survey) -> Iterator[Action]:
    """Everything about departments and posts, one step a change, and the work that brings the tables in step."""
    old, new = survey.old, survey.new
    yield from _told(
        survey,
        "department",
        "部门",
        old.organization.departments if old else {},
        new.organization.departments,
        survey.renames.departments,
    )
    yield from _told(
        survey,
        "post",
        "岗位",
        old.organization.posts if old else {},
        new.organization.posts,
        survey.renames.posts,
    )
    yield Action(Phase.ORGANIZATION, run=_syncing(survey.renames.departments, survey.renames.posts))


def _told(
    survey: Survey,
    kind: str,
    word: str,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    renamed: Pairs,
) -> Iterator[Action]:
    former = {now: key for key, now in renamed.items()}
    added = [thing for key, thing in new.items() if former.get(key, key) not in old]
    if added:
        listed = "、".join(thing.label for thing in added[:5])
        more = f" 等 {len(added)} 个" if len(added) > 5 else ""
        says = f"新增{word}：{listed}{more}"
        target = ",".join(thing.key for thing in added)
        yield _step(f"{kind}.add", target, says, place=added[0].place)
    for before, after in matched(old, new, renamed):
        if before.key != after.key:
            says = f"{word}“{after.label}”的键 {before.key} 改为 {after.key}，人员和记录随之"
            yield _step(f"{kind}.rename", after.key, says, place=after.place)
        if found := differences(before, after):
            says = f"修改{word}“{after.label}”：{told(found)}"
            yield _step(f"{kind}.change", after.key, says, place=after.place)
    for key, gone in old.items():
        if key not in new and key not in renamed:
            many = _people(survey, kind, key)
            says = f"停用{word}“{gone.label}”：原有记录照旧显示，不能再选" + (
                f"；还有 {many} 人在其中" if many else ""
            )
            yield _step(f"{kind}.retire", key, says, Risk.CAREFUL, rows=many)


def _step(do: str, target: str, says: str, risk: Risk = Risk.SAFE, **rest: Any) -> Action:
    return Action(Phase.REGISTRY, Step(do, target, says, risk, **rest))


def _people(survey: Survey, kind: str, key: str) -> int:
    """How many people belong to a department or hold a post."""
    if survey.before is None:
        return 0
    if kind == "department":
        person, table = survey.before.person, platform.department
        joined = person.join(table, person.c.department_id == table.c.id)
        where = [table.c.key == key]
    else:
        holder, table = platform.post_holder, platform.post
        joined = holder.join(table, holder.c.post_id == table.c.id)
        where = [table.c.key == key, holder.c.until.is_(None)]
    query = select(func.count()).select_from(joined).where(*where)
    return int(survey.connection.scalar(query) or 0)


def _syncing(departments: Pairs, posts: Pairs) -> Run:
    def run(work: Work) -> None:
        _rekey(work, platform.department, departments)
        _rekey(work, platform.post, posts)
        organization = work.manifest.organization
        _sync(work, platform.department, organization.departments)
        ids = ids_by_key(work, platform.department)
        table = platform.department
        for key, one in organization.departments.items():
            change = update(table).where(table.c.key == key)
            work.connection.execute(change.values(under_id=ids.get(one.under or "")))
        _sync(work, platform.post, organization.posts, departments=ids)

    return run


def ids_by_key(work: Work, table: Table) -> dict[str, int]:
    """The ids of departments or posts by their keys."""
    return {key: id_ for key, id_ in work.connection.execute(select(table.c.key, table.c.id))}  # noqa: C416 - rows aren't pairs to mypy


def _rekey(work: Work, table: Table, renamed: Pairs) -> None:
    for old, new in renamed.items():
        work.connection.execute(update(table).where(table.c.key == old).values(key=new))


def _sync(
    work: Work, table: Table, wanted: Places, departments: Mapping[str, int] | None = None
) -> None:
    """Makes the rows say what the file says. Unchanged rows aren't written."""
    present = {row.key: row for row in work.connection.execute(select(table))}
    for position, (key, thing) in enumerate(wanted.items()):
        row = present.get(key)
        facts = _facts(thing, position, departments)
        retired_at = row.retired_at if row is not None else None
        facts["retired_at"] = (retired_at or work.now) if thing.retired else None
        if row is None:
            work.connection.execute(insert(table).values(key=key, **facts))
        elif any(getattr(row, name) != value for name, value in facts.items()):
            work.connection.execute(update(table).where(table.c.id == row.id).values(facts))
    for key, row in present.items():
        if key not in wanted and row.retired_at is None:
            change = update(table).where(table.c.id == row.id)
            work.connection.execute(change.values(retired_at=work.now))


def _facts(
    thing: Department | Post, position: int, departments: Mapping[str, int] | None
) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "label": thing.label,
        "position": position,
        "initials": initials(thing.label) or None,
    }
    if isinstance(thing, Department):
        return facts | {"kind": thing.kind}
    return facts | {"department_id": (departments or {}).get(thing.department or "")}
