"""Refusals and failures as pages and as REST answers: `{"error": {"id", "message", "fields", "place"}}`.

A body never tells of code, SQL or paths. What went wrong inside is logged under a number that the page shows.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask_jwt_extended.exceptions import JWTExtendedException
from flask_wtf.csrf import CSRFError
from jwt.exceptions import PyJWTError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from app.domain import audit
from app.domain.errors import Refusal
from app.place import Place
from app.schema.engine import writing
from app.screens.security.requests import is_api
from app.screens.texts import _, _l, refusal_text
from app.screens.visits import Visit, shell

log = logging.getLogger(__name__)

STATUS: Mapping[str, int] = {
    "not_found": 404,
    "denied": 403,
    "invalid": 422,
    "bad_query": 400,
    "stale": 409,
    "conflict": 409,
    "wrong_login": 401,
    "locked": 429,
    "busy": 503,
    "out_of_range": 422,
}
# Status: its id in REST answers, the heading of its page, what is said where nothing better is known.
WORDS: Mapping[int, tuple[str, str, str]] = {
    400: ("bad_request", _l("请求有误"), _l("地址或提交的内容不完整、不正确。请返回上一页重试。")),
    401: ("not_signed_in", _l("请先登录"), _l("还没有登录，或登录已失效。")),
    403: ("denied", _l("没有权限"), _l("您的角色不能做这件事。如确有需要，请联系管理员。")),
    404: ("not_found", _l("没有找到"), _l("没有这个页面或这条记录，或您无权查看。")),
    405: ("method_not_allowed", _l("不能这样操作"), _l("这个地址不接受这种操作方式。")),
    406: ("not_acceptable", _l("无法提供"), _l("无法按要求的格式提供内容。")),
    409: ("conflict", _l("与现状冲突"), _l("其间情况有了变化，请刷新后再试。")),
    412: ("stale", _l("已被他人修改"), _l("其间情况有了变化，请刷新后再试。")),
    413: ("too_large", _l("内容太大"), _l("提交的内容超过了允许的大小。")),
    415: (
        "unsupported_media_type",
        _l("格式不支持"),
        _l("不支持提交内容的格式，请用 application/json。"),
    ),
    422: ("invalid", _l("内容有误"), _l("提交的内容有误，请改正后再试。")),
    429: ("too_many_requests", _l("操作太频繁"), _l("请稍候再试。")),
    500: (
        "internal",
        _l("系统出错"),
        _l("系统内部出错，已记录。请稍后重试；反复出现时请把错误编号告诉管理员。"),
    ),
    503: (
        "unavailable",
        _l("暂时不可用"),
        _l("数据库暂时没有应答，请稍候再试，已保存的内容不会丢失。"),
    ),
}
EXPIRED_FORM = _l("页面已过期或来自别处，没有保存。请返回上一页，刷新后再提交。")
RETRY_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer that isn't what was asked for."""

    status: int
    message: str = ""
    id: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    place: Place | None = None
    number: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def of_refusal(refusal: Refusal) -> Failure:
    """A refusal of the domain as an answer."""
    fields = getattr(refusal, "fields", None) or {}
    parameter = getattr(refusal, "parameter", None)
    seconds = getattr(refusal, "seconds", RETRY_SECONDS)
    status = STATUS.get(refusal.id, 422)
    return Failure(
        status,
        refusal.message,
        refusal.id,
        fields={parameter: refusal.message} if parameter else dict(fields),
        place=refusal.place,
        headers={"Retry-After": str(seconds)} if status in (429, 503) else {},
    )


def error_body(failure: Failure) -> dict[str, dict[str, object]]:
    """The one JSON shape of errors."""
    known = WORDS.get(failure.status, WORDS[400])
    return {
        "error": {
            "id": failure.id or known[0],
            "message": refusal_text(failure.message, str(known[2])),
            "fields": {name: refusal_text(message) for name, message in failure.fields.items()},
            "place": str(failure.place) if failure.place is not None else None,
        }
    }


def answer(failure: Failure) -> Response:
    """The failure in the dress that was asked for: JSON under /api, a page elsewhere."""
    if is_api():
        response = jsonify(error_body(failure))
    else:
        _id, heading, usual = WORDS.get(failure.status, WORDS[400])
        visit = g.get("visit")
        inside = isinstance(visit, Visit) and visit.signed_in
        layout = "shell.html" if inside else "plain.html"
        page = render_template(
            "pages/error.html",
            failure=failure,
            heading=heading,
            message=refusal_text(failure.message, str(usual)),
            layout=layout,
        )
        response = make_response(page)
    response.status_code = failure.status
    response.headers.update(failure.headers)
    return response


def _refused(refusal: Refusal) -> Response:
    _take_back()
    failure = of_refusal(refusal)
    if failure.status == 403:
        _note_denial(failure.place)
    return answer(failure)


def _http(error: HTTPException) -> Response:
    _take_back()
    if isinstance(error, CSRFError):
        return answer(Failure(400, str(EXPIRED_FORM), "forged"))
    code = error.code or 500
    if 300 <= code < 400:
        return make_response(error.get_response())
    status = code if code in WORDS else 400 if code < 500 else 500
    if status == 403:
        _note_denial(None)
    kept = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return answer(Failure(status, headers=kept))


def _token(error: Exception) -> Response:
    return answer(Failure(401, _("令牌缺失、无效或已过期，请重新登录。"), "not_signed_in"))


def _database(error: Exception) -> Response:
    _take_back()
    if isinstance(error, IntegrityError):
        log.warning("a rule of the database was broken: %s", type(error.orig).__name__)
        return answer(Failure(409, _("与已有的记录冲突，没有保存。")))
    if isinstance(error, DataError):
        return answer(Failure(422, _("内容超出了允许的长度或范围。")))
    if isinstance(error, StatementError) and not isinstance(error, DBAPIError):
        return _unexpected(error)
    log.error("the database didn't answer: %s", type(error).__name__)
    return answer(Failure(503, headers={"Retry-After": str(RETRY_SECONDS)}))


def _unexpected(error: Exception) -> Response:
    _take_back()
    number = secrets.token_hex(4)
    # In ASCII: a line break in an address would begin a line of its own in the log.
    log.error("error %s at %s %a", number, request.method, request.path, exc_info=error)
    return answer(Failure(500, number=number))


def _take_back() -> None:
    try:
        shell().sessions.rollback()
    except DBAPIError:  # the connection is gone, and with it what was begun on it
        shell().sessions.remove()


def _note_denial(place: Place | None) -> None:
    """Whoever tried what they may not leaves a row, and exactly one."""
    visit = g.get("visit")
    if not isinstance(visit, Visit) or not visit.signed_in:
        return
    details = {
        "method": request.method,
        "path": request.path[:200],
        "place": str(place) if place else None,
    }
    entry = audit.Entry(
        visit.context.now,
        "request",
        visit.actor,
        allowed=False,
        address=request.remote_addr or "",
        details=details,
    )
    try:
        with writing(shell().engine) as db:
            audit.write(db, entry)
    except DBAPIError:  # the refusal stands; that it left no row must not go unnoticed
        log.critical("no audit row for a refusal: %s at %s", visit.actor.username, request.path)


def handle_errors(app: Flask) -> None:
    """Every refusal and failure of the app gets its answer here."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(JWTExtendedException, _token)
    app.register_error_handler(PyJWTError, _token)
    for database_error in (DBAPIError, StatementError, PoolTimeout):
        app.register_error_handler(database_error, _database)
    app.register_error_handler(Exception, _unexpected)
