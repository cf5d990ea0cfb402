"""`budayang user`: log-ins made and kept at the command line, and every wrong word refused in one sentence."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import create_engine, select

from app.domain import passwords
from app.schema.platform import platform
from tests.cli.site import PASSWORD, Site

ONE_TIME = re.compile(r"一次性密码：((?:\w{4}-){3}\w{4})\n")


def hash_of(site: Site, name: str) -> str:
    engine = create_engine(site.url)
    with engine.connect() as connection:
        query = select(platform.user.c.password).where(platform.user.c.username == name)
        found = connection.scalar(query)
    engine.dispose()
    assert isinstance(found, str)
    return found


def listed(site: Site, name: str) -> list[str]:
    """What `user list` tells of a person."""
    rows = [line.split("\t") for line in site.says("user", "list").splitlines()]
    (row,) = [row for row in rows if row[0] == name]
    return row[1:]


def test_a_person_is_made_with_the_given_password_and_listed(library: Site) -> None:
    words = ["--role", "desk", "--department", "lending", "--post", "desk_early"]
    words += ["--label", "Dan Desk", "--email", "dan@example.org"]
    said = library.says("user", "create", "dan", "--password-stdin", *words, given=f"{PASSWORD}\n")
    assert said == "已建账号 dan\n"
    assert passwords.matches(hash_of(library, "dan"), PASSWORD)
    assert listed(library, "dan") == ["Dan Desk", "Lending desk"]


def test_without_a_password_a_one_time_one_is_told(library: Site) -> None:
    match = ONE_TIME.search(library.says("user", "create", "olga"))
    assert match is not None
    assert passwords.matches(hash_of(library, "olga"), match[1])
    assert listed(library, "olga") == ["olga", "无角色"]


def test_a_chinese_user_name_is_a_name_like_any(library: Site) -> None:
    library.says("user", "create", "张三", "--role", "desk")
    assert listed(library, "张三") == ["张三", "Lending desk"]


def test_a_field_of_a_person_is_set_by_the_code_of_what_it_points_to(library: Site) -> None:
    library.says("user", "create", "house", "--role", "member_self", "--set", "member=HOUSE")
    said = library.says("explain", "member", "HOUSE", "--as", "house")
    assert "  能查看\n      Member：允许  config/roles.yaml" in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--role", "boss"], "角色：没有这个角色：boss"),
        (["--role", "desk", "--role", "librarian"], "不能由同一人担任"),
        (["--department", "nowhere"], "没有“nowhere”这个部门"),
        (["--post", "king"], "没有“king”这个岗位"),
        (["--email", "no address"], "邮箱：邮箱格式不对"),
        (["--label", " "], "姓名：请填写姓名"),
        (["--set", "shoe=42"], "--set shoe=42：应为 字段=值，人员字段有 member"),
        (["--set", "member"], "--set member：应为 字段=值"),
        (["--set", "member=NOBODY"], "“Library card”找不到“NOBODY”（须恰好一条）"),
    ],
)
def test_a_wrong_word_is_named_and_nobody_is_made(
    library: Site, words: list[str], says: str
) -> None:
    assert says in library.refusal("user", "create", "wrong", *words)
    assert "wrong" not in library.says("user", "list")


def test_a_password_that_is_too_weak_is_refused(library: Site) -> None:
    said = library.refusal("user", "create", "weak", "--password-stdin", given="short\n")
    assert said == "密码：密码至少 10 个字符"
    assert "密码" in library.refusal("user", "create", "weak", "--password-stdin", given="")


def test_a_name_is_given_once(library: Site) -> None:
    library.says("user", "create", "twice")
    assert library.refusal("user", "create", "twice") == "用户名：已有账号使用这个用户名"
    library.says("user", "create", "mail", "--email", "one@example.org")
    refusal = library.refusal("user", "create", "mail_2", "--email", "one@example.org")
    assert refusal == "邮箱：已有账号使用这个邮箱"


def test_a_reset_gives_another_one_time_password(library: Site) -> None:
    library.says("user", "create", "rita", "--password-stdin", given=f"{PASSWORD}\n")
    match = ONE_TIME.search(library.says("user", "reset-password", "rita"))
    assert match is not None
    assert passwords.matches(hash_of(library, "rita"), match[1])
    assert not passwords.matches(hash_of(library, "rita"), PASSWORD)


def test_who_is_disabled_is_listed_so_until_enabled_again(library: Site) -> None:
    library.says("user", "create", "dora")
    assert library.says("user", "disable", "dora") == "dora 已停用\n"
    assert listed(library, "dora")[-1] == "已停用"
    assert library.says("user", "enable", "dora") == "dora 已启用\n"
    assert listed(library, "dora")[-1] != "已停用"


@pytest.mark.parametrize("command", ["reset-password", "disable", "enable"])
def test_nobody_can_be_changed_who_is_not_there(library: Site, command: str) -> None:
    assert library.refusal("user", command, "ghost") == "没有“ghost”这个账号"
