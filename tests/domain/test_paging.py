"""However a search is put to the database, the list shows the same rows in the same order, and counts the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import URL

from app.domain import paging, queries, records
from app.domain.context import Context
from app.domain.filters import read_request
from app.schema import search_index
from app.schema.engine import engine as make_engine
from tests.domain.desk import Desk, open_desk

SHOWN = 7
ROWS = 40

# How many matches count as few, how many rows are walked before that is given up, and how many rows left by other
# filters are looked at one by one to count them.
WAYS = {
    "fetched, since they are few": (10_000, 10_000, 10_000),
    "walked, since they are many": (0, 10_000, 10_000),
    "walked, and counted from the matches": (0, 10_000, 0),
    "walked until that takes too long": (0, 9, 10_000),
    "never found by walking": (0, 0, 0),
}


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def desk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """Members of both branches, some without a score; those that match 甲 lie at the far end of some orders."""
    url: str | URL = f"sqlite:///{tmp_path_factory.mktemp('desk') / 'site.db'}"
    if request.param == "postgres":
        url = request.getfixturevalue("pg_databases").make()
    engine = make_engine(url)
    desk = open_desk(engine)
    for number in range(ROWS):
        member: dict[str, object] = {
            "name": f"{'甲组' if number < 25 else '乙组'}读者{number:02}",
            "branch": desk.departments["north" if number % 4 else "south"],
            "score": None if number % 5 == 0 else number // 2,
            "phone": f"1380013{number:04}",
            "vip": "yes" if number % 3 == 0 else "no",
            "reason_vip": "x",
        }
        with desk.as_("head") as context:
            records.create(context, "member", member)
    yield desk
    engine.dispose()


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    few, walked, at_hand = WAYS[request.param]
    monkeypatch.setattr(search_index, "FEW", few)
    monkeypatch.setattr(search_index, "AT_HAND", at_hand)
    monkeypatch.setattr(paging, "WALKED", walked)
    return str(request.param)


def listed(context: Context, **asked: str) -> queries.Page:
    member = context.manifest.entities["member"]
    request = read_request(context, member, {key: [text] for key, text in asked.items()})
    return queries.page(context, request, ["name", "score"])


def numbers(page: queries.Page) -> list[int]:
    return [int(str(row.values["name"])[-2:]) for row in page.rows]


def scored(number: int) -> int | None:
    return None if number % 5 == 0 else number // 2


def in_order(found: list[int], order: str) -> list[int]:
    """What the list should show; empty values last."""
    if order in ("id", "-id"):
        return sorted(found, reverse=order == "-id")
    down = order == "-score"
    filled = [(score, n) for n in found if (score := scored(n)) is not None]
    empty = sorted((n for n in found if scored(n) is None), reverse=down)
    return [n for _, n in sorted(filled, reverse=down)] + empty


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("order", ["-score", "score", "id"])
@pytest.mark.parametrize(
    ("typed", "narrowed"),
    [
        ("甲组", ""),
        ("乙组", ""),
        ("组读", "vip"),
        ("读者1", ""),
        ("读者 甲", "vip"),
        ("9", ""),
        ("没有", ""),
    ],
)
def test_a_search_shows_each_match_once_in_order(
    desk: Desk, order: str, typed: str, narrowed: str
) -> None:
    texts = {n: f"{'甲组' if n < 25 else '乙组'}读者{n:02}" for n in range(ROWS) if n % 4}
    found = [n for n, text in texts.items() if all(word in text for word in typed.split())]
    found = [n for n in found if not narrowed or n % 3 == 0]
    asked = {"q": typed, "order": order, "size": str(SHOWN)} | ({"vip": "yes"} if narrowed else {})
    with desk.as_("north") as context:
        page = listed(context, **asked)
        seen, count = numbers(page), page.count
        while page.next:
            page = listed(context, **asked, after=page.next)
            seen += numbers(page)
        back = numbers(page)
        while page.previous:
            page = listed(context, **asked, before=page.previous)
            back = numbers(page) + back
    assert seen == back == in_order(found, order)
    assert count == len(found)


@pytest.mark.usefixtures("way")
def test_a_count_stops_at_its_cap_from_whichever_side_it_counts(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "COUNT_CAP", 7)
    monkeypatch.setattr(queries, "FOUND_CAP", 5)
    with desk.as_("head") as context:
        every = listed(context)
        many = listed(context, q="读者")
        some = listed(context, q="读者0", vip="yes")
        none = listed(context, q="没有")
    assert (every.count, every.capped) == (7, True)
    assert (many.count, many.capped) == (5, True)
    assert (some.count, some.capped) == (4, False)
    assert (none.count, none.capped) == (0, False)


@pytest.mark.usefixtures("way")
def test_what_a_ref_may_be_set_to_is_found_all_the_same(desk: Desk) -> None:
    with desk.as_("north") as context:
        found = queries.options(context, "member", "读者1")
    assert [one.label[-2:] for one in found] == ["19", "18", "17", "15", "14", "13", "11", "10"]
