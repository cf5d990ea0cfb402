"""The shell's pages in a real browser: readable for everybody, on a phone, in the dark, without JavaScript."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from tests.screens.site import PASSWORD, House

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = (Path(__file__).parents[1] / "browser/vendor/axe-core/axe.min.js").read_text("utf-8")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK, PHONE = (1440, 900), (390, 844)
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
        "/audit",
    ],
    "gina": ["/accounts/5/roles"],
    "walt": ["/audit"],
    "wanda": ["/"],
    "": ["/login", "/nowhere"],
}


@pytest.fixture(scope="module")
def chrome(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def base(house: House) -> Iterator[str]:
    """The office at an address of its own."""
    server = make_server("127.0.0.1", 0, house.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def visit(
    chrome: Browser, base: str, name: str = "", size: tuple[int, int] = DESK, **more: Any
) -> BrowserContext:
    """Somebody signed in (or nobody) at a screen of this size."""
    context = chrome.new_context(
        base_url=base, viewport={"width": size[0], "height": size[1]}, locale="zh-CN", **more
    )
    if name:
        page = context.new_page()
        page.goto("/login")
        page.fill("#in-username", name)
        page.fill("#in-password", PASSWORD)
        page.click("button.primary")
        page.wait_for_url("**/")
        page.close()
    return context


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {node['html'][:120]}" for one in found["violations"] for node in one["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("name", list(PAGES))
def test_nothing_stands_in_anybody_s_way(
    chrome: Browser, base: str, name: str, size: tuple[int, int], scheme: str
) -> None:
    context = visit(chrome, base, name, size, color_scheme=scheme)
    page = context.new_page()
    found = {}
    for path in PAGES[name]:
        page.goto(path)
        if faults := violations(page):
            found[path] = faults
        assert page.locator("h1").count() == 1, path
        wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide == 0, f"{path} is {wide} px too wide"
    assert found == {}
    context.close()


def test_open_menus_and_dialogs_neither(chrome: Browser, base: str) -> None:
    context = visit(chrome, base, "karl")
    page = context.new_page()
    page.goto("/accounts/5")
    page.click("summary.user-button")
    assert violations(page) == []
    page.keyboard.press("Escape")
    assert page.locator(".dropdown-panel").is_hidden()
    page.click("text=停用")
    assert page.locator("#confirm").is_visible()
    assert "停用nora的账号？" in page.locator("#confirm").inner_text()
    assert violations(page) == []
    context.close()


def test_a_deed_is_asked_for_and_done_once(chrome: Browser, base: str, house: House) -> None:
    context = visit(chrome, base, "karl")
    page = context.new_page()
    page.goto("/accounts/5")
    page.click("text=停用")
    page.click("#confirm >> text=取消")
    assert house.audit("account_disable") == []
    page.click("text=停用")
    page.click("#confirm button[value=yes]")
    page.wait_for_selector(".flash")
    assert "账号已停用" in page.locator(".flash").inner_text()
    assert len(house.audit("account_disable")) == 1
    context.close()


def test_no_page_breaks_its_own_policy(chrome: Browser, base: str) -> None:
    context = visit(chrome, base, "karl")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in ("/", "/accounts", "/accounts/new", "/account/password"):
        page.goto(path, wait_until="networkidle")
    assert said == []
    context.close()


def test_on_a_phone_the_menu_opens_without_javascript(chrome: Browser, base: str) -> None:
    context = visit(chrome, base, "wanda", PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    side = page.locator("#side")
    assert side.is_hidden()
    page.click(".nav-button")
    side.wait_for(state="visible")
    assert page.locator("#side >> text=文件").is_visible()
    context.close()


def test_on_a_phone_the_menu_opens_by_keyboard(chrome: Browser, base: str) -> None:
    context = visit(chrome, base, "wanda", PHONE)
    page = context.new_page()
    page.goto("/")
    for _ in range(4):  # past the skip link, the name of the site and the person's menu
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "nav-open"
    page.keyboard.press("Space")
    page.locator("#side").wait_for(state="visible")
    page.keyboard.press("Escape")
    page.locator("#side").wait_for(state="hidden")
    context.close()


def test_without_javascript_one_signs_in_works_and_leaves(chrome: Browser, base: str) -> None:
    context = visit(chrome, base, "karl", java_script_enabled=False)
    page = context.new_page()
    page.goto("/accounts/5")
    page.click("text=停用")
    assert page.locator(".flash").inner_text().strip().startswith("账号已停用")
    page.click("summary.user-button")
    page.click("text=深色")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.click("summary.user-button")
    page.click("text=退出登录")
    assert page.url.endswith("/login")
    context.close()


def test_the_first_thing_one_reaches_by_keyboard_is_the_way_to_the_content(
    chrome: Browser, base: str
) -> None:
    context = visit(chrome, base, "wanda")
    page = context.new_page()
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    context.close()


def test_dark_comes_at_once_and_stays(chrome: Browser, base: str) -> None:
    context = visit(chrome, base, "wanda", color_scheme="light")
    page = context.new_page()
    page.goto("/")

    def ground() -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    light = ground()
    page.click("summary.user-button")
    with page.expect_response("**/appearance"):
        page.click("text=深色")
    dark = ground()
    assert dark != light
    page.reload()
    assert ground() == dark
    page.emulate_media(color_scheme="dark")
    page.click("summary.user-button")
    with page.expect_response("**/appearance"):
        page.click("text=跟随系统")
    assert ground() == dark
    page.emulate_media(color_scheme="light")
    assert ground() == light
    context.close()


def test_a_page_on_paper_has_no_shell(chrome: Browser, base: str) -> None:
    context = visit(chrome, base, "karl")
    page = context.new_page()
    page.goto("/accounts/5")
    page.emulate_media(media="print")
    for part in (".topbar", "#side", ".actions .btn"):
        assert page.locator(part).first.is_hidden(), part
    assert page.locator("h1").is_visible()
    assert "FangSong" in page.evaluate("getComputedStyle(document.body).fontFamily")
    context.close()


def test_rows_are_forty_pixels_and_compact_ones_thirty_two(chrome: Browser, base: str) -> None:
    context = visit(chrome, base, "karl")
    page = context.new_page()
    page.goto("/accounts")

    def height() -> float:
        return float(page.locator("tbody tr").nth(1).bounding_box()["height"])  # type: ignore[index]

    assert abs(height() - 40) < 1
    page.click("summary.user-button")
    with page.expect_response("**/appearance"):
        page.click("text=紧凑")
    assert abs(height() - 32) < 1
    context.close()
