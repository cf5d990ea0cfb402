"""A plan that was written to a file, and whether it is still the plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from app.release.plan import FORMAT, Plan
from app.release.problems import Stale
from app.release.survey import Choices
from app.schema.revisions import Revision


class BadPlan(Exception):
    """A file that isn't a plan."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What somebody looked at and agreed to."""

    base: int
    fingerprint: str
    choices: Choices
    steps: tuple[tuple[str, str, str], ...]  # what each does, to what, with which risk


def planned(plan: Plan) -> Planned:
    """The plan as somebody has just seen it."""
    steps = tuple(step.identity for step in plan.steps)
    return Planned(plan.base, plan.fingerprint, plan.choices, steps)


def write_plan(plan: Plan, path: Path) -> None:
    """Writes the plan as YAML."""
    text = yaml.safe_dump({"plan": plan.as_plain()}, allow_unicode=True, sort_keys=False, width=120)
    path.write_text(text, encoding="utf-8")


def read_plan(path: Path) -> Planned:
    """Reads a plan that was written. Raises BadPlan."""
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
        said: Mapping[str, Any] = content["plan"]
        if said["format"] != FORMAT:
            raise BadPlan(
                f"{path} 的格式是 {said['format']}，这个版本的程序只认 {FORMAT}；请重新生成"
            )
        steps = tuple((one["do"], one["target"], one["risk"]) for one in said["steps"])
        choices = Choices(said["prefer"], frozenset(said["destroy"]))
        return Planned(int(said["base"]), str(said["fingerprint"]), choices, steps)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise BadPlan(f"{path} 不是 budayang plan -o 生成的计划：{type(error).__name__}") from error


def require_same(agreed: Planned, plan: Plan, upgraded: tuple[Revision, ...]) -> None:
    """Raises Stale unless the plan is still the one that was agreed to. Numbers of records may have changed."""
    if agreed.base != plan.base:
        raise Stale(
            f"计划是对照第 {agreed.base} 次发布做的，现在已是第 {plan.base} 次；请重新运行 budayang plan"
        )
    if agreed.fingerprint != plan.fingerprint:
        raise Stale("做计划之后文件又改过；请重新运行 budayang plan")
    told = Counter(step.identity for step in plan.steps)
    seen = Counter(one for one in agreed.steps if not (upgraded and one[0] == "platform.upgrade"))
    if told != seen:
        new = "；".join(step.sentence for step in plan.steps if step.identity not in seen)
        raise Stale(f"做计划之后数据变了，计划也随之变了；请重新运行 budayang plan。{new}".strip())
