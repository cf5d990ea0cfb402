"""One run: every page of every program, turn by turn, so that a busy moment of the machine hits all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import create_engine, text

from bench.facts import Facts, Record, holds, shows, shows_some_of
from bench.forms import changed_form
from bench.load import Answer, Ask, Samples, checked, run
from bench.programs import FORM, Running, cookie_header, cursor

ROUNDS = 3
ENOUGH = 1500  # milliseconds of one page in one round
FEWEST, MOST = 6, 25
CLIENTS = 8


@dataclass(frozen=True)
class Measured:
    """One page of one program, by clients."""

    program: str
    page: str
    clients: int
    samples: Samples


def reading_asks(running: Running, facts: Facts) -> dict[str, list[Ask]]:
    """The pages of a program that only read, by name; several requests where each should open another record."""
    paths, headers = running.program.paths, running.headers
    asks: dict[str, list[Ask]] = {}
    if paths.list:
        asks["list"] = [Ask(paths.list, shows(facts.newest), headers=headers)]
    if paths.deep is not None:
        deep = paths.deep(facts.deep_page, cursor(*facts.after))
        asks["deep"] = [Ask(deep, shows(facts.deep), headers=headers)]
    if paths.filter:
        asks["filter"] = [Ask(paths.filter, shows_some_of(facts.filtered), headers=headers)]
        from bench.facts import WORDS

        for name, numbers in facts.found.items():
            path = paths.search(WORDS[name])
            asks[f"search {name}"] = [Ask(path, shows(numbers), headers=headers)]
    if paths.edit is not None:
        asks["edit"] = [
            Ask(paths.edit(one.id), holds(one.subject, one.company), headers=headers)
            for one in facts.records[:200]
        ]
    return asks


def measure_reading(programs: Sequence[Running], facts: Facts, quick: bool) -> Iterator[Measured]:
    """Every page, one client and several, all programs in turn."""
    asks = {one.program.key: reading_asks(one, facts) for one in programs}
    pages = dict.fromkeys(page for each in asks.values() for page in each)
    for page in pages:
        for clients in (1, CLIENTS):
            those = [one for one in programs if page in asks[one.program.key]]
            found = {one.program.key: Samples() for one in those}
            for turn in range(1 if quick else ROUNDS):
                for one in those:
                    several = asks[one.program.key][page]
                    found[one.program.key].add(_round(one, several, clients, turn, quick))
            for key, samples in found.items():
                yield Measured(key, page, clients, samples)


def measure_rest(programs: Sequence[Running], facts: Facts, quick: bool) -> Iterator[Measured]:
    """The newest rows by REST; the headers are those of a token."""
    for clients in (1, CLIENTS):
        found = {one.program.key: Samples() for one in programs}
        for turn in range(1 if quick else ROUNDS):
            for one in programs:
                ask = Ask(one.program.paths.rest or "", shows(facts.newest), headers=one.headers)
                found[one.program.key].add(_round(one, [ask], clients, turn, quick))
        for key, samples in found.items():
            yield Measured(key, "rest", clients, samples)


def _round(running: Running, asks: Sequence[Ask], clients: int, turn: int, quick: bool) -> Samples:
    """Some requests to warm up, then as many as fit into the time."""
    warm = run(running.port, [[_turned(asks, n) for n in range(2)]] * min(clients, 2))
    slowest = max(warm.taken, default=1000)
    times = FEWEST if quick else max(FEWEST, min(MOST, int(ENOUGH / slowest)))
    each = times if clients == 1 else max(2, times // 3)
    start = turn * 1000
    lots = [
        [_turned(asks, start + client * each + n) for n in range(each)] for client in range(clients)
    ]
    return run(running.port, lots)


def _turned(asks: Sequence[Ask], number: int) -> Ask:
    return asks[number % len(asks)]


def measure_saving(
    programs: Sequence[Running], facts: Facts, mark: str, quick: bool
) -> Iterator[Measured]:
    """Forms filled in and sent off, each of another record; afterwards the rows must hold what was sent."""
    records = iter(facts.records[200:])
    for clients in (1, CLIENTS):
        each = 4 if quick else 15 if clients == 1 else 10
        found = {one.program.key: Samples() for one in programs}
        for turn in range(1 if quick else ROUNDS):
            for one in programs:
                those = [next(records) for _ in range(clients * each)]
                remark = f"{mark}{clients}.{turn}"
                asks = [save_ask(one, record, remark) for record in those]
                lots = [asks[client * each : (client + 1) * each] for client in range(clients)]
                samples = run(one.port, lots)
                kept = _kept(one, those, remark)
                if kept != len(samples.taken):
                    samples.wrong.append(
                        f"{len(samples.taken)} saves answered, {kept} rows changed"
                    )
                found[one.program.key].add(samples)
        for key, samples in found.items():
            yield Measured(key, "save", clients, samples)


def save_ask(running: Running, record: Record, remark: str) -> Ask:
    """The form of a record as it would be sent back with another remark."""
    path = running.program.paths.edit
    assert path is not None
    page = checked(running.port, Ask(path(record.id), headers=running.headers))
    body = changed_form(page.text, "remark", remark)
    headers = {**FORM, **_with_cookies(running.headers, page)}
    return Ask(path(record.id), method="POST", body=body, headers=headers, status=(302,))


def _with_cookies(headers: Mapping[str, str], page: Answer) -> dict[str, str]:
    """The visitor's cookies, as the page that holds the form left them."""
    given = dict(one.split("=", 1) for one in headers.get("Cookie", "").split("; ") if one)
    return {**headers, **cookie_header({**given, **page.cookies})}


def _kept(running: Running, records: Sequence[Record], remark: str) -> int:
    """How many of the rows really hold the remark; of ours, how many have a line in their history as well."""
    engine = create_engine(running.database.url)
    ids = ", ".join(str(one.id) for one in records)
    table = running.program.paths.table
    rows = f"SELECT count(*) FROM {table} WHERE remark = '{remark}' AND id IN ({ids})"
    told = (
        "SELECT count(DISTINCT record_id) FROM platform_history WHERE entity = 'matter'"
        f" AND action = 'edit' AND record_id IN ({ids})"
    )
    with engine.connect() as connection:
        kept = int(connection.scalar(text(rows)) or 0)
        if running.program.key == "ours":
            kept = min(kept, int(connection.scalar(text(told)) or 0))
    engine.dispose()
    return kept


def scaled(measured: Measured, page: str) -> Measured:
    """The same under another name."""
    return replace(measured, page=page)
