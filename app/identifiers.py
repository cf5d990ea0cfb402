"""Check characters and shapes of identifiers that Chinese offices use."""

from __future__ import annotations

import re
from datetime import date

_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_PHONE = re.compile(
    r"(\+86[- ]?)?(1\d{10}|(0\d{2,3}-?)?\d{7,8}(-\d{1,6})?|[48]00-?\d{3}-?\d{4}|1\d{4}|1\d{2})"
)
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
)
_URL = re.compile(r"https?://[^\s/$.?#@\\][^\s@\\]*", re.IGNORECASE)


def credit_code_check(first17: str) -> str:
    """The check character of GB 32100-2015 for the first 17 characters (which must be of its alphabet)."""
    total = sum(
        _CREDIT_ALPHABET.index(c) * w for c, w in zip(first17, _CREDIT_WEIGHTS, strict=True)
    )
    return _CREDIT_ALPHABET[(31 - total % 31) % 31]


def is_credit_code(text: str) -> bool:
    """Whether the text is a unified social credit code with a right check character (GB 32100-2015)."""
    return (
        len(text) == 18
        and all(c in _CREDIT_ALPHABET for c in text)
        and text[2:8].isdigit()
        and credit_code_check(text[:17]) == text[17]
    )


def is_id_card(text: str) -> bool:
    """Whether the text is an 18-character citizen number with a real birthday and check character (GB 11643)."""
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", text, re.ASCII):
        return False
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    return (
        _ID_CHECKS[sum(int(c) * w for c, w in zip(text, _ID_WEIGHTS, strict=False)) % 11]
        == text[17]
    )


def is_phone(text: str) -> bool:
    """Whether the text reads as a mainland mobile, landline or service number."""
    return len(text) <= 24 and _PHONE.fullmatch(text) is not None and text.isascii()


def is_email(text: str) -> bool:
    return len(text) <= 254 and _EMAIL.fullmatch(text) is not None


def is_url(text: str) -> bool:
    """Whether the text is an http or https address without a user part."""
    return len(text) <= 2000 and _URL.fullmatch(text) is not None
