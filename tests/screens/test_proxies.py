"""Whose word is believed about where a request comes from."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.conftest import Clock
from tests.screens.site import House, office, open_house, settings_of


@pytest.fixture
def proxied(database: Engine, tmp_path: Path, still: Clock) -> House:
    trusted = (ip_network("10.0.0.0/24"),)
    house = open_house(office(), database, settings_of(tmp_path, trusted_proxies=trusted), still)
    house.person("wanda")
    return house


def noted(house: House, via: str, said: str) -> str:
    """The address that the log has of a wrong log-in."""
    house.app.test_client().post(
        "/api/v1/security/login",
        json={"username": "wanda", "password": "wrong"},
        headers={"X-Forwarded-For": said},
        environ_base={"REMOTE_ADDR": via},
    )
    return str(house.audit("login")[-1].address)


def test_a_trusted_proxy_is_believed(proxied: House) -> None:
    assert noted(proxied, "10.0.0.7", "203.0.113.9") == "203.0.113.9"


def test_of_a_chain_only_what_it_added_itself_is(proxied: House) -> None:
    assert noted(proxied, "10.0.0.7", "1.1.1.1, 203.0.113.9") == "203.0.113.9"


@pytest.mark.parametrize("via", ["10.0.1.7", "127.0.0.1", "::1", "", "nonsense"])
def test_anybody_else_is_not(proxied: House, via: str) -> None:
    assert noted(proxied, via, "203.0.113.9") in (via, "None")


def test_without_a_trusted_proxy_nobody_is(house: House) -> None:
    assert noted(house, "127.0.0.1", "203.0.113.9") == "127.0.0.1"


def test_no_proxy_says_which_host_this_is(proxied: House) -> None:
    answer = proxied.app.test_client().get(
        "/account",
        headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil"},
        environ_base={"REMOTE_ADDR": "10.0.0.7"},
    )
    assert answer.location == "/login?next=/account"
