"""The audit log on screen and as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from app.domain import audit, audit_list
from app.domain.audit_list import DETAIL_WORDS, VALUE_WORDS, Line, Question
from app.domain.errors import BadQuery
from app.domain.platform_rights import granted, require_granted
from app.screens.page import Page, expose
from app.screens.texts import _
from app.screens.visits import current, saving, shell
from app.screens.wording import moment

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def read_question(values: Mapping[str, str]) -> Question:
    """What is asked of the log, from an address. Raises BadQuery."""
    action = values.get("action", "")
    if action and action not in audit.ACTION_WORDS:
        raise BadQuery("action", _("没有这种操作"))
    before = values.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 19):
        raise BadQuery("before", _("页的起点应为数字"))
    outcome = values.get("outcome", "")
    if outcome not in ("", "allowed", "refused"):
        raise BadQuery("outcome", _("结果只能是成功或拒绝"))
    return Question(
        action, outcome, values.get("who", "")[:128].strip(), int(before) if before else None
    )


class AuditPage(Page):
    """`/audit` and `/audit/export`."""

    route_base = "/audit"
    default_view = "index"

    @expose("")
    def index(self) -> ResponseReturnValue:
        context = current().context
        require_granted(context, "audit", "read")
        question = read_question(request.args)
        lines, more = audit_list.page(context, question)
        return render_template(
            "pages/audit.html",
            lines=lines,
            told=told,
            more=more,
            question=question,
            actions=audit.ACTION_WORDS,
            may_export=bool(granted(context, "audit", "export")),
        )

    @expose("/export", methods=["POST"])
    def export(self) -> ResponseReturnValue:
        with saving() as context:
            require_granted(context, "audit", "export")
            question = read_question(request.form)
            lines = audit_list.everything(context, question)
            entry = audit.Entry(
                context.now, "audit_export", context.actor, details={"rows": len(lines)}
            )
            audit.write(context.session, entry)
        name = f"audit-{shell().now():%Y%m%d-%H%M}.csv"
        headers = {"Content-Disposition": f"attachment; filename={name}"}
        return Response("\ufeff" + _table(lines), mimetype="text/csv", headers=headers)


def _table(lines: list[Line]) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(
        [
            _("编号"),
            _("时间"),
            _("操作"),
            _("结果"),
            _("操作人"),
            _("来源地址"),
            _("对象"),
            _("详情"),
        ]
    )
    for line in lines:
        outcome = _("成功") if line.allowed else _("拒绝")
        cells = [
            str(line.id),
            moment(line.at),
            line.word,
            outcome,
            _("系统") if line.by_system else line.who,
            line.address,
            line.subject,
            told(line),
        ]
        writer.writerow([_harmless(cell) for cell in cells])
    return file.getvalue()


def told(line: Line) -> str:
    """The details of a row in the reader's language."""
    pairs = line.details.items()
    return "；".join(
        f"{_(DETAIL_WORDS.get(name, name))} {_in_words(value)}" for name, value in pairs
    )


def _in_words(value: str) -> str:
    """The value's own word translated; a path or a name is left as it is, whatever stands in it."""
    return _(value) if value in VALUE_WORDS.values() else value


def _harmless(cell: str) -> str:
    """A spreadsheet takes what begins so for a formula."""
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell
