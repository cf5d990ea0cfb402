"""`budayang explain`: every deed open or not, why, and the line in the site's files that says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.site import LIBRARY, Site


@pytest.fixture(scope="module", autouse=True)
def people(library: Site) -> None:
    library.says("user", "create", "lena", "--role", "librarian")
    library.says("user", "create", "dan", "--role", "desk")
    library.says("user", "create", "ann", "--role", "member_self")
    library.says("user", "create", "nemo")


def explained(
    site: Site, who: str, entity: str = "member", record: str = "HOUSE"
) -> dict[str, str]:
    """The reasons by deed, with 能 or 不能 before it."""
    head, *lines = site.says("explain", entity, record, "--as", who).splitlines()
    assert head == f"{who}（{who}）与“{entity.capitalize()}” {record}："
    found: dict[str, str] = {}
    deed = ""
    for line in lines:
        if line.startswith("      "):
            found[deed] += line.strip() + "\n"
        else:
            deed = line.strip()
            found[deed] = ""
    return found


def line_of(reason: str) -> str:
    """The line of the file that a reason names."""
    file, line, _ = reason.strip().rsplit("  ", 1)[1].split(":")
    return (LIBRARY / file).read_text("utf-8").splitlines()[int(line) - 1]


def test_what_a_role_grants_is_open_and_names_the_line_of_the_grant(library: Site) -> None:
    said = explained(library, "lena")
    assert {"能查看", "能新增", "能修改", "能停用", "能看“Phone”的原文"} <= set(said)
    assert said["能修改"].startswith("Librarian：允许  config/roles.yaml:")
    assert "member: [read, create, edit, retire" in line_of(said["能修改"])
    assert "private_fields: [member.phone" in line_of(said["能看“Phone”的原文"])


def test_what_no_role_grants_is_closed(library: Site) -> None:
    said = explained(library, "dan")
    assert said["不能停用"].startswith("Lending desk：没有停用“Member”的权限")
    assert "member: [read, create, edit]" in line_of(said["不能停用"])
    assert said["不能看“E-mail”的原文"].startswith("没有角色可看原文，显示为掩码")
    assert "email: {" in line_of(said["不能看“E-mail”的原文"])


def test_a_grant_that_depends_on_the_record_is_told_in_words(library: Site) -> None:
    said = explained(library, "dan")["能看“Phone”的原文"]
    assert said.startswith("Lending desk：符合条件，可看原文：“Blocked”为否")
    assert "when: blocked is no" in line_of(said)


def test_a_record_out_of_scope_is_closed_in_every_way(library: Site) -> None:
    said = explained(library, "ann")
    assert "只看符合条件的记录，这条不符合：" in said["不能查看"]
    assert "member: id is my.member" in line_of(said["不能查看"])
    library.says("user", "create", "own", "--role", "member_self", "--set", "member=HOUSE")
    assert "能查看" in explained(library, "own")


def test_who_has_no_role_may_do_nothing_and_is_told_so(library: Site) -> None:
    said = explained(library, "nemo")
    assert said["不能查看"] == "没有任何角色\n"
    assert not [deed for deed in said if deed.startswith("能")]


def test_who_is_disabled_is_told_so_first(library: Site) -> None:
    library.says("user", "create", "gone", "--role", "librarian")
    library.says("user", "disable", "gone")
    said = library.says("explain", "member", "HOUSE", "--as", "gone").splitlines()
    assert said[1:3] == ["  账号已停用，现在不能登录；启用后：", "  能查看"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("members", "HOUSE", "lena"), "没有“members”这个实体，有："),
        (("member", "NOBODY", "lena"), "“Member”没有恰好一条叫“NOBODY”的记录"),
        (("member", "HOUSE", "ghost"), "没有“ghost”这个账号"),
    ],
)
def test_what_is_not_there_is_named(library: Site, words: tuple[str, str, str], says: str) -> None:
    entity, record, who = words
    assert says in library.refusal("explain", entity, record, "--as", who)


def test_a_site_that_was_never_applied_says_what_to_run(tmp_path: Path) -> None:
    site = Site(tmp_path, f"sqlite:///{tmp_path / 'site.db'}")
    assert "budayang apply --yes" in site.refusal("explain", "member", "HOUSE", "--as", "lena")
