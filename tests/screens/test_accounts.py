"""Looking after log-ins and roles: who may, what is refused, what is left in the log."""

from __future__ import annotations

import re

import pytest

from app.domain import accounts
from app.domain.context import Context
from app.domain.errors import Denied, Invalid
from app.schema.platform import platform
from tests.screens.site import PASSWORD, Browser, House

NEW = "Other-Wind-48-South"
ONCE = re.compile(r'<output class="secret" id="once">([^<]+)</output>')


def made(karl: Browser, **said: object) -> str:
    karl.get("/accounts/new")
    form = {
        "username": "olaf",
        "name": "欧阳锋",
        "email": "olaf@example.com",
        "department": "2",
        "posts": ["1"],
    }
    answer = karl.post("/accounts/new", form | said)
    found = ONCE.search(answer.text)
    assert found, answer.text
    return found[1]


def test_a_new_person_gets_a_password_for_once_and_must_change_it(house: House) -> None:
    password = made(house.browser("karl"))
    olaf = house.browser()
    assert olaf.log_in("olaf", password).status_code == 302
    for path in ("/", "/account", "/accounts"):
        assert olaf.get(path).location == "/account/password", path
    assert "一次性密码" in olaf.get("/account/password").text
    form = {"present": password, "wanted": NEW, "again": NEW}
    assert olaf.post("/account/password", form).status_code == 302
    page = olaf.get("/account").text
    assert "欧阳锋" in page
    assert "一号窗口" in page
    assert "开门人" in page


def test_before_that_rest_is_closed_too(house: House) -> None:
    password = made(house.browser("karl"))
    program = house.app.test_client()
    token = program.post(
        "/api/v1/security/login", json={"username": "olaf", "password": password}
    ).json
    bearer = {"Authorization": f"Bearer {token['access_token']}"}
    answer = program.post("/api/v1/security/logout", headers=bearer)
    assert answer.status_code == 403


def test_the_password_is_shown_once_and_stored_nowhere(house: House) -> None:
    karl = house.browser("karl")
    password = made(karl)
    number = house.count(platform.user)
    assert password not in karl.get(f"/accounts/{number}").text
    told = str([tuple(row) for row in house.audit()])
    assert password not in told
    with house.engine.connect() as connection:
        stored = connection.execute(
            platform.user.select().where(platform.user.c.username == "olaf")
        ).one()
    assert stored.password.startswith("$argon2id$")


def test_the_form_comes_back_filled_in_with_what_is_wrong(house: House) -> None:
    karl = house.browser("karl")
    karl.get("/accounts/new")
    form = {
        "username": "a b",
        "name": "",
        "email": "nowhere",
        "department": "99",
        "posts": ["7"],
        "field_badge": "B-7",
    }
    answer = karl.post("/accounts/new", form)
    assert answer.status_code == 422
    for word in ("请从列表中选择",):
        assert word in answer.text
    assert 'value="a b"' in answer.text
    assert 'value="B-7"' in answer.text
    right = {**form, "department": "2", "posts": []}
    answer = karl.post("/accounts/new", right)
    assert answer.status_code == 422
    for word in ("用户名只能用", "请填写姓名", "邮箱格式不对"):
        assert word in answer.text


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"username": "WANDA"}, "已有账号使用这个用户名"),
        ({"email": "wanda@users.invalid"}, "已有账号使用这个邮箱"),
        ({"username": "x"}, "用户名为 2 至 64 个字符"),
        ({"username": "a" * 65}, "用户名为 2 至 64 个字符"),
        ({"username": "a\u202eb"}, "用户名只能用"),
        ({"name": "a\u202eb"}, "姓名中有不可见的字符"),
        ({"name": "名" * 65}, "不超过 64 个字符"),
    ],
)
def test_a_person_that_can_t_be_is_refused(
    house: House, said: dict[str, str], message: str
) -> None:
    karl = house.browser("karl")
    karl.get("/accounts/new")
    before = house.count(platform.user)
    form = {"username": "olaf", "name": "欧阳锋", "email": "olaf@example.com"}
    answer = karl.post("/accounts/new", form | said)
    assert answer.status_code == 422
    assert message in answer.text
    assert house.count(platform.user) == before


def test_the_keeper_of_log_ins_can_t_slip_in_a_role(house: House) -> None:
    karl = house.browser("karl")
    karl.get("/accounts/new")
    answer = karl.post(
        "/accounts/new", {"username": "olaf", "name": "欧阳锋", "roles": ["granter"]}
    )
    assert answer.status_code == 403
    assert house.count(platform.user) == len(house.people)


def test_roles_are_given_by_the_granter_alone_and_take_hold(house: House) -> None:
    nora, number = house.browser("nora"), house.people["nora"]
    gina = house.browser("gina")
    gina.get(f"/accounts/{number}/roles")
    assert gina.post(f"/accounts/{number}/roles", {"roles": ["writer"]}).status_code == 302
    assert not nora.is_in()
    assert "文件" in house.browser("nora").get("/").text
    row = house.audit("roles_change")[-1]
    assert (row.by_name, row.details) == (
        "gina",
        {"username": "nora", "given": ["writer"], "taken": []},
    )
    assert gina.post(f"/accounts/{number}/roles", {}).status_code == 302
    assert "联系管理员授予角色" in house.browser("nora").get("/").text


@pytest.mark.parametrize(
    ("roles", "message"),
    [
        (["watcher", "keeper"], "不能由同一人担任"),
        (["keeper", "watcher", "writer"], "不能由同一人担任"),
        (["granter", "watcher"], "不能由同一人担任"),
        (["nonesuch"], "没有这个角色"),
        (["writ"], "没有这个角色"),
    ],
)
def test_roles_that_exclude_each_other_aren_t_one_person_s(
    house: House, roles: list[str], message: str
) -> None:
    gina, number = house.browser("gina"), house.people["nora"]
    gina.get(f"/accounts/{number}/roles")
    answer = gina.post(f"/accounts/{number}/roles", {"roles": roles})
    assert answer.status_code == 422
    assert message in answer.text
    assert house.audit("roles_change")[-1].details["username"] != "nora"


def test_two_that_get_on_are(house: House) -> None:
    gina, number = house.browser("gina"), house.people["nora"]
    gina.get(f"/accounts/{number}/roles")
    assert (
        gina.post(f"/accounts/{number}/roles", {"roles": ["keeper", "granter"]}).status_code == 302
    )


def test_nobody_gives_themselves_a_role(house: House) -> None:
    gina, number = house.browser("gina"), house.people["gina"]
    gina.get("/account")
    answer = gina.post(f"/accounts/{number}/roles", {"roles": ["granter", "writer"]})
    assert answer.status_code == 403
    assert "不能给自己增减角色" in answer.text
    assert "业务" not in gina.get("/").text


def test_nobody_disables_themselves(house: House) -> None:
    karl = house.browser("karl")
    karl.get("/account")
    assert karl.post(f"/accounts/{house.people['karl']}/disable").status_code == 403
    assert karl.is_in()


def test_a_disabled_person_is_out_and_enabled_is_in_again(house: House) -> None:
    karl, number = house.browser("karl"), house.people["wanda"]
    karl.get("/account")
    assert karl.post(f"/accounts/{number}/disable").status_code == 302
    assert house.browser().log_in("wanda").status_code == 401
    karl.get("/account")
    assert karl.post(f"/accounts/{number}/enable").status_code == 302
    assert house.browser().log_in("wanda").status_code == 302
    assert [row.action for row in house.audit() if row.action.startswith("account_")][-2:] == [
        "account_disable",
        "account_enable",
    ]


def test_a_lock_is_lifted_by_hand(house: House) -> None:
    for _ in range(6):
        house.browser().log_in("wanda", "wrong")
    karl, number = house.browser("karl"), house.people["wanda"]
    assert "已锁定" in karl.get(f"/accounts/{number}").text
    assert karl.post(f"/accounts/{number}/unlock").status_code == 302
    assert "已锁定" not in karl.get(f"/accounts/{number}").text
    assert house.browser().log_in("wanda").status_code == 302


def test_a_reset_password_works_once_and_the_old_one_never_again(house: House) -> None:
    karl, number = house.browser("karl"), house.people["wanda"]
    karl.get(f"/accounts/{number}")
    found = ONCE.search(karl.post(f"/accounts/{number}/password").text)
    assert found
    assert house.browser().log_in("wanda").status_code == 401
    assert house.browser().log_in("wanda", found[1]).status_code == 302


@pytest.mark.parametrize("name", ["gina", "walt", "karl"])
def test_resetting_is_no_way_to_take_over_rights_one_hasn_t(house: House, name: str) -> None:
    karl, number = house.browser("karl"), house.people[name]
    karl.get("/account")
    assert karl.post(f"/accounts/{number}/password").status_code == 403
    assert house.browser().log_in(name).status_code == 302


def test_on_the_server_it_can_be_done(house: House) -> None:
    house.as_administrator(lambda context: accounts.reset_password(context, house.people["gina"]))
    assert house.browser().log_in("gina").status_code == 401


@pytest.mark.parametrize(
    ("form", "status", "message"),
    [
        ({"present": "wrong", "wanted": NEW, "again": NEW}, 403, "当前密码不正确"),
        ({"present": "", "wanted": NEW, "again": NEW}, 403, "当前密码不正确"),
        ({"wanted": NEW, "again": NEW}, 403, "当前密码不正确"),
        ({"present": PASSWORD, "wanted": NEW, "again": "x"}, 422, "两次输入的新密码不一致"),
        ({"present": PASSWORD, "wanted": PASSWORD, "again": PASSWORD}, 422, "不能与当前密码相同"),
        ({"present": PASSWORD, "wanted": "short", "again": "short"}, 422, "至少 10 个字符"),
        (
            {"present": PASSWORD, "wanted": "Wanda-Mill-47", "again": "Wanda-Mill-47"},
            422,
            "不能含有用户名",
        ),
        ({"present": PASSWORD, "wanted": "Password-2026", "again": "Password-2026"}, 422, "太常见"),
    ],
)
def test_a_password_that_can_t_be_changed_so(
    house: House, form: dict[str, str], status: int, message: str
) -> None:
    wanda = house.browser("wanda")
    wanda.get("/account/password")
    answer = wanda.post("/account/password", form)
    assert (answer.status_code, message in answer.text) == (status, True)
    assert wanda.is_in()
    assert house.browser().log_in("wanda").status_code == 302


def test_the_present_password_can_t_be_guessed_from_within(house: House) -> None:
    wanda = house.browser("wanda")
    wanda.get("/account/password")
    form = {"present": "wrong", "wanted": NEW, "again": NEW}
    assert [wanda.post("/account/password", form).status_code for _ in range(6)] == [403] * 5 + [
        429
    ]
    assert len([row for row in house.audit("password_change") if not row.allowed]) == 5


def test_what_was_not_done_leaves_no_trace_in_the_tables(house: House) -> None:
    """A refusal in the middle of several steps takes back those before it."""

    def half(context: Context) -> None:
        accounts.create_account(
            context,
            "olaf",
            accounts.Facts("欧阳锋"),
            password=NEW,
            roles=frozenset({"keeper", "watcher"}),
        )

    with pytest.raises(Invalid):
        house.as_administrator(half)
    assert house.count(platform.user) == len(house.people)
    assert house.count(platform.account) == len(house.people)


def test_without_a_right_the_domain_refuses_whoever_asks(house: House) -> None:
    from dataclasses import replace

    from app.domain.context import NOBODY

    def as_nobody(context: Context) -> None:
        accounts.set_active(replace(context, actor=NOBODY), house.people["wanda"], False)

    with pytest.raises(Denied):
        house.as_administrator(as_nobody)
