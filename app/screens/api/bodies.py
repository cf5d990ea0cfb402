"""What a request brings: the record's id, a JSON object, the version it was made from, the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, current_app, request

from app.domain.errors import BadQuery, Invalid, NotFound
from app.manifest.model.entities import Entity
from app.manifest.model.fields import FieldType

LARGEST = 1024 * 1024
LISTS = (FieldType.REFS, FieldType.FILES, FieldType.CHOICES, FieldType.LINES)
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """The version that a change was made from; `by_header` where `If-Match` says it."""

    version: int
    by_header: bool


def record_id(text: str) -> int:
    """The id in an address. Whatever isn't one is simply not found."""
    if not (text.isascii() and text.isdigit()) or len(text) > 19 or text.startswith("0"):
        raise NotFound
    number = int(text)
    if number > LARGEST_ID:
        raise NotFound
    return number


def read_body() -> dict[str, Any]:
    """The JSON object that was sent, UTF-8 and nothing else: 415, 413 or 400 otherwise."""
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype != "application/json" or charset not in ("utf-8", "utf8"):
        abort(415)
    if (request.content_length or 0) > LARGEST:
        abort(413)
    sent = request.get_data(cache=False)
    if len(sent) > LARGEST:  # sent in pieces, without a length
        abort(413)
    try:
        body = current_app.json.loads(sent.decode("utf-8"))
    except ValueError as error:
        raise BadQuery("body", "提交的内容不是有效的 JSON") from error
    if not isinstance(body, dict):
        raise BadQuery("body", "提交的内容应是一个 JSON 对象")
    return body


def take_reason(body: dict[str, Any]) -> str:
    """Takes `reason`, why it is done, out of the body; it stands in the history."""
    reason = body.pop("reason", None)
    if reason is None:
        return ""
    if not isinstance(reason, str):
        raise Invalid({"reason": "说明应为文字"})
    return reason


def take_version(body: dict[str, Any]) -> Wanted:
    """The version out of `If-Match` or the body. Raises Invalid where neither says one, or they disagree."""
    tagged = tagged_version()
    said = body.pop("version", None)
    if said is not None and (isinstance(said, bool) or not isinstance(said, int)):
        raise Invalid({"version": "版本应为整数"})
    if tagged is not None:
        if said not in (None, tagged):
            raise Invalid({"version": "version 与 If-Match 说的版本不一致"})
        return Wanted(tagged, True)
    if said is None:
        raise Invalid({"version": "请给出修改所依据的版本：正文里的 version，或请求头 If-Match"})
    return Wanted(said, False)


def tagged_version() -> int | None:
    """The version in `If-Match: "3"`, None where there is no such header."""
    header = request.headers.get("If-Match")
    if header is None:
        return None
    text = header.strip().removeprefix("W/")
    digits = text[1:-1]
    quoted = len(text) > 2 and text[0] == text[-1] == '"'
    if not quoted or not (digits.isascii() and digits.isdigit()) or len(digits) > 9:
        raise BadQuery("If-Match", '请求头 If-Match 应为读取时 ETag 给出的版本，如 "3"')
    return int(digits)


def require_lists(entity: Entity, body: dict[str, Any]) -> None:
    """A field of several values is given as a list: one text would be taken for one value by forms only."""
    wrong = {
        key: f"“{field.label}”应为列表"
        for key, field in entity.live_fields.items()
        if field.type in LISTS and body.get(key) is not None and not isinstance(body[key], list)
    }
    if wrong:
        raise Invalid(wrong)
