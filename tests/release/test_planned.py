"""A plan in a file: what is read is what was written, and what isn't a plan is said to be none."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from sqlalchemy import Engine

from app.release.planned import BadPlan, planned, read_plan, write_plan
from tests.release import shop
from tests.release.shop import SITE, applied, edited

WIDER = ("config/roles.yaml", "job: [read, create]\n", "job: [read, create, edit]\n")


def test_a_plan_comes_back_as_it_was_written(engine: Engine, tmp_path: Path) -> None:
    applied(engine, SITE)
    plan = shop.planned(
        engine, edited(SITE, WIDER), prefer="yaml", destroy=frozenset({"job.nothing"})
    )
    write_plan(plan, tmp_path / "plan.yaml")
    assert read_plan(tmp_path / "plan.yaml") == planned(plan)


def test_a_written_plan_can_be_read_by_a_person(engine: Engine, tmp_path: Path) -> None:
    applied(engine, SITE)
    write_plan(shop.planned(engine, edited(SITE, WIDER)), tmp_path / "plan.yaml")
    said = yaml.safe_load((tmp_path / "plan.yaml").read_text("utf-8"))["plan"]
    assert said["base"] == 1
    assert said["steps"][0]["sentence"] == "修改角色“伙计”：权限的job加上修改"
    assert said["steps"][0]["risk"] == "careful"
    assert said["steps"][0]["place"].startswith("config/roles.yaml:")


def test_only_the_plan_that_was_agreed_to_is_applied(engine: Engine, tmp_path: Path) -> None:
    applied(engine, SITE)
    files = edited(SITE, WIDER)
    write_plan(shop.planned(engine, files), tmp_path / "plan.yaml")
    assert applied(engine, files, planned=read_plan(tmp_path / "plan.yaml")).release == 2


@pytest.mark.parametrize(
    "text", ["", "[]", "plan: 1", "plan: {}", "plan: { format: 9 }", "\tx: [", "plan: { format: 1, base: x, fingerprint: y, prefer: null, destroy: [], steps: [] }"],
)  # fmt: skip
def test_what_isn_t_a_plan_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(text)
    with pytest.raises(BadPlan, match=r"plan\.yaml"):
        read_plan(path)
