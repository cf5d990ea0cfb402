"""Every text in both languages, and no English on a Chinese page."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from app.screens.appearance import LOCALES
from tests.screens.site import PASSWORD, Browser, House
from tools.texts import ROOT, compiled, read, texts_of, updated

PAGES = {
    "karl": [
        "/",
        "/account",
        "/account/password",
        "/accounts",
        "/accounts/1",
        "/accounts/new",
        "/accounts/1/edit",
        "/nowhere",
    ],
    "gina": ["/accounts/1/roles"],
    "walt": ["/audit"],
    "": ["/login", "/nowhere"],
}
HAN = re.compile(r"[\u4e00-\u9fff]")
# Names of people in the office, and what has no Chinese name.
ALLOWED = {
    "English",
    "name",
    "example",
    "com",
    "wanda",
    "karl",
    "gina",
    "walt",
    "nora",
    "GET",
    "audit",
    "accounts",
    "nowhere",
}


def catalogue(locale: str):  # type: ignore[no-untyped-def]
    return ROOT / f"app/translations/{locale}/LC_MESSAGES/messages.po"


@pytest.mark.parametrize("locale", LOCALES)
def test_the_catalogue_has_every_text_translated_and_none_too_many(locale: str) -> None:
    texts = texts_of(locale)
    assert len(texts) > 20
    _written, missing = updated(catalogue(locale), locale, texts)
    assert missing == [], f"run tools/translations and fill in app/translations/{locale}"
    assert {message.id for message in read(catalogue(locale)) if message.id} == set(texts)


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_compiled_is_what_is_written(locale: str) -> None:
    assert catalogue(locale).with_suffix(".mo").read_bytes() == compiled(catalogue(locale))


def test_placeholders_are_the_same_in_both_languages() -> None:
    for message in read(catalogue("en")):
        if not message.string:
            continue  # told by the test of completeness
        assert set(re.findall(r"%\(\w+\)s", str(message.id))) == set(
            re.findall(r"%\(\w+\)s", str(message.string))
        )


def test_english_is_english_and_chinese_chinese() -> None:
    for message in read(catalogue("en")):
        if message.id and message.string:
            assert re.search(r"[\u3000-\u9fff\uff00-\uffef]", message.id)
            assert not HAN.search(str(message.string)), message.id
    for message in read(catalogue("zh")):
        if message.id:
            assert HAN.search(str(message.string)), message.id


class Words(HTMLParser):
    """What a reader sees or hears: texts, labels, titles, placeholders."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {
            "aria-label",
            "title",
            "placeholder",
            "data-confirm",
            "data-detail",
            "data-verb",
            "data-label",
            "alt",
        }
        self.found += [value for name, value in attrs if name in told and value]


def words(text: str) -> set[str]:
    parser = Words()
    parser.feed(text)
    return set(re.findall(r"[A-Za-z]{2,}", " ".join(parser.found)))


@pytest.mark.parametrize(
    ("name", "path"), [(name, path) for name, paths in PAGES.items() for path in paths]
)
def test_no_english_slips_onto_a_chinese_page(house: House, name: str, path: str) -> None:
    text = house.browser(name or None).get(path).text
    assert words(text) <= ALLOWED
    assert 'lang="zh-CN"' in text


@pytest.mark.parametrize(
    ("name", "path"), [(name, path) for name, paths in PAGES.items() for path in paths]
)
def test_an_english_page_is_english_but_for_the_site_s_own_labels(
    house: House, name: str, path: str
) -> None:
    browser = house.browser(name or None)
    browser.get("/login")
    browser.post("/appearance", {"locale": "en"})
    text = browser.get(path).text
    assert 'lang="en"' in text
    parser = Words()
    parser.feed(text)
    own = {"试验", "试", "中文", "大厅", "一号窗口", "开门人", "关门人", "工号", "替班"}
    own |= {"文员", "账号管理员", "授权管理员", "审计员"}
    left = " ".join(parser.found)
    for label in sorted(own, key=len, reverse=True):
        left = left.replace(label, "")
    assert not HAN.search(left), HAN.findall(left)


def test_the_choice_of_language_is_the_person_s(house: House) -> None:
    here = house.browser("wanda")
    here.post("/appearance", {"locale": "en"})
    assert "My account" in house.browser("wanda").get("/account").text
    assert "我的账号" in house.browser("karl").get("/account").text


def in_english(house: House, name: str | None = None) -> Browser:
    browser = house.browser(name)
    browser.get("/login" if name is None else "/account")
    browser.post("/appearance", {"locale": "en"})
    browser.get("/login" if name is None else "/account/password")
    return browser


def test_a_refusal_is_told_in_english_too(house: House) -> None:
    visitor = in_english(house)
    wrong = {"username": "wanda", "password": "wrong"}
    assert "User name or password is wrong" in visitor.post("/login", wrong).text
    for _ in range(4):
        visitor.post("/login", wrong)
    assert "Try again in 15 minutes" in visitor.post("/login", wrong).text
    karl = in_english(house, "karl")
    weak = {"present": PASSWORD, "wanted": "short", "again": "short"}
    assert "at least 10 characters" in karl.post("/account/password", weak).text


def test_what_has_no_english_comes_with_the_general_word_before_it(house: House) -> None:
    """The reasons of the gate are made of the site's own labels."""
    text = in_english(house, "karl").get("/audit").text
    assert "Your roles do not allow this." in text
    assert "（账号管理员）" in text


@pytest.mark.parametrize("form", [{}, {"locale": "fr"}, {"theme": "<x>"}, {"density": "1"}])
def test_what_can_t_be_chosen_is_refused(house: House, form: dict[str, str]) -> None:
    browser = house.browser("wanda")
    assert browser.post("/appearance", form).status_code == 400


def test_dark_is_remembered_and_can_be_left_to_the_device_again(house: House) -> None:
    browser = house.browser("wanda")
    browser.post("/appearance", {"theme": "dark", "density": "compact"})
    assert (
        '<html lang="zh-CN" data-theme="dark" data-density="compact">'
        in house.browser("wanda").get("/").text
    )
    browser.get("/")
    browser.post("/appearance", {"theme": "", "next": "/account"})
    assert '<html lang="zh-CN" data-density="compact">' in browser.get("/").text
