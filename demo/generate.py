"""Write the demo rows of this site: `python demo/generate.py [FOLDER]` makes every `<entity>.jsonl` anew.

The same seed gives the same bytes, so a change of the data shows up in a diff. No package outside the standard
library is needed. Everything is fictitious: names are built from the sixty-year cycle, persons are named by their
post, credit codes lie in the region 999900 (which does not exist, with right check characters), telephone numbers
begin with 101 (assigned to nobody), mail and web addresses end in `.example`.

The format (any site may have such a folder; `budayang demo` loads it through the domain services, as if clerks had
typed it):

`demo/users.yaml`
    `users:` is a list of log-ins. Keys: `username`, `name` (shown), `roles` (list of role keys), `department`,
    `post` (keys of the organization; both optional), `fields` (the fields under `organization.people.fields`,
    written as in a row).

`demo/<entity>.jsonl`
    One JSON object a line, one record an object, its keys the entity's field keys. Blank lines are skipped.

    - A value is what a form would take: text; a number or `true`/`false`; `5 workdays` for a duration; a number for
      percent (5.5 is 5.5%); a list of keys for `choices`; a list of texts for `lines`. A missing key is an empty
      field and takes the field's default. Fields of type `files` are not supported.
    - A date or datetime is `2026-03-02` or `2026-03-02 09:00`, or counted from the day of loading: `today`,
      `today - 40 days`, `today + 2 months` (`days`, `months`, `years`). An integer may be `this_year`, `last_year`.
    - A ref is text, refs are a list of it: `@17` is the record of line 17 (from 1) of the target's own .jsonl file;
      any other text is looked up by the target's field of type `code`, then by its `title` field, and must find
      exactly one. Departments and posts are named by key, users by username.
    - `_at`: when it was created, a datetime as above (`today - 3 days 10:20` has the time of day behind it). Without
      it, the time of loading. `_by`: the username that created it.
    - `_edit`: the line doesn't make a record but edits one that is there already (a declared row), found as a ref
      would find it; the other keys are the fields that change.

Order of loading: users without their `fields`, then the entities so that those referred to come before those that
refer (within a file from the first line on), then the users' `fields`. Loading twice adds nothing: the loader
refuses to run where an entity that has a file already holds records (declared rows don't count).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from makings.applications import applications
from makings.enterprises import enterprises
from makings.partners import partners
from makings.projects import projects
from makings.rows import Row
from makings.whistles import whistles

HERE = Path(__file__).parent


def write(folder: Path, entity: str, rows: Iterable[Row]) -> None:
    """One line a row, without the keys that are empty."""
    lines = [json.dumps(_said(row), ensure_ascii=False, separators=(",", ":")) for row in rows]
    (folder / f"{entity}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{entity}: {len(lines)}")


def _said(row: Row) -> Mapping[str, object]:
    return {
        key: value
        for key, value in row.items()
        if value is not None and value != [] and value != ""
    }


def main(folder: Path) -> None:
    """Make all files in the folder. Later ones point into earlier ones by line number."""
    firms = enterprises()
    write(folder, "enterprise", firms)
    write(folder, "project", projects(firms))
    for entity, rows in {**applications(firms), **partners(firms)}.items():
        write(folder, entity, rows)
    write(folder, "whistle", whistles(firms))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
