"""Lists are filtered, searched, sorted and paged; a question that makes no sense is named, never answered by all."""

from __future__ import annotations

import json
import time
from urllib.parse import quote

import pytest

from tests.screens.api.served import Served
from tests.screens.api.test_records import error


def numbers(served: Served, q: str, who: str = "head") -> list[int]:
    """The members found, by the number in their name."""
    return [int(name[-2:]) for name in served.as_(who).names("member/", q)]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("(col:score,opr:eq,value:5)", {5}),
        ("(col:score,opr:neq,value:5)", set(range(1, 31)) - {5}),
        ("(col:score,opr:gt,value:28)", {29}),
        ("(col:score,opr:ge,value:28),(col:score,opr:le,value:29)", {28, 29}),
        ("(col:score,opr:lt,value:'２')", {1}),
        ("(col:score,opr:in,value:!(1,2,99))", {1, 2}),
        ("(col:score,opr:not_in,value:!(1,2))", set(range(3, 31))),
        ("(col:score,opr:empty)", set(range(3, 31, 3))),
        ("(col:score,opr:set),(col:score,opr:le,value:4)", {1, 2, 4}),
        ("(col:born,opr:gt,value:'2029-01-15')", {30}),
        ("(col:born,opr:ge,value:'2029/1/15')", {29, 30}),
        ("(col:born,opr:gt,value:today)", {27, 28, 29, 30}),
        ("(col:name,opr:eq,value:读者07)", {7}),
        ("(col:name,opr:ct,value:'者0')", set(range(1, 10))),
        ("(col:name,opr:nct,value:'者0')", set(range(10, 31))),
        ("(col:name,opr:sw,value:读者1)", set(range(10, 20))),
        ("(col:name,opr:nsw,value:读者1),(col:name,opr:nsw,value:读者2)", {*range(1, 10), 30}),
        ("(col:name,opr:ew,value:'9')", {9, 19, 29}),
        ("(col:name,opr:new,value:'9')", set(range(1, 31)) - {9, 19, 29}),
        ("(col:phone,opr:ew,value:'0000030')", {30}),
        ("(col:tags,opr:ct,value:war)", set(range(2, 31, 2))),
        ("(col:tags,opr:nct,value:art)", set(range(2, 31, 2))),
        ("(col:vip,opr:eq,value:!t)", set()),
        ("(col:vip,opr:neq,value:yes)", set(range(1, 31))),
        ("(col:created_at,opr:eq,value:'2026-03-02')", set(range(1, 31))),
        ("(col:created_at,opr:gt,value:'2026-03-02')", set()),
        ("(col:created_at,opr:ge,value:'2026-03-02 09:00')", set(range(1, 31))),
        ("(col:created_at,opr:lt,value:'2026-03-02T01:00:00Z')", set()),
        ("(col:created_at,opr:le,value:today)", set(range(1, 31))),
        ("(col:created_at,opr:gt,value:'now - 4h')", set(range(1, 31))),
        ("(col:created_by,opr:rel_o_m,value:me)", set(range(1, 31))),
        ("(col:branch,opr:neq,value:999999)", set(range(1, 31))),
        ("(col:id,opr:in,value:!(999999))", set()),
        ("(col:branch,opr:eq,value:40144387866477)", set()),
        ("(col:created_by,opr:rel_o_m,value:9999999999)", set()),
    ],
)
def test_each_operator_finds_its_rows(stocked: Served, filters: str, found: set[int]) -> None:
    assert set(numbers(stocked, f"(filters:!({filters}),page_size:100)")) == found


def test_a_ref_is_filtered_by_id_and_by_whose_one_is(stocked: Served) -> None:
    north = stocked.desk.departments["north"]
    odd = set(range(1, 31, 2))
    for value in (
        f"(col:branch,opr:eq,value:{north})",
        f"(col:branch,opr:rel_o_m,value:'{north}')",
    ):
        assert set(numbers(stocked, f"(filters:!({value}),page_size:100)")) == odd
    mine = "(filters:!((col:branch,opr:eq,value:my.department)),page_size:100)"
    assert set(numbers(stocked, mine, "north")) == odd
    assert numbers(stocked, "(filters:!((col:branch,opr:eq,value:my.department)))") == [], (
        "head has none"
    )


def test_a_choice_is_compared_in_its_written_order(stocked: Served) -> None:
    books = stocked.as_("head")
    assert books.names(
        "book/", "(filters:!((col:shelf,opr:gt,value:a)),order_column:created_at)"
    ) == [
        "红楼梦",
        "100%_\\'\";--",
    ]
    assert books.names("book/", "(filters:!((col:shelf,opr:lt,value:b)))") == ["史记"]


@pytest.mark.parametrize("text", ["%", "_", "\\", "'", '"', ";--", "%_\\'\";--", "100"])
def test_a_text_is_looked_for_literally(stocked: Served, text: str) -> None:
    q = json.dumps({"filters": [{"col": "name", "opr": "ct", "value": text}]})
    assert stocked.as_("head").names("book/", q) == ["100%_\\'\";--"]
    q = json.dumps({"filters": [{"col": "name", "opr": "sw", "value": text}]})
    assert stocked.as_("head").names("book/", q) == (["100%_\\'\";--"] if text == "100" else [])


@pytest.mark.parametrize("text", ["') OR 1=1--", "史%", "_记", "x" * 999, "\U0001f600"])
def test_an_attempt_at_more_finds_nothing(stocked: Served, text: str) -> None:
    q = json.dumps({"filters": [{"col": "name", "opr": "ct", "value": text}]})
    assert stocked.as_("head").names("book/", q) == []


def test_a_number_that_looks_like_text_stays_text(stocked: Served) -> None:
    assert stocked.as_("head").rows("book/", "(search:'100')")
    assert len(stocked.as_("head").rows("book/", "(where:'name contains \"100%\"')")) == 1
    assert len(stocked.as_("head").rows("book/", "(filters:!((col:name,opr:sw,value:100)))")) == 1
    assert stocked.as_("head").rows("book/", "(where:'price > 20')")[0]["name"] == "红楼梦"


def test_pages_follow_one_another_without_gap_or_repetition(stocked: Served) -> None:
    head = stocked.as_("head")
    by_page = [n for page in range(5) for n in numbers(stocked, f"(page:{page},page_size:7)")]
    assert len(by_page) == 30 and len(set(by_page)) == 30
    assert by_page[:3] == [29, 28, 26], "by score, the highest first"
    assert set(by_page[20:]) == set(range(3, 31, 3)), "those without a score last"
    by_cursor: list[int] = []
    after = ""
    while True:
        answer = head.get("member/", f"(page_size:7,after:'{after}')").json
        by_cursor += [int(row["name"][-2:]) for row in answer["result"]]
        if answer["next"] is None:
            break
        after = answer["next"]
    assert by_cursor == by_page
    back = head.get("member/", f"(page_size:7,before:'{answer['previous']}')").json["result"]
    assert [int(row["name"][-2:]) for row in back] == by_page[21:28]


@pytest.mark.parametrize("page", [2, 3, 4, 5, 9])
def test_a_page_beyond_those_with_a_value_begins_where_it_should(
    stocked: Served, page: int
) -> None:
    whole = numbers(stocked, "(page_size:100)")
    assert numbers(stocked, f"(page:{page},page_size:6)") == whole[page * 6 : page * 6 + 6]


def test_sorting_goes_both_ways(stocked: Served) -> None:
    assert numbers(stocked, "(order_column:score,order_direction:asc,page_size:3)") == [1, 2, 4]
    assert numbers(stocked, "(order_column:born,order_direction:desc,page_size:2)") == [30, 29]
    assert numbers(stocked, "(order_column:id,order_direction:asc,page_size:2)") == [1, 2]


def test_the_count_is_that_of_the_readers_own_rows(stocked: Served) -> None:
    answer = stocked.as_("north").get("member/", "(page_size:5)").json
    assert (answer["count"], answer["count_is_capped"], len(answer["ids"])) == (15, False, 5)


def test_only_the_fields_asked_for_are_given(stocked: Served) -> None:
    rows = stocked.as_("head").rows("member/", "(columns:!(name,branch),page_size:1)")
    assert rows == [
        {"name": "读者29", "branch": {"id": stocked.desk.departments["north"], "title": "北馆"}}
    ]


def test_the_words_beside_the_rows_may_be_left_out(stocked: Served) -> None:
    whole = stocked.as_("head").get("member/").json
    assert whole["label_columns"]["branch"] == "所属馆"
    assert whole["list_columns"] == [
        "id",
        "name",
        "branch",
        "phone",
        "vip",
        "born",
        "score",
        "version",
    ]
    bare = stocked.as_("head").get("member/", "(keys:!(none))").json
    assert set(bare) == {"count", "count_is_capped", "next", "previous", "ids", "result"}


def test_far_pages_are_asked_for_by_cursor(stocked: Served) -> None:
    assert stocked.as_("head").get("member/", "(page:49,page_size:200)").json["result"] == []
    told = error(stocked.as_("head").get("member/", "(page:50,page_size:200)"), 400)
    assert "next" in told["message"] and "page" in told["fields"]


WRONG = [
    ("(", "q"),
    ("x", "q"),
    ("!!!", "q"),
    ("!()", "q"),
    ("(page:0", "q"),
    ("(page:0)x", "q"),
    ("(page:0,page:1)", "q"),
    ("(" * 3000, "q"),
    ("(a:" * 3000, "q"),
    ('{"page":0,"page":1}', "q"),
    ('{"page":NaN}', "q"),
    ("[" * 3000, "q"),
    ('{"page":' + "[" * 3000, "q"),
    ("(page:" + "9" * 8000 + ")", "q"),
    ("(page:-1)", "page"),
    ("(page:x)", "page"),
    ("(page:1.5)", "page"),
    ("(page:!t)", "page"),
    ("(page:1000000000000000000)", "page"),
    ("(page_size:0)", "page_size"),
    ("(page_size:-5)", "page_size"),
    ("(page_size:-1)", "page_size"),
    ("(page_size:1000000000)", "page_size"),
    ("(page_size:x)", "page_size"),
    ("(page_size:'20')", "page_size"),
    ("(page:1,after:'x')", "page"),
    ("(after:'x')", "after"),
    ("(after:'WzEsMV0',order_column:name)", "after"),
    ("(before:'!!')", "before"),
    ("(order_column:password)", "password"),
    ("(order_column:tags,order_direction:asc)", "tags"),
    ("(order_column:created_by.password,order_direction:desc)", "created_by.password"),
    ("(order_column:name,order_direction:sideways)", "order_direction"),
    ("(order_column:!(a),order_direction:asc)", "order_column"),
    ("(columns:!(password))", "columns"),
    ("(columns:name)", "columns"),
    ("(columns:!(created_by.password))", "columns"),
    ("(columns:!(name),select_columns:!(name))", "columns"),
    ("(filters:x)", "filters"),
    ("(filters:!(x))", "filters"),
    ("(filters:!((col:name)))", "filters"),
    ("(filters:!((col:name,opr:eq,value:x,more:1)))", "filters"),
    ("(filters:!((col:!(name),opr:eq,value:x)))", "['name']"),
    ("(filters:!((col:name,opr:no_such,value:x)))", "name"),
    ("(filters:!((col:name,opr:gt,value:x)))", "name"),
    ("(filters:!((col:name,opr:eq,value:'')))", "name"),
    ("(filters:!((col:name,opr:eq)))", "name"),
    ("(filters:!((col:name,opr:eq,value:!n)))", "name"),
    ("(filters:!((col:name,opr:eq,value:!t)))", "name"),
    ("(filters:!((col:name,opr:ct,value:'" + "长" * 1001 + "')))", "name"),
    ("(filters:!((col:name,opr:in,value:!(" + ",".join("a" * 101) + "))))", "name"),
    ("(filters:!((col:password,opr:eq,value:x)))", "password"),
    ("(filters:!((col:created_by.password,opr:sw,value:p)))", "created_by.password"),
    ("(filters:!((col:reason_vip,opr:eq,value:x)))", "reason_vip"),
    ("(filters:!((col:score,opr:eq,value:abc)))", "score"),
    ("(filters:!((col:score,opr:eq,value:!(1,2))))", "score"),
    ("(filters:!((col:score,opr:gt,value:99999999999999999999)))", "score"),
    ("(filters:!((col:score,opr:gt,value:1e309)))", "score"),
    ("(filters:!((col:score,opr:sw,value:1)))", "score"),
    ("(filters:!((col:born,opr:gt,value:'2026-02-30')))", "born"),
    ("(filters:!((col:born,opr:gt,value:'0000-00-00')))", "born"),
    ("(filters:!((col:born,opr:gt,value:'today + 9999 years')))", "born"),
    ("(filters:!((col:created_at,opr:gt,value:'10000-01-01')))", "created_at"),
    ("(filters:!((col:created_at,opr:in,value:'2026-01-01')))", "created_at"),
    ("(filters:!((col:channel,opr:eq,value:klingon)))", "channel"),
    ("(filters:!((col:tags,opr:ct,value:opera)))", "tags"),
    ("(filters:!((col:tags,opr:eq,value:art)))", "tags"),
    ("(filters:!((col:branch,opr:eq,value:x)))", "branch"),
    ("(filters:!((col:branch,opr:eq,value:-1)))", "branch"),
    ("(filters:!((col:branch,opr:eq,value:me)))", "branch"),
    ("(filters:!((col:branch,opr:eq,value:" + "9" * 30 + ")))", "branch"),
    ("(filters:!(" + ",".join(["(col:score,opr:set)"] * 21) + "))", "filters"),
    ("(where:'nonsense')", "where"),
    ("(where:'created_by.password is set')", "where"),
    ("(where:'name is')", "where"),
    ("(search:!(a))", "search"),
    ("(search:'" + "长" * 101 + "')", "search"),
    ("(retired:yes)", "retired"),
    ("(no_such_key:1)", "no_such_key"),
    ("(keys:!(no_such))", "keys"),
    ("(keys:none)", "keys"),
]


@pytest.mark.parametrize(("q", "named"), WRONG, ids=[q[:40] for q, _ in WRONG])
def test_a_question_that_makes_no_sense_names_what_is_wrong(
    stocked: Served, q: str, named: str
) -> None:
    began = time.monotonic()
    told = error(stocked.as_("head").get("member/", q), 400)
    assert list(told["fields"]) == [named]
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "query", ["page=1", "status=a&status=b", "q=(page:0)&q=(page:1)", "Q=()", "filters=x"]
)
def test_a_parameter_that_is_unknown_or_said_twice_is_refused(stocked: Served, query: str) -> None:
    error(stocked.as_("head").send("GET", f"member/?{quote(query, safe='=&():')}"), 400)


@pytest.mark.parametrize(
    "q",
    [
        "(filters:!((col:phone,opr:eq,value:'13800000005')))",
        "(filters:!((col:phone,opr:eq,value:'13800000099')))",
        "(filters:!((col:phone,opr:sw,value:'138')))",
        "(filters:!((col:phone,opr:set)))",
        "(order_column:phone,order_direction:asc)",
        "(where:'phone is set')",
    ],
)
def test_nobody_guesses_at_a_private_field(stocked: Served, q: str) -> None:
    """A right guess and a wrong one get the same answer."""
    told = error(stocked.as_("north").get("member/", q), 400)
    assert "138" not in told["message"]
    assert stocked.as_("head").get("member/", q).status_code == 200


def test_a_search_does_not_find_by_it_either(stocked: Served) -> None:
    assert stocked.as_("head").names("member/", "(search:'13800000005')") == ["读者05"]
    assert stocked.as_("north").names("member/", "(search:'13800000005')") == []


def test_a_list_takes_four_statements_with_the_log_in(stocked: Served) -> None:
    program = stocked.as_("head")
    program.get("member/")
    with stocked.counting() as said:
        assert len(program.get("member/", "(page_size:10)").json["result"]) == 10
    asked = [one for one in said if one.lstrip().upper().startswith("SELECT")]
    assert len(asked) <= 4, asked
