"""Many at once: nobody gets another's rows, and of two who save the same record one is told.

Flask-AppBuilder keeps the filters of a list on the view, shared by all threads; and reads a record, changes it and
writes it back without asking whether it is still the same.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from app.domain import records
from app.schema.engine import reading
from app.schema.platform import platform
from tests.screens.records.conftest import words
from tests.security.ward import Ward

THREADS = 8
ROUNDS = 200


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads change over far more often than usual."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def test_a_hundred_lists_at_once_with_different_filters_never_mix(fresh: Ward, hasty: None) -> None:
    """Each asks for one score and looks at what it got, by filter and by condition, as three people in turn."""
    head, north, south = (fresh.walker(name) for name in ("head", "north", "south"))
    for number in range(40):
        branch = ("north", "south")[number % 2]
        body = {"name": f"读者{number:02}号", "branch": fresh.house.places[branch], "score": number}
        assert head.rest("POST", "member/", json=body).status_code == 201

    def page(number: int) -> tuple[int, set[int], set[int]]:
        """Who asks for exactly this score: head sees all, a clerk those of their branch."""
        walker, sees = ((head, {0, 1}), (north, {0}), (south, {1}))[number % 3]
        score = number % 40
        wanted = {score} if score % 2 in sees else set()
        by_filter = f"(filters:!((col:score,opr:eq,value:{score})),columns:!(score))"
        by_condition = f"(where:'score is {score}',columns:!(score))"
        q = (by_filter, by_condition)[number // 3 % 2]
        answer: Any = walker.rest("GET", "member/", query_string={"q": q})
        return answer.status_code, {row["score"] for row in answer.json["result"]}, wanted

    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(page, range(120)))
    assert [one for one in found if one[0] != 200 or one[1] != one[2]] == []


def test_pages_of_a_list_never_mix_either(fresh: Ward, hasty: None) -> None:
    browsers = {name: fresh.house.browser(name) for name in ("head", "north", "south")}
    cookies = {name: one.get_cookie("budayang") for name, one in browsers.items()}
    with fresh.house.writing() as context:
        for number in range(20):
            branch = fresh.house.places[("north", "south")[number % 2]]
            values = {"name": f"读者{number:02}号", "branch": branch, "score": number}
            records.create(context, "member", values)

    def page(number: int) -> tuple[set[str], set[str]]:
        name = ("head", "north", "south")[number % 3]
        score = number % 20
        client, cookie = fresh.house.app.test_client(), cookies[name]
        assert cookie is not None
        client.set_cookie("budayang", cookie.value)
        text = words(client.get(f"/member/list?score={score}").text)
        sees = {"head": (0, 1), "north": (0,), "south": (1,)}[name]
        wanted = {f"读者{score:02}号"} if score % 2 in sees else set()
        return {f"读者{one:02}号" for one in range(20) if f"读者{one:02}号" in text}, wanted

    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(page, range(100)))
    assert [one for one in found if one[0] != one[1]] == []


def together(*deeds: Callable[[], int]) -> list[int]:
    """What each answered, all having begun at the same moment."""
    gate = threading.Barrier(len(deeds))

    def do(deed: Callable[[], int]) -> int:
        gate.wait(10)
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


@pytest.mark.slow
def test_of_two_who_save_at_once_one_saves_and_one_is_told(fresh: Ward) -> None:
    """Two hundred times: one 200, one 409, one row of history more, and the row is the winner's whole."""
    head, other = fresh.walker("head"), fresh.walker("head")
    made: Any = head.rest("POST", "book/", json={"name": "史记", "price": "1"})
    record = made.json["id"]
    history = platform.history
    for version in range(1, ROUNDS + 1):

        def change(who: str, version: int = version) -> Callable[[], int]:
            body = {"version": version, "name": f"{who}{version}", "isbn": f"{who}{version}"}
            walker = head if who == "甲" else other
            return lambda: walker.rest("PUT", f"book/{record}", json=body).status_code

        assert sorted(together(change("甲"), change("乙"))) == [200, 409], version
        stored: Any = head.rest("GET", f"book/{record}")
        row = stored.json["result"]
        assert row["version"] == version + 1 and row["name"] == row["isbn"]
    with reading(fresh.house.engine) as db:
        mine = select(func.count()).where(history.c.record_id == record, history.c.entity == "book")
        assert db.scalar(mine) == ROUNDS + 1


def test_of_many_who_take_the_same_unique_value_one_gets_it(fresh: Ward) -> None:
    """The others are told at the field; the number of none of them is lost."""
    head = fresh.walker("head")

    def make(number: int) -> Callable[[], int]:
        body = {"name": f"书{number}", "isbn": "978-7"}
        return lambda: head.rest("POST", "book/", json=body).status_code

    for _round in range(5):
        answers = together(*(make(number) for number in range(6)))
        assert sorted(answers) in ([201, *[422] * 5], [422] * 6), answers
    q = "(columns:!(isbn),page_size:100)"
    rows: Any = head.rest("GET", "book/", query_string={"q": q}).json
    assert [row["isbn"] for row in rows["result"]].count("978-7") == 1
