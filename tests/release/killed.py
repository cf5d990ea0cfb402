"""A process that applies a site and dies at the Nth point between two pieces of work. Run by test_killed.py.

python -m tests.release.killed DATABASE_URL BEFORE|AFTER N
"""

from __future__ import annotations

import os
import sys

from sqlalchemy.pool import NullPool

from app.release import apply as applying
from app.schema.engine import engine as make_engine
from tests.release.shop import SITE, applied, edited

JOB, TOOL, WORKFLOWS = "catalogs/job.yaml", "catalogs/tool.yaml", "workflows.yaml"
# One of everything: renames, a new type, a new entity, states, choices, rows, departments, roles.
AFTER = edited(
    SITE,
    (JOB, "  size: { label: 大小, type: text }\n", "  size: { label: 大小, type: integer }\n  fee: { label: 费用, type: money }\n"),
    (JOB, "  tool: { label: 用具,", "  gear: { was: tool, label: 用具,"),
    (JOB, "urgent: 紧急", "hot: { label: 紧急, was: urgent }"),
    (WORKFLOWS, "      fixing: { label: 修理中 }\n", "      working: { label: 修理中, was: fixing }\n"),
    (WORKFLOWS, "to: fixing", "to: working"),
    (WORKFLOWS, "from: fixing", "from: working"),
    (TOOL, "lends: 3 workdays", "lends: 5 workdays"),
    (TOOL, "name: { label: 名称, type: text, required: yes, search: yes }", "name: { label: 名称, type: text, required: yes, search: yes, unique: yes }"),
    ("config/organization.yaml", "    bench: {", "    table: { was: bench,"),
    ("config/organization.yaml", "department: bench", "department: table"),
    (TOOL, "owner: bench", "owner: table"),
    ("config/roles.yaml", "  hand:\n", "  mate:\n    was: hand\n"),
    (WORKFLOWS, "by: hand", "by: mate"),
)  # fmt: skip
AFTER["catalogs/van.yaml"] = (
    "entity: van\nlabel: 车\nfields:\n  code: { label: 码, type: code, unique: yes }\n"
    "  tools: { label: 工具, type: refs, to: tool }\nitems:\n  - { code: V1, tools: [T1, T2] }\n"
)
KILLED = 137


def main(url: str, which: str, at: int) -> None:
    passages = 0

    def passing(name: str) -> None:
        nonlocal passages
        passages += 1
        if passages == at:
            os._exit(KILLED)

    applying.passing = passing
    applied(make_engine(url, poolclass=NullPool), SITE if which == "BEFORE" else AFTER)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
