"""Labels and values that would be markup, a template or a format elsewhere, on every kind of page of records.

What can never be right (unseen characters, markup, endless labels) is refused when the site is checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from markupsafe import escape

from app.manifest.load import load_files
from app.schema.engine import engine as make_engine
from tests.factory import entity, manifest, role
from tests.factory import field as made
from tests.security.ward import Ward, open_ward

ODD = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}{% if 1 %}",
    "%(x)s 100% %s %",
    "{0.__class__} {x}",
    "' onmouseover='alert(1)",
    "</textarea></title></style>",
]
RAW = ("<script>alert", "<img src=x", "' onmouseover", "</textarea></title>")


@pytest.fixture(params=ODD)
def odd(request: pytest.FixtureRequest) -> str:
    label: str = request.param
    return label


@pytest.fixture
def odd_ward(odd: str, tmp_path: Path) -> Iterator[Ward]:
    """A site all of whose words are odd; nobody could write it in YAML, so a check that is missed is no hole."""
    choices = ["a", "b"]
    one = entity(
        "one",
        made("name", label=odd, help=odd, required=True, search=True),
        made("kind", "choice", label=odd, choices=choices),
        made("note", "note", label=odd, help=odd),
        made("other", "ref", label=odd, to="one"),
        made("sum", "money", label=odd, unit=odd),
        label=odd,
        group=odd,
        help=odd,
        icon=odd,
        title="name",
        list=("name", "kind", "other", "sum"),
        filter=("kind", "other"),
        attachments=True,
        unique=[["name"]],
    )
    verbs = ["read", "create", "edit", "retire"]
    engine = make_engine(f"sqlite:///{tmp_path / 'site.db'}")
    ward = open_ward(
        manifest(one, roles=[role("all", {"one": verbs}, label=odd)]), engine, tmp_path
    )
    ward.house.person("head", "all", label="馆长")
    ward.house.person("nobody")
    yield ward
    ward.house.schema.dispose()
    engine.dispose()


def test_an_odd_word_is_shown_as_it_stands_wherever_it_stands(odd_ward: Ward, odd: str) -> None:
    head = odd_ward.walker("head")
    form = {"name": odd, "note": odd, "kind": "a", "reason~": odd}
    stored = head.post("/one/add", form)
    assert stored.status_code == 302, stored.text
    record = stored.location.rpartition("/")[2]
    again = head.post("/one/add", form)
    wrong = head.post("/one/add", {"name": "", "sum": odd, "other~typed": odd, "note": odd})
    assert (again.status_code, wrong.status_code) == (422, 422)
    head.post("/one/views", {"name": odd[:30], "query": "kind=a", "shared": "yes"})
    pages = {
        "list": head.get("/one/list"),
        "narrowed": head.get("/one/list?kind=a"),
        "searched": head.get("/one/list", query_string={"q": odd}),
        "where": head.get("/one/list", query_string={"where": odd}),
        "form": head.get("/one/add"),
        "taken": again,
        "wrong": wrong,
        "edit": head.get(f"/one/edit/{record}"),
        "show": head.get(f"/one/show/{record}"),
        "history": head.get(f"/one/history/{record}"),
        "question": head.post("/one/bulk/retire", {"pick": f"{record}:1"}),
        "refused": odd_ward.walker("nobody").get("/one/list"),
        "missing": head.get("/one/show/999"),
        "parameter": head.get("/one/list", query_string={odd: odd}),
        "home": head.get("/"),
    }
    for name, page in pages.items():
        assert page.status_code < 500, name
        assert str(escape(odd)) in page.text, name
        for raw in RAW:
            assert raw not in page.text, name
        assert "49{" not in page.text, name
        assert "class 'str'" not in page.text, name


def test_an_odd_word_does_nothing_by_rest_or_as_a_choice(odd_ward: Ward, odd: str) -> None:
    head = odd_ward.walker("head")
    head.rest("POST", "one/", json={"name": odd})
    for path in ("one/", "one/_info", "one/1", "one/1/timeline", "_openapi", "one/related/other"):
        answer = head.rest("GET", path)
        assert (answer.status_code, answer.mimetype) == (200, "application/json"), path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    found = head.get("/one/options/other", query_string={"q": odd})
    assert found.mimetype == "application/json"
    assert [one["label"] for one in found.json["options"]] == [odd]  # type: ignore[index]


FILES = {
    "config/site.yaml": "site: { format: 1, name: x, locale: zh, timezone: Asia/Shanghai }\n",
    "config/roles.yaml": "roles:\n  all: { label: 甲, can: { one: [read] } }\n",
}
PLACES = {
    "entity": "entity: one\nlabel: LABEL\nfields:\n  name: { label: 名, type: text }\n",
    "field": "entity: one\nlabel: 甲\nfields:\n  name: { label: LABEL, type: text }\n",
    "choice": "entity: one\nlabel: 甲\nfields:\n  k: { label: 乙, type: choice, choices: { a: LABEL } }\n",
}
REFUSED = {
    "a\u202eb": "SRC106",
    "a\\u202eb": "SRC106",
    "a\\u0000b": "SRC106",
    "长" * 5000: "VAL110",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "label", REFUSED, ids=("override", "escaped override", "escaped nul", "endless")
)
def test_a_label_that_can_t_be_right_is_refused_at_its_line(place: str, label: str) -> None:
    text = PLACES[place].replace("LABEL", f'"{label}"')
    loaded = load_files(
        {name: one.encode() for name, one in (FILES | {"catalogs/one.yaml": text}).items()}
    )
    assert loaded.manifest is None
    line = 2 if place == "entity" else 4
    assert (REFUSED[label], line) in {(one.id, one.place.line) for one in loaded.problems}
