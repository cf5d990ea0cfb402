"""What right answers hold, read from the database by plain SQL before anything is measured."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, create_engine, text

from bench.databases import Database
from bench.dataset import RARE, TOPICS, USUAL
from bench.load import Check

PAGE = 20
DEEP_PAGE = 10_000
NUMBER = re.compile(r"CS-\d{4}-\d{7,9}")
# Named by how many of a million rows hold them.
WORDS = {
    "frequent, 2": TOPICS[1][2:],
    "frequent, 4": TOPICS[0],
    "usual, 2": USUAL[:2],
    "rare, 3": RARE[:3],
    "rare, 5": RARE,
}


@dataclass(frozen=True)
class Record:
    """A row that is opened, and the words that its form must show."""

    id: int
    subject: str
    company: str


@dataclass(frozen=True)
class Facts:
    """Everything that the answers are compared with."""

    newest: tuple[str, ...]
    deep_page: int
    deep: tuple[str, ...]
    after: tuple[str, int]  # the moment and id of the row before the deep page
    filtered: frozenset[
        str
    ]  # any of these may stand on the first page: some are due on the same day
    found: dict[str, tuple[str, ...]]
    records: tuple[Record, ...]


def read_facts(database: Database, records: int = 4000) -> Facts:
    """Reads them from the peers' copy of the rows, or from ours where there is none."""
    engine = create_engine(database.url)
    with engine.connect() as connection:
        postgres = database.kind == "postgres"
        deep_page = min(DEEP_PAGE, database.rows // PAGE)
        skipped = (deep_page - 1) * PAGE
        around = connection.execute(
            text(
                "SELECT number, created_at, id FROM matter ORDER BY created_at DESC, id DESC"
                f" LIMIT {PAGE + 1} OFFSET {skipped - 1}"
            )
        ).all()
        facts = Facts(
            newest=_numbers(connection, "1 = 1"),
            deep_page=deep_page,
            deep=tuple(row.number for row in around[1:]),
            after=(_moment(around[0].created_at), int(around[0].id)),
            filtered=_filtered(connection),
            found={
                name: _numbers(
                    connection, f"{'strpos' if postgres else 'instr'}(subject, '{word}') > 0"
                )
                for name, word in WORDS.items()
            },
            records=_records(connection, database.rows, records),
        )
    engine.dispose()
    return facts


def _numbers(connection: Connection, where: str) -> tuple[str, ...]:
    query = (
        f"SELECT number FROM matter WHERE {where} ORDER BY created_at DESC, id DESC LIMIT {PAGE}"
    )
    return tuple(connection.scalars(text(query)))


def _filtered(connection: Connection) -> frozenset[str]:
    rows = "FROM matter WHERE status = 'handling' AND officer_id = 7"
    query = f"SELECT due_on {rows} ORDER BY due_on LIMIT 1 OFFSET {PAGE - 1}"
    last = connection.scalar(text(query))
    where = {"last": last} if last is not None else {}
    until = "AND due_on <= :last" if last is not None else ""
    return frozenset(connection.scalars(text(f"SELECT number {rows} {until}"), where))


def _records(connection: Connection, rows: int, wanted: int) -> tuple[Record, ...]:
    """Rows from all over the table, each once, the same for every program."""
    chance = random.Random(7)
    ids = chance.sample(range(1, rows + 1), min(wanted, rows))
    query = (
        "SELECT m.id, m.subject, c.name FROM matter m JOIN company c ON c.id = m.company_id"
        f" WHERE m.id IN ({', '.join(map(str, ids))})"
    )
    found = {
        row.id: Record(row.id, row.subject, row.name) for row in connection.execute(text(query))
    }
    return tuple(found[one] for one in ids)


def _moment(value: object) -> str:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def shows(numbers: Sequence[str]) -> Check:
    """The page shows exactly these rows in this order."""

    def check(page: str) -> str:
        seen = list(dict.fromkeys(NUMBER.findall(page)))
        return (
            ""
            if seen == list(numbers)
            else f"shows {seen[:3]}… ({len(seen)}), not {list(numbers)[:3]}…"
        )

    return check


def shows_some_of(numbers: frozenset[str]) -> Check:
    """The page is full, and shows none but these rows."""
    full = min(PAGE, len(numbers))

    def check(page: str) -> str:
        seen = set(NUMBER.findall(page))
        wrong = seen - numbers
        return (
            ""
            if len(seen) == full and not wrong
            else f"shows {len(seen)} rows, wrong ones {list(wrong)[:3]}"
        )

    return check


def holds(*words: str) -> Check:
    """The page holds all of these words."""

    def check(page: str) -> str:
        missing = [word for word in words if word not in page]
        return f"without {missing}" if missing else ""

    return check
