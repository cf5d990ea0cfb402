"""`budayang demo`: a fresh site is filled, its log-ins are told once, and a filled one is left alone."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select, text

from app.domain import passwords
from app.schema.platform import platform
from tests.cli.site import PASSWORD, ROOT, Site, library_in

TOLD = re.compile(r"密码都是 (\S+)")
WELL_UNDER_A_MINUTE = 30.0  # of our own computing: other programs on the machine don't count
USERS = "users: [ { username: lena, name: Lena, roles: [librarian] } ]"
MEMBER = '{"code": "M-1", "name": "Ann", "category": "adult", "_by": "lena"}\n'


@pytest.fixture
def fresh(tmp_path: Path) -> Site:
    """The lending desk with a small folder of demo data, not loaded yet."""
    site = library_in(tmp_path / "site", f"sqlite:///{tmp_path / 'site.db'}")
    (site.folder / "demo").mkdir()
    (site.folder / "demo/users.yaml").write_text(USERS, encoding="utf-8")
    (site.folder / "demo/member.jsonl").write_text(MEMBER, encoding="utf-8")
    return site


def stored_hash(site: Site, name: str) -> str | None:
    engine = create_engine(site.url)
    with engine.connect() as connection:
        user = platform.user
        found = connection.scalar(select(user.c.password).where(user.c.username == name))
    engine.dispose()
    return found


def test_the_chosen_password_is_told_with_who_may_use_it(fresh: Site) -> None:
    said = fresh.says("demo", BUDAYANG_DEMO_PASSWORD=PASSWORD)
    assert "演示账号：1/1\nMember：1/1\n" in said
    assert f"密码都是 {PASSWORD}\n  lena  Lena（Librarian）\n共 1 个账号" in said
    assert passwords.matches(stored_hash(fresh, "lena"), PASSWORD)


def test_a_password_that_nobody_chose_is_made_and_told(fresh: Site) -> None:
    told = TOLD.search(fresh.says("demo"))
    assert told is not None
    assert passwords.matches(stored_hash(fresh, "lena"), told[1])


def test_a_weak_password_is_refused_before_anything_is_stored(fresh: Site) -> None:
    said = fresh.refusal("demo", BUDAYANG_DEMO_PASSWORD="short")
    assert said == "BUDAYANG_DEMO_PASSWORD：密码至少 10 个字符"
    assert stored_hash(fresh, "lena") is None


def test_a_filled_site_is_left_alone(fresh: Site) -> None:
    fresh.says("demo")
    before = stored_hash(fresh, "lena")
    assert "“Member”已有登记的记录" in fresh.refusal("demo")
    assert "不再填入演示数据" in fresh.says("demo", "--if-empty")
    assert stored_hash(fresh, "lena") == before


def test_a_bad_row_is_named_and_nothing_is_stored(fresh: Site) -> None:
    (fresh.folder / "demo/member.jsonl").write_text(MEMBER + '{"code": "M-2"}\n')
    said = fresh.refusal("demo", "--if-empty")
    assert said.startswith("demo/member.jsonl:2：")
    assert said.endswith("（什么也没有填入）")
    assert stored_hash(fresh, "lena") is None


def test_a_site_without_demo_data_or_release_says_what_is_missing(
    fresh: Site, tmp_path: Path
) -> None:
    shutil.rmtree(fresh.folder / "demo")
    assert "没有 demo 文件夹" in fresh.refusal("demo")
    (tmp_path / "empty/demo").mkdir(parents=True)
    never = Site(tmp_path / "empty", f"sqlite:///{tmp_path / 'empty.db'}")
    assert "还没有应用过配置" in never.refusal("demo")


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def zone(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Site, str, float]:
    """The shipped zone, applied and filled; what was said, and the seconds of computing that it took."""
    folder = tmp_path_factory.mktemp("zone")
    for part in ("config", "catalogs", "demo"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "workflows.yaml", folder)
    url = f"sqlite:///{folder / 'site.db'}"
    if request.param == "postgres":
        made = request.getfixturevalue("pg_databases").make()
        url = made.render_as_string(hide_password=False)
    site = Site(folder, url)
    site.says("apply", "--yes", "-m", "first")
    start = time.process_time()
    said = site.says("demo", BUDAYANG_DEMO_PASSWORD=PASSWORD)
    return site, said, time.process_time() - start


@pytest.mark.slow
def test_every_line_of_the_shipped_demo_is_stored(zone: tuple[Site, str, float]) -> None:
    site, _, seconds = zone
    engine = create_engine(site.url)
    files = sorted((ROOT / "demo").glob("*.jsonl"))
    with engine.connect() as connection:
        users = connection.scalar(select(func.count()).select_from(platform.user))
        made = dict(
            connection.execute(
                text("SELECT entity, count(*) FROM platform_history GROUP BY entity")
            ).all()
        )
    engine.dispose()
    assert users == 82
    for file in files:
        lines = [line for line in file.read_text("utf-8").splitlines() if line.strip()]
        assert made[file.stem] >= len(lines), file.name
    assert (made["enterprise"], made["whistle"]) == (300, 161)
    assert seconds < WELL_UNDER_A_MINUTE


@pytest.mark.slow
def test_every_role_is_told_with_a_log_in(zone: tuple[Site, str, float]) -> None:
    site, said, _ = zone
    roles = re.findall(
        r"^  (\w+):\n    label: (\S+)", (site.folder / "config/roles.yaml").read_text("utf-8"), re.M
    )
    assert len(roles) >= 17
    assert [label for _, label in roles if label not in said] == []


@pytest.mark.slow
def test_filling_leaves_nothing_to_apply(zone: tuple[Site, str, float]) -> None:
    site, _, _ = zone
    assert "没有变化" in site.says("plan")
    assert "没有变化" in site.says("apply", "--yes", "-m", "again")


@pytest.mark.slow
def test_explain_tells_of_a_demo_record_why_a_clerk_does_not_see_it(
    zone: tuple[Site, str, float],
) -> None:
    site, _, _ = zone
    said = site.says("explain", "whistle", "CS-202501-0001", "--as", "clerk_d05")
    assert "只看符合条件的记录，这条不符合：“责任部门”为我的部门  config/roles.yaml:" in said
    assert "  能查看\n" in site.says("explain", "whistle", "CS-202501-0001", "--as", "dispatcher_1")
