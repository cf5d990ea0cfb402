"""The plan: what applying the files would do, computed from the last release, the files and the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.manifest.load import load_files
from app.manifest.model.manifest import Manifest
from app.release.entities import entity_actions
from app.release.items import item_actions
from app.release.moves import Moves
from app.release.organization import organization_actions
from app.release.person import person_actions
from app.release.physical import read_physical
from app.release.registry import destroy_actions, read_registry, registry_action
from app.release.releases import fingerprint, live_release, release_files
from app.release.renames import find_renames
from app.release.roles import role_actions
from app.release.search_changes import search_actions
from app.release.sections import section_actions
from app.release.steps import Action, Phase, Risk, Step
from app.release.structure import structure_actions
from app.release.survey import Choices, Survey
from app.schema.build import Schema, build_schema
from app.schema.platform import platform
from app.schema.revisions import pending

FORMAT = 1


class UnreadableRelease(Exception):
    """The last release's files can't be read by this version of the program."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps to be told, notices, and the work behind them; made against release `base`."""

    base: int
    fingerprint: str
    steps: tuple[Step, ...]
    notices: tuple[Step, ...]
    actions: tuple[Action, ...]
    schema: Schema
    choices: Choices

    @property
    def refused(self) -> tuple[Step, ...]:
        """The steps that can't be done. While there are any, nothing can."""
        return tuple(step for step in self.steps if step.risk is Risk.REFUSED)

    def as_plain(self) -> dict[str, Any]:
        """For JSON and YAML."""
        return {
            "format": FORMAT,
            "base": self.base,
            "fingerprint": self.fingerprint,
            "prefer": self.choices.prefer,
            "destroy": sorted(self.choices.destroy),
            "steps": [step.as_plain() for step in self.steps],
            "notices": [step.as_plain() for step in self.notices],
        }


def make_plan(
    connection: Connection, new: Manifest, *, now: datetime, choices: Choices | None = None
) -> Plan:
    """The plan for making `new` the live release. Reads the database and writes nothing."""
    base = live_release(connection)
    old_files = release_files(connection, base) if base else {}
    before = _schema_of(old_files, base) if base else None
    physical = read_physical(connection)
    survey = Survey(
        connection=connection,
        before=before,
        after=build_schema(new, mapped=False),
        base=base,
        now=now,
        renames=find_renames(before.manifest if before else None, new),
        physical=physical,
        stored=read_registry(connection) if platform.stored_field.name in physical.tables else {},
        choices=choices or Choices(),
    )
    actions = _actions(survey)
    steps = [action.step for action in actions if action.step is not None and not action.notice]
    if not steps and base and fingerprint(old_files) != fingerprint(new.files):
        steps.append(_text_step(old_files, new.files))
    notices = [action.step for action in actions if action.step is not None and action.notice]
    if before is not None:
        before.dispose()
    return Plan(
        base=base,
        fingerprint=fingerprint(new.files),
        steps=tuple(steps),
        notices=tuple(notices),
        actions=tuple(sorted(actions, key=lambda action: action.phase)),
        schema=survey.after,
        choices=survey.choices,
    )


def _schema_of(files: Mapping[str, bytes], release: int) -> Schema:
    loaded = load_files(files)
    if loaded.manifest is None:
        first = loaded.problems[0]
        raise UnreadableRelease(
            f"第 {release} 次发布的配置，这个版本的程序读不懂：{first.place}  {first.message}"
        )
    return build_schema(loaded.manifest, mapped=False)


def _actions(survey: Survey) -> list[Action]:
    moves = Moves(survey.physical)
    actions = [*_platform_actions(survey), *_first_release(survey)]
    actions += entity_actions(survey, moves)
    actions += person_actions(survey, moves)
    actions += destroy_actions(survey, moves)
    actions += organization_actions(survey)
    actions += role_actions(survey)
    actions += section_actions(survey)
    actions += item_actions(survey)
    actions += moves.actions
    told = frozenset(
        action.step.target.split(".")[0] for action in actions if action.step is not None
    )
    actions += structure_actions(survey, moves.physical, told | _untold(survey))
    actions += search_actions(survey, moves.physical, frozenset(moves.moved))
    actions.append(registry_action(survey))
    return actions


def _untold(survey: Survey) -> frozenset[str]:
    """Tables about which the first release needn't say anything."""
    return frozenset({"person"}) if survey.before is None else frozenset()


def _platform_actions(survey: Survey) -> list[Action]:
    missing = pending(survey.connection)
    if not missing:
        return []
    what = "升级" if survey.base else "建立"
    says = f"{what}平台自带的数据表：{'、'.join(one.message for one in missing)}"
    return [Action(Phase.PLATFORM, Step("platform.upgrade", missing[-1].id, says))]


def _first_release(survey: Survey) -> list[Action]:
    if survey.base:
        return []
    new = survey.new
    says = (
        f"首次发布“{new.site.name}”：{len(new.entities)} 个实体、{len(new.workflows)} 个流程、"
        f"{len(new.roles)} 个角色、{len(new.dictionaries)} 个字典"
    )
    return [Action(Phase.REGISTRY, Step("site.add", "site", says, place=new.site.place))]


def _text_step(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Step:
    changed = sorted(path for path in {*old, *new} if old.get(path) != new.get(path))
    listed = "、".join(changed[:5]) + (f" 等 {len(changed)} 个文件" if len(changed) > 5 else "")
    return Step("files.text", ",".join(changed), f"只改了注释、排版或自测：{listed}")
