"""Log-ins on both databases: counting tries holds when they come at once, hashes are two at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from app.domain import passwords, sessions, tries
from app.domain.errors import Refusal
from app.domain.passwords import Busy, HashingSlots
from app.domain.sign_in import Caller, Doors, WrongLogin, sign_in
from app.domain.tries import LIMITS, Locked, Subject
from app.schema.engine import engine as make_engine
from app.schema.engine import reading, writing
from app.schema.platform import platform

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PASSWORD = "Wind-Mill-47-North"
HERE = Caller("form", "10.0.0.1")


@pytest.fixture
def doors(any_url: str, tmp_path: Path) -> Iterator[Doors]:
    engine = make_engine(any_url)
    platform.metadata.create_all(engine)
    with writing(engine) as db:
        row = {
            "username": "wanda",
            "first_name": "王达",
            "last_name": "",
            "email": "w@users.invalid",
            "active": True,
        }
        db.execute(insert(platform.user).values(**row, password=passwords.hashed(PASSWORD)))
    yield Doors(engine, HashingSlots(tmp_path / "slots"))
    engine.dispose()


def outcome(doors: Doors, password: str, address: str = "10.0.0.1", now: datetime = NOW) -> str:
    try:
        sign_in(doors, "wanda", password, Caller("form", address), now)
    except Refusal as refusal:
        return refusal.id
    return "in"


def test_twenty_wrong_tries_at_once_are_five_tries(doors: Doors) -> None:
    barrier = threading.Barrier(20)

    def attempt(number: int) -> str:
        barrier.wait()
        return outcome(doors, f"wrong{number}", f"10.0.1.{number}")

    with ThreadPoolExecutor(20) as pool:
        answers = sorted(pool.map(attempt, range(20)))
    assert answers == ["locked"] * 15 + ["wrong_login"] * 5
    assert outcome(doors, PASSWORD) == "locked"


def test_twenty_right_ones_at_once_all_come_in(doors: Doors) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(lambda n: outcome(doors, PASSWORD, f"10.0.1.{n}"), range(20)))
    assert answers == {"in"}


def test_at_most_two_hashes_are_computed_at_the_same_moment(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, most, lock = 0, 0, threading.Lock()
    real = passwords.matches

    def counted(stored: str | None, password: str) -> bool:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        try:
            return real(stored, password)
        finally:
            with lock:
                inside -= 1

    monkeypatch.setattr(passwords, "matches", counted)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: outcome(doors, PASSWORD, f"10.0.1.{n}"), range(16)))
    assert most == passwords.AT_ONCE == 2


def test_the_places_are_shared_between_processes(tmp_path: Path) -> None:
    """Two objects on one folder stand for two processes: file locks belong to open files, not to a process."""
    first, second = HashingSlots(tmp_path), HashingSlots(tmp_path, patience=0.1)
    with first.taken(), first.taken(), pytest.raises(Busy), second.taken():
        pass
    with second.taken():
        pass


def test_whoever_waits_too_long_for_a_place_is_told_so(tmp_path: Path) -> None:
    slots = HashingSlots(None, patience=0.05)
    with slots.taken(), slots.taken(), pytest.raises(Busy), slots.taken():
        pass


def test_tries_are_forgotten_a_quarter_of_an_hour_after_the_last(doors: Doors) -> None:
    for minute in range(4):
        assert outcome(doors, "wrong", now=NOW + timedelta(minutes=minute)) == "wrong_login"
    later = NOW + timedelta(minutes=3) + tries.LOCKED_FOR
    for _ in range(4):
        assert outcome(doors, "wrong", now=later) == "wrong_login"
    assert outcome(doors, PASSWORD, now=later) == "in"


def test_a_clock_put_back_neither_opens_nor_breaks(doors: Doors) -> None:
    for _ in range(5):
        outcome(doors, "wrong")
    assert outcome(doors, PASSWORD, now=NOW - timedelta(days=1)) == "locked"
    assert outcome(doors, PASSWORD, now=NOW + timedelta(days=1)) == "in"


def test_tries_that_no_longer_count_are_swept(doors: Doors) -> None:
    for number in range(5):
        with writing(doors.engine) as db:
            tries.take(db, Subject("person", f"name{number}"), NOW)
    outcome(doors, "wrong", now=NOW + timedelta(hours=1))
    with reading(doors.engine) as db:
        left = set(db.scalars(select(platform.login_try.c.subject)))
    assert left == {"person:wanda", "address:10.0.0.1"}


def test_a_try_given_back_can_be_taken_again(doors: Doors) -> None:
    subject = Subject("address", "10.0.0.9")
    for _ in range(LIMITS["address"] * 2):
        with writing(doors.engine) as db:
            tries.take(db, subject, NOW)
            tries.give_back(db, subject)
    with writing(doors.engine) as db:
        for _ in range(LIMITS["address"]):
            tries.take(db, subject, NOW)
        with pytest.raises(Locked):
            tries.take(db, subject, NOW)


def test_the_wrong_person_of_the_right_password_is_wrong(doors: Doors) -> None:
    with pytest.raises(WrongLogin):
        sign_in(doors, "wanda2", PASSWORD, HERE, NOW)


def test_a_session_is_found_by_its_key_alone(doors: Doors) -> None:
    opened = sign_in(doors, "wanda", PASSWORD, HERE, NOW)
    with reading(doors.engine) as db:
        found = sessions.find_session(db, opened.key, NOW)
        assert found is not None
        assert (found.username, found.name, found.door) == ("wanda", "王达", "form")
        assert sessions.find_session(db, opened.key + "x", NOW) is None
        assert sessions.find_session(db, opened.key.swapcase(), NOW) is None
        assert sessions.find_session(db, "", NOW) is None


def test_ending_all_ends_one_that_is_just_being_opened(doors: Doors) -> None:
    """It was let in under the old epoch, and is found under the new one."""
    opened = sign_in(doors, "wanda", PASSWORD, HERE, NOW)
    with writing(doors.engine) as db:
        account = platform.account
        db.execute(account.update().values(epoch=account.c.epoch + 1))
    with reading(doors.engine) as db:
        assert sessions.find_session(db, opened.key, NOW) is None
