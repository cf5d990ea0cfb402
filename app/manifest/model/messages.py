"""Texts of notifications."""

from __future__ import annotations

from dataclasses import dataclass

from app.place import Place

CHANNELS = ("inbox", "email", "wecom", "dingtalk", "webhook")


@dataclass(frozen=True, slots=True)
class Message:
    """`placeholders` are the dotted paths that stand in braces in `text` (and `subject`), in their order."""

    key: str
    label: str
    subject: str
    text: str
    placeholders: tuple[str, ...]
    channels: tuple[str, ...]
    place: Place
