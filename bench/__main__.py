"""`bench/run`: the whole measurement, or parts of it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path

import click

from bench import measure, programs, report
from bench.databases import SITE, Database, drop_database, make_database
from bench.facts import holds, read_facts, shows
from bench.load import Ask, Samples, WrongAnswer, run, wait_for
from bench.programs import OURS, Program, Running, bearer, start

DOCS = Path(__file__).parent.parent / "docs/bench.md"
WORK = Path(__file__).parent / ".work"
PARTS = ("pages", "statements", "start", "scale")
SERVE_PORT = 8295


@click.command()
@click.option("--rows", default=1_000_000, show_default=True, help="Rows of the measured table.")
@click.option("--database", "kinds", multiple=True, type=click.Choice(["sqlite", "postgres"]))
@click.option("--part", "parts", multiple=True, type=click.Choice(PARTS))
@click.option("--program", "only", multiple=True, help="Only these programs beside ours.")
@click.option("--scales", default="1000,1000000", show_default=True, help="Rows of the series.")
@click.option("--work", default=WORK, type=click.Path(path_type=Path), help="Where databases lie.")
@click.option("--quick", is_flag=True, help="Few requests: to see whether everything answers.")
@click.option("--write/--no-write", default=True, help="Write docs/bench.md.")
@click.option("--drop", is_flag=True, help="Drop the databases at the end.")
def main(
    rows: int,
    kinds: tuple[str, ...],
    parts: tuple[str, ...],
    only: tuple[str, ...],
    scales: str,
    work: Path,
    quick: bool,
    write: bool,
    drop: bool,
) -> None:
    """Measures Budayang beside its peers on the same rows in one run."""
    work = work.resolve()
    (work / "logs").mkdir(parents=True, exist_ok=True)
    kinds, parts = kinds or ("sqlite", "postgres"), parts or PARTS
    found = report.Figures(rows)
    made = [make_database(kind, rows, work) for kind in kinds]
    for database in made:
        if "statements" in parts:
            found.statements[database.kind] = _statements(database)
        if "pages" in parts:
            _pages(found, database, _wanted(only), work, quick)
    if "start" in parts:
        _starts(found, work)
    if "scale" in parts:
        sizes = [int(size) for size in scales.split(",")]
        for kind in kinds:
            series = [make_database(kind, size, work) for size in sizes]
            made += series
            found.scales[kind] = _series(series, work, quick)
    _keep(found, work / "last.json")
    print("\n".join(report.report(found)))
    if write:
        report.write(found, DOCS)
    if drop:
        for database in made:
            drop_database(database)


def _wanted(only: Iterable[str]) -> list[Program]:
    there = [*programs.PROGRAMS]
    if (programs.DIRECTUS / "node_modules/directus/cli.js").exists():
        there.append(programs.DIRECTUS_PROGRAM)
    wanted = set(only)
    return [one for one in there if not wanted or one is OURS or one.key in wanted]


def _pages(
    found: report.Figures, database: Database, wanted: list[Program], work: Path, quick: bool
) -> None:
    """All pages of all programs, which run side by side and are asked in turn."""
    facts = read_facts(database)
    running: list[Running] = []
    kept = found.measured.setdefault(database.kind, [])
    try:
        for program in wanted:
            running.append(start(program, database, work / "logs" / f"{program.key}.log"))
        html = [one for one in running if one.program.paths.list]
        mark = f"{int(time.time())}."
        for measured in (
            *_told(measure.measure_reading(html, facts, quick)),
            *_told(measure.measure_rest(_by_token(running), facts, quick)),
            *_told(measure.measure_saving(html, facts, mark, quick)),
        ):
            kept.append(measured)
            if measured.samples.wrong:
                first = f"first: {measured.samples.wrong[0][:160]}"
                place = f"{report.LABELS[measured.program]}, {database.kind}, {measured.page}, {measured.clients} clients"
                found.missing.append(
                    f"{place}: {len(measured.samples.wrong)} wrong answers, {first}"
                )
        found.memory[database.kind] = {one.program.key: one.memory() for one in running}
    finally:
        for one in running:
            one.stop()


def _told(those: Iterable[measure.Measured]) -> Iterable[measure.Measured]:
    for one in those:
        samples = one.samples
        wrong = f"  {len(samples.wrong)} WRONG: {samples.wrong[0][:200]}" if samples.wrong else ""
        print(
            f"{one.page:22} {one.clients} {one.program:12} {samples.median:8.1f} ms{wrong}",
            flush=True,
        )
        yield one


def _by_token(running: Iterable[Running]) -> list[Running]:
    """Those with a REST interface, signed in as programs do."""
    from bench.databases import PASSWORD

    people = {"ours": ("bench", PASSWORD), "stock_fab": ("stock", "stock")}
    found = []
    for one in running:
        if one.program.paths.rest:
            who = people.get(one.program.key)
            found.append(replace(one, headers=bearer(one.port, *who) if who else one.headers))
    return found


def _statements(database: Database) -> dict[str, int]:
    """Counted in a process of its own."""
    line = [sys.executable, "-m", "bench.inside", str(database.site), "--count"]
    done = subprocess.run(
        line, env=database.environment(), capture_output=True, text=True, check=True
    )
    counts: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return counts


def _starts(found: report.Figures, work: Path) -> None:
    """`budayang serve` with thirty entities and with the shipped zone, started a second time."""
    thirty = _thirty_entities(work / "thirty")
    for name, source in (("30 entities", thirty), ("the shipped zone", SITE.parent.parent)):
        site = _draft(source, work / f"start_{len(found.starts)}_draft")
        database = make_database("sqlite", 0, work, site, name=f"start_{len(found.starts)}")
        taken = []
        for _ in range(4):
            seconds, pss, rss = _serve(database, work)
            taken.append((seconds, pss, rss))
        found.starts[name] = sorted(taken[1:])[1]
        drop_database(database)


def _draft(source: Path, folder: Path) -> Path:
    """The YAML of a site by itself, without whatever else lies beside it."""
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("config", "catalogs"):
        shutil.copytree(source / name, folder / name)
    if (source / "workflows.yaml").exists():
        shutil.copy(source / "workflows.yaml", folder)
    return folder


def _thirty_entities(folder: Path) -> Path:
    """The measured site with its large entity under 27 names."""
    draft = _draft(SITE, folder)
    text = (draft / "catalogs/matter.yaml").read_text()
    roles = (draft / "config/roles.yaml").read_text()
    granted = ""
    for number in range(1, 27):
        key = f"matter_{number:02}"
        changed = text.replace("entity: matter", f"entity: {key}").replace(
            "label: 诉求\n", f"label: 诉求{number}\n", 1
        )
        (draft / f"catalogs/{key}.yaml").write_text(changed)
        granted += f"      {key}: [read, create, edit]\n"
    (draft / "config/roles.yaml").write_text(roles.replace("    can:\n", f"    can:\n{granted}", 1))
    return draft


def _serve(database: Database, work: Path) -> tuple[float, float, float]:
    """Seconds until the log-in page answers, and the memory of a worker after some pages."""
    line = [str(Path(sys.executable).with_name("budayang")), "serve", "--site", str(database.site)]
    line += ["--port", str(SERVE_PORT), "--workers", "2"]
    began = time.perf_counter()
    with (work / "logs/serve.log").open("ab") as sink:
        process = subprocess.Popen(line, env=database.environment(), stdout=sink, stderr=sink)
    running = Running(replace(OURS, port=SERVE_PORT), database, process)
    try:
        wait_for(SERVE_PORT, "/login")
        seconds = time.perf_counter() - began
        time.sleep(2)
        run(SERVE_PORT, [[Ask("/login")] * 20] * 2)
        return seconds, *running.memory()
    finally:
        running.stop()


def _series(series: list[Database], work: Path, quick: bool) -> dict[int, dict[str, float]]:
    """List, page and edit form of tables of different sizes, asked in turn."""
    running: list[Running] = []
    found: dict[int, dict[str, Samples]] = {}
    try:
        asks = {}
        for place, database in enumerate(series):
            program = replace(OURS, port=OURS.port + 6 + place)
            one = start(program, database, work / "logs" / f"scale_{place}.log")
            running.append(one)
            asks[database.rows] = _scale_asks(one)
            found[database.rows] = {page: Samples() for page in asks[database.rows]}
        for turn in range(2 if quick else 8):
            for one in running:
                rows = one.database.rows
                for page, several in asks[rows].items():
                    lot = [several[(turn * 10 + n) % len(several)] for n in range(10)]
                    run(one.port, [lot[:2]])
                    found[rows][page].add(run(one.port, [lot]))
    finally:
        for one in running:
            one.stop()
    wrong = [
        fault for pages in found.values() for samples in pages.values() for fault in samples.wrong
    ]
    if wrong:
        raise WrongAnswer(wrong[0])
    return {
        rows: {page: one.median for page, one in pages.items()} for rows, pages in found.items()
    }


def _scale_asks(running: Running) -> dict[str, list[Ask]]:
    facts, paths, headers = read_facts(running.database, 100), OURS.paths, running.headers
    assert paths.show is not None
    assert paths.edit is not None
    return {
        "list": [Ask(paths.list, shows(facts.newest), headers=headers)],
        "page": [
            Ask(paths.show(r.id), holds(r.subject, r.company), headers=headers)
            for r in facts.records
        ],
        "edit form": [
            Ask(paths.edit(r.id), holds(r.subject, r.company), headers=headers)
            for r in facts.records
        ],
    }


def _keep(found: report.Figures, path: Path) -> None:
    """Every single time, for whoever wants to look again."""
    path.write_text(json.dumps(asdict(found), ensure_ascii=False, indent=1, default=str))


if __name__ == "__main__":
    main()
