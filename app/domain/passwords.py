"""Hashing passwords, how many at once, and which passwords are good enough.

A hash costs time and memory on purpose, so log-in would be a cheap way to keep a server busy. At most two are
computed at the same moment on one machine, whatever the number of workers; others wait their turn for a while.
"""

from __future__ import annotations

import secrets
import threading
import time
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.domain.errors import Refusal

try:
    import fcntl
except ImportError:  # Windows serves from one process, where the semaphore is enough
    FILES_LOCK = False
else:
    FILES_LOCK = True

AT_ONCE = 2
PATIENCE_SECONDS = 10.0
SHORTEST, LONGEST = 10, 128
KINDS = 3

# OWASP's parameters for argon2id: 19 MiB, two passes. RFC 9106's 64 MiB would be half a worker's memory.
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_COMMON = (
    "password",
    "passw0rd",
    "qwerty",
    "123456",
    "abc123",
    "admin",
    "letmein",
    "iloveyou",
    "1q2w3e",
    "woaini",
)
# Without characters that are taken for one another when read aloud or from paper.
_LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class Busy(Refusal):
    """Too many log-ins at this moment: try again shortly."""

    id = "busy"

    def __init__(self) -> None:
        super().__init__("此刻登录的人太多，请稍候再试")


class HashingSlots:
    """The places at which hashes are computed: a semaphore within the process, locked files between processes."""

    def __init__(self, folder: Path | None, *, patience: float = PATIENCE_SECONDS) -> None:
        self._folder = folder
        self._patience = patience
        self._here = threading.BoundedSemaphore(AT_ONCE)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Holds a place while the block runs. Raises Busy when none came free in time."""
        deadline = time.monotonic() + self._patience
        if not self._here.acquire(timeout=self._patience):
            raise Busy
        try:
            with self._among_processes(deadline):
                yield
        finally:
            self._here.release()

    @contextmanager
    def _among_processes(self, deadline: float) -> Iterator[None]:
        if not FILES_LOCK or self._folder is None:
            yield
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        while (held := self._lock_one(self._folder)) is None:
            if time.monotonic() > deadline:
                raise Busy
            time.sleep(0.01)
        with held:  # closing the file gives the lock back, even when the process dies
            yield

    def _lock_one(self, folder: Path) -> IO[bytes] | None:
        for number in range(AT_ONCE):
            file = (folder / f"hashing-{number}.lock").open("ab")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.close()
            else:
                return file
        return None


def hashed(password: str) -> str:
    """What is stored of a password."""
    return _hasher.hash(_composed(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether this is the password. Takes as long where there is none to compare with."""
    try:
        _hasher.verify(stored or _of_nobody(), _composed(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


@cache
def _of_nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe(32))


def _composed(password: str) -> str:
    """One keyboard sends é as one character, another as two; it is the same password. Nothing else is changed."""
    return unicodedata.normalize("NFC", password)


WEAKNESSES: Mapping[str, str] = {
    "short": f"密码至少 {SHORTEST} 个字符",
    "long": f"密码最多 {LONGEST} 个字符",
    "control": "密码中不能有控制字符",
    "plain": "大写字母、小写字母、数字、符号（或汉字）中至少要有三种",
    "named": "密码中不能含有用户名",
    "common": "密码太常见或太简单，请换一个",
    "same": "新密码不能与当前密码相同",
}


def weakness(password: str, username: str) -> str | None:
    """Why the password won't do, one of WEAKNESSES; None if it will."""
    if not SHORTEST <= len(password) <= LONGEST:
        return WEAKNESSES["short" if len(password) < SHORTEST else "long"]
    if any(unicodedata.category(character) == "Cc" for character in password):
        return WEAKNESSES["control"]
    kinds = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum() or not c.isascii())
    if sum(any(kind(character) for character in password) for kind in kinds) < KINDS:
        return WEAKNESSES["plain"]
    folded = password.casefold()
    if len(username) > 2 and username.casefold() in folded:
        return WEAKNESSES["named"]
    if len(set(folded)) < SHORTEST // 2 or any(word in folded for word in _COMMON):
        return WEAKNESSES["common"]
    return None


def one_time_password() -> str:
    """A password to be told to a person once; good enough by the rules above."""
    while True:
        made = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
        if weakness(made, "") is None:
            return made
