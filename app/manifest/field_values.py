"""From what someone typed to a field's typed value, one function for forms, REST, items and imports.

The typed values: text-like types → str; integer → int; decimal, money, percent → Decimal; yes_no → bool;
date, datetime (aware), time → their own; duration → Duration; choices, lines → tuple of str.
Refs and files are resolved by the layers that know the database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from app import identifiers
from app.manifest.model.fields import Field, FieldType
from app.manifest.model.values import Duration, Unit
from app.manifest.source_bytes import without_hidden

MAX_INTEGER = 2**53 - 1  # exact in JavaScript as well
MAX_WHOLE_DIGITS = 12  # what SQLite holds exactly as an integer of six decimal places
DEFAULT_MAX_LENGTH = {FieldType.TEXT: 200, FieldType.NOTE: 20_000, FieldType.CODE: 64}
MAX_LINES = 200
_DURATION = re.compile(r"(\d{1,6}) ?(m|h|workdays?|days?)")
_UNITS = {"m": Unit.MINUTES, "h": Unit.HOURS, "workday": Unit.WORKDAYS, "day": Unit.DAYS}
_YES = {"yes", "true", "1", "是", "y", "on"}
_NO = {"no", "false", "0", "否", "n", "off"}


class ValueProblem(Exception):
    """The text can't be this field's value; the message (Chinese) says why and what would do."""


def read_text(field: Field, text: str, zone: ZoneInfo) -> object:
    """The typed value of `text`, None for blank text. Raises ValueProblem."""
    if "\x00" in text:
        raise ValueProblem("含有不可见的空字符，请重新输入")
    text = without_hidden(text)
    if field.type not in (FieldType.NOTE, FieldType.LINES):
        text = text.strip()
    if not text.strip():
        return None
    reader = _READERS.get(field.type)
    value = reader(field, text, zone) if reader else text
    check_limits(field, value)
    return value


def check_limits(field: Field, value: object) -> None:
    """`min`, `max` and `max_length` of a typed value. Raises ValueProblem."""
    limit = field.max_length or DEFAULT_MAX_LENGTH.get(field.type)
    if isinstance(value, str) and limit is not None and len(value) > limit:
        raise ValueProblem(f"不能超过 {limit} 个字，现有 {len(value)} 个")
    if isinstance(value, bool | str) or value is None:
        return
    if below(value, field.min):
        raise ValueProblem(f"不能小于 {field.min}")
    if below(field.max, value):
        raise ValueProblem(f"不能大于 {field.max}")


def below(one: object, other: object) -> bool:
    """Whether one value is less than another of its kind; values that can't be compared are not."""
    if isinstance(one, Duration) and isinstance(other, Duration):
        return one.unit == other.unit and one.amount < other.amount
    if isinstance(one, int | Decimal) and isinstance(other, int | Decimal):
        return one < other
    for kind in (datetime, date, time):
        if type(one) is kind and type(other) is kind:
            return bool(one < other)  # type: ignore[operator]
    return False


def plain(text: str) -> str:
    """Full-width digits and signs as ASCII; thousands separators and blanks dropped."""
    return unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "").replace("−", "-")


def _integer(field: Field, text: str, zone: ZoneInfo) -> int:
    digits = plain(text)
    if not re.fullmatch(r"[+-]?\d{1,19}", digits, re.ASCII):
        raise ValueProblem(f"“{text[:40]}”不是整数，请只填数字，如 12")
    value = int(digits)
    if abs(value) > MAX_INTEGER:
        raise ValueProblem("数字太大")
    return value


def _decimal(field: Field, text: str, zone: ZoneInfo) -> Decimal:
    digits = plain(text)
    if field.type is FieldType.PERCENT:
        digits = digits.removesuffix("%")
    if field.type is FieldType.MONEY:
        digits = digits.removeprefix("¥").removesuffix("元")
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", digits, re.ASCII):
        raise ValueProblem(f"“{text[:40]}”不是数字，请只填数字，如 12.5")
    try:
        value = Decimal(digits)
    except InvalidOperation as error:
        raise ValueProblem(f"“{text[:40]}”不是数字") from error
    return check_decimal(field, value)


def decimal_places(field: Field) -> int:
    """Decimal places kept: as said, else 2 for money and percent, 6 for decimal."""
    if field.places is not None:
        return field.places
    return 6 if field.type is FieldType.DECIMAL else 2


def check_decimal(field: Field, value: Decimal) -> Decimal:
    """The value at the field's scale; too many places or digits is an error, never a silent rounding."""
    places = decimal_places(field)
    if not value.is_finite() or value.adjusted() >= MAX_WHOLE_DIGITS:
        raise ValueProblem("数字太大")
    scaled = value.quantize(Decimal(1).scaleb(-places))
    if scaled != value:
        raise ValueProblem(f"最多 {places} 位小数" if places else "不能有小数")
    return scaled


def _yes_no(field: Field, text: str, zone: ZoneInfo) -> bool:
    word = text.lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueProblem("请填“是”或“否”")


def _date(field: Field, text: str, zone: ZoneInfo) -> date:
    match = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", plain(text), re.ASCII)
    try:
        if match:
            found = date(int(match[1]), int(match[2]), int(match[3]))
            if 1900 <= found.year <= 2999:
                return found
    except ValueError:
        pass
    raise ValueProblem(f"“{text[:40]}”不是有效日期，请写成 2026-03-02")


def _time(field: Field, text: str, zone: ZoneInfo) -> time:
    match = re.fullmatch(r"(\d{1,2}):(\d{2})(:(\d{2}))?", plain(text), re.ASCII)
    try:
        if match:
            return time(int(match[1]), int(match[2]), int(match[4] or 0))
    except ValueError:
        pass
    raise ValueProblem(f"“{text[:40]}”不是有效时间，请写成 08:30")


def _datetime(field: Field, text: str, zone: ZoneInfo) -> datetime:
    """A moment in the site's zone unless it says its own offset; returned in UTC."""
    candidate = unicodedata.normalize("NFKC", text).strip()
    candidate = re.sub(r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})", r"\1-\2-\3", candidate)
    candidate = re.sub(r"^(\d{4})-(\d{1,2})-(\d{1,2})\b", _padded, candidate)
    try:
        moment = datetime.fromisoformat(candidate)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        if 1900 <= moment.year <= 2999:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueProblem(f"“{text[:40]}”不是有效的日期时间，请写成 2026-03-02 09:00")


def _padded(match: re.Match[str]) -> str:
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"


def read_duration(text: str) -> Duration | None:
    """`30m`, `4h`, `3 workdays`, `3 days`, or 4小时 and the like; None if it isn't one."""
    words = unicodedata.normalize("NFKC", text).strip().lower()
    for chinese, english in (("个", ""), ("工作日", "workdays"), ("自然日", "days"), ("天", "days"),
                             ("小时", "h"), ("分钟", "m")):  # fmt: skip
        words = words.replace(chinese, english)
    match = _DURATION.fullmatch(words.replace("  ", " "))
    if match is None:
        return None
    amount, unit = (
        int(match[1]),
        _UNITS[match[2].removesuffix("s") if len(match[2]) > 1 else match[2]],
    )
    return Duration(amount, unit) if amount or unit is Unit.WORKDAYS else None


def _duration(field: Field, text: str, zone: ZoneInfo) -> Duration:
    value = read_duration(text)
    if value is None:
        raise ValueProblem(f"“{text[:40]}”不是时长，请写成 30m、4h、3 workdays 或 3 days")
    return value


def _lines(field: Field, text: str, zone: ZoneInfo) -> tuple[str, ...]:
    lines = tuple(line.strip() for line in text.splitlines() if line.strip())
    return check_lines(lines)


def check_lines(lines: tuple[str, ...]) -> tuple[str, ...]:
    """At most MAX_LINES lines of at most 500 characters."""
    if len(lines) > MAX_LINES:
        raise ValueProblem(f"最多 {MAX_LINES} 行")
    if any(len(line) > 500 for line in lines):
        raise ValueProblem("每行最多 500 个字")
    return lines


def _shaped(
    check: Callable[[str], bool], say: str, *, upper: bool = False
) -> Callable[[Field, str, ZoneInfo], str]:
    def read(field: Field, text: str, zone: ZoneInfo) -> str:
        value = unicodedata.normalize("NFKC", text)
        value = value.upper() if upper else value
        if not check(value):
            raise ValueProblem(say)
        return value

    return read


_READERS: dict[FieldType, Callable[[Field, str, ZoneInfo], object]] = {
    FieldType.INTEGER: _integer,
    FieldType.DECIMAL: _decimal,
    FieldType.MONEY: _decimal,
    FieldType.PERCENT: _decimal,
    FieldType.YES_NO: _yes_no,
    FieldType.DATE: _date,
    FieldType.TIME: _time,
    FieldType.DATETIME: _datetime,
    FieldType.DURATION: _duration,
    FieldType.LINES: _lines,
    FieldType.PHONE: _shaped(identifiers.is_phone, "电话号码不对，请写手机号或 区号-号码"),
    FieldType.EMAIL: _shaped(identifiers.is_email, "电子邮箱不对，应形如 name@example.com"),
    FieldType.URL: _shaped(identifiers.is_url, "网址不对，应以 http:// 或 https:// 开头"),
    FieldType.ID_CARD: _shaped(
        identifiers.is_id_card, "身份证号校验不通过，请核对 18 位号码", upper=True
    ),
    FieldType.CREDIT_CODE: _shaped(
        identifiers.is_credit_code, "统一社会信用代码校验不通过，请核对 18 位代码", upper=True
    ),
}
