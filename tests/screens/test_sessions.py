"""What ends a session: each way, at both doors, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.exc import OperationalError

from app.domain import accounts
from app.domain.context import Context
from app.schema.platform import platform
from tests.conftest import Clock
from tests.screens.site import PASSWORD, House, office, open_house, settings_of

NEW = "Other-Wind-48-South"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def api_answers(house: House, token: str) -> int:
    """Any address behind the log-in; it isn't found when one is in, and refused when one isn't."""
    return (
        house.app.test_client().post("/api/v1/security/logout", headers=bearer(token)).status_code
    )


@pytest.mark.parametrize(
    ("gap", "times", "alive"),
    [(29, 1, True), (31, 1, False), (25, 10, True), (29, 17, False)],
    ids=[
        "used again in time",
        "idle for half an hour",
        "used now and then",
        "eight hours are over",
    ],
)
def test_a_session_lives_while_it_is_used_and_no_longer_than_a_day_s_work(
    house: House, still: Clock, gap: int, times: int, alive: bool
) -> None:
    browser = house.browser("wanda")
    for _ in range(times):
        still.advance(minutes=gap)
        answer = browser.get("/account")
    assert (answer.status_code == 200) is alive


def test_looking_often_writes_once_a_minute(house: House, still: Clock) -> None:
    browser = house.browser("wanda")

    def seen() -> object:
        with house.engine.connect() as connection:
            return connection.scalar(
                platform.session.select().with_only_columns(platform.session.c.seen_at)
            )

    began = seen()
    still.advance(seconds=50)
    browser.get("/account")
    assert seen() == began
    still.advance(seconds=20)
    browser.get("/account")
    assert seen() == still()


ENDINGS: dict[str, Callable[[Context, int], object]] = {
    "the password was reset": accounts.reset_password,
    "the log-in was disabled": lambda c, who: accounts.set_active(c, who, False),
    "a role was given": lambda c, who: accounts.set_roles(c, who, frozenset({"writer", "watcher"})),
    "a role was taken": lambda c, who: accounts.set_roles(c, who, frozenset()),
    "the person moved to another department": lambda c, who: accounts.edit_account(
        c, who, accounts.Facts("wanda")
    ),
}


@pytest.mark.parametrize("what", ENDINGS)
def test_what_an_administrator_does_ends_it_at_both_doors(house: House, what: str) -> None:
    browser, token = house.browser("wanda"), house.token("wanda")["access_token"]
    bystander = house.browser("karl")
    house.as_administrator(lambda context: ENDINGS[what](context, house.people["wanda"]))
    assert browser.get("/account").status_code == 302
    assert api_answers(house, token) == 401
    assert bystander.is_in()


def test_a_name_put_right_ends_nothing(house: House) -> None:
    browser = house.browser("wanda")
    who = house.people["wanda"]

    def rename(context: Context) -> None:
        found = accounts.find_account(context, who)
        accounts.edit_account(context, who, accounts.Facts("王达", person=found.person))

    house.as_administrator(rename)
    assert "王达" in browser.get("/account").text


def test_one_s_own_new_password_ends_all_sessions_but_this_one(house: House) -> None:
    here, elsewhere = house.browser("wanda"), house.browser("wanda")
    token = house.token("wanda")["access_token"]
    before = here.cookie()
    here.get("/account/password")
    answer = here.post("/account/password", {"present": PASSWORD, "wanted": NEW, "again": NEW})
    assert answer.status_code == 302
    assert here.is_in()
    assert not elsewhere.is_in()
    assert api_answers(house, token) == 401
    stale = house.browser()
    stale.client.set_cookie("budayang", before)
    assert not stale.is_in(), "this browser's old cookie is worth nothing either"
    assert house.browser().log_in("wanda").status_code == 401
    assert house.browser().log_in("wanda", NEW).status_code == 302


def test_one_of_one_s_own_sessions_can_be_ended_from_another(house: House) -> None:
    phone, desk = house.browser("wanda"), house.browser("wanda")
    desk.get("/account")
    with house.engine.connect() as connection:
        first = connection.scalar(
            platform.session.select().with_only_columns(platform.session.c.id)
        )
    assert desk.post(f"/account/sessions/{first}/end").status_code == 302
    assert not phone.is_in()
    assert desk.is_in()


def test_nobody_ends_another_s_session(house: House) -> None:
    victim, other = house.browser("wanda"), house.browser("karl")
    for number in range(1, 10):
        if other.post(f"/account/sessions/{number}/end").status_code == 302:
            other = house.browser("karl")  # that one was its own
    assert victim.is_in()


def test_a_person_made_by_other_means_can_come_in(house: House) -> None:
    with house.engine.begin() as connection:
        connection.execute(platform.account.delete())
    assert house.browser("wanda").is_in()


def test_more_sessions_than_a_person_may_have_end_the_oldest(
    database: Engine, tmp_path, still: Clock
) -> None:  # type: ignore[no-untyped-def]
    house = open_house(office(), database, settings_of(tmp_path, sessions_per_person=3), still)
    house.person("wanda")
    browsers = [house.browser("wanda") for _ in range(4)]
    assert [browser.is_in() for browser in browsers] == [False, True, True, True]
    house.schema.dispose()


def test_without_a_limit_none_ends(house: House) -> None:
    browsers = [house.browser("wanda") for _ in range(5)]
    assert all(browser.is_in() for browser in browsers)


def test_a_session_key_isn_t_kept_in_the_database(house: House) -> None:
    browser = house.browser("wanda")
    with browser.client.session_transaction() as cookie:
        key = cookie["key"]
    with house.engine.connect() as connection:
        stored = connection.scalar(
            platform.session.select().with_only_columns(platform.session.c.key_hash)
        )
        assert stored != key
        connection.execute(update(platform.session).values(key_hash=key))
        connection.commit()
    assert not browser.is_in()


def test_reading_goes_on_while_somebody_else_writes_for_long(
    house: House, still: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That a session is in use is noted once a minute; where it can't be, the page is shown all the same."""
    browser = house.browser("wanda")
    still.advance(minutes=5)

    def busy(*_args: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    monkeypatch.setattr("app.screens.security.identity.sessions.see", busy)
    assert browser.is_in()


def test_a_log_in_that_was_disabled_in_the_database_itself_is_out_too(house: House) -> None:
    browser, token = house.browser("wanda"), house.token("wanda")["access_token"]
    with house.engine.begin() as connection:
        connection.execute(update(platform.user).values(active=False))
    assert not browser.is_in()
    assert api_answers(house, token) == 401
