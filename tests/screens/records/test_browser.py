"""The record screens in a real browser: keyboard, typing into refs, fields that come and go, no barrier (axe-core)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from tests.screens.records.house import PASSWORD, House

AXE = Path(__file__).parents[2] / "browser/vendor/axe-core/axe.min.js"
pytestmark = pytest.mark.browser
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def served(house: House) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, house.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def open_page(served: str, chromium: str) -> Iterator[Open]:
    """Opens an address as the head of the room."""
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])

        def open_(path: str, width: int = 1440, dark: bool = False) -> Page:
            scheme = "dark" if dark else "light"
            context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
            )
            page = context.new_page()
            page.goto(f"{served}/login")
            page.fill("input[name=username]", "head")
            page.fill("input[name=password]", PASSWORD)
            page.press("input[name=password]", "Enter")
            page.wait_for_load_state()
            page.goto(f"{served}{path}")
            return page

        yield open_
        browser.close()


PAGES = ("/book/list", "/member/list?vip=no", "/book/list?q=zzz", "/paper/add", "/book/edit/1", "/book/show/1", "/book/history/1")  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_no_page_has_a_barrier(open_page: Open, path: str, width: int, dark: bool) -> None:
    page = open_page(path, width, dark)
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run().then(r => r.violations.map(v => [v.id, v.nodes[0].html]))")
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.context.close()


def test_a_ref_is_found_by_its_initials_and_taken_by_the_keyboard(open_page: Open) -> None:
    page = open_page("/paper/add")
    page.fill('[name="t_ref~typed"]', "ts4")
    page.wait_for_selector("#in-t_ref-options [role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.input_value('[name="t_ref~typed"]') == "图书4"
    assert page.input_value('[name="t_ref"]') == "4"
    page.context.close()


def test_a_field_comes_and_goes_with_what_it_depends_on(open_page: Open) -> None:
    page = open_page("/paper/add")
    spot = page.locator('[data-field="t_when"]')
    assert not spot.is_visible()
    page.check('input[name="t_choice"][value="high"]')
    spot.wait_for(state="visible")
    assert "required" in (spot.locator("label").get_attribute("class") or "")
    page.context.close()


def test_rows_are_walked_with_j_and_k(open_page: Open) -> None:
    page = open_page("/book/list")
    for key in ("j", "j", "k", "j"):
        page.keyboard.press(key)
    assert page.locator("tr.is-current .row-link").inner_text() == "图书4"
    page.keyboard.press("Enter")
    page.wait_for_url("**/book/show/4")
    page.context.close()


def test_ctrl_enter_saves_and_the_first_problem_is_where_one_goes_on(open_page: Open) -> None:
    page = open_page("/paper/add")
    page.click("#in-t_text")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".problems")
    assert page.evaluate("document.activeElement.className") == "problems"
    page.context.close()
