"""`config/messages.yaml`: the texts of notifications."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.manifest.link import Linking
from app.manifest.model.messages import CHANNELS, Message
from app.manifest.problems import fault
from app.manifest.read.words import is_path, part
from app.manifest.scalars import Word, key_name, label, phrase, word
from app.manifest.shapes import Key, Named, Said, Shape, Table, mapping, series, table

LABEL = Key("label", label(), "消息名称", required=True)
SUBJECT = Key("subject", phrase("标题"), "邮件标题，可含 {字段}；不写则用消息名称")
TEXT = Key("text", phrase("正文"), "正文，可含 {字段}，例如 {number}", required=True)
CHANNELS_KEY = Key(
    "channels",
    series(word(*CHANNELS), at_least=1, once=True),
    "从哪里发：inbox 站内，email 邮件，wecom 企业微信，dingtalk 钉钉，webhook 接口；默认 inbox",
)
MESSAGE = Shape("消息", (LABEL, SUBJECT, TEXT, CHANNELS_KEY))
KEY = Key("messages", table(mapping(MESSAGE), key=key_name()), "通知的文字和渠道")

BRACES = fault("MSG101", "花括号没有成对", "占位写成 {{number}}；不能单独写一个花括号")
NOT_A_PLACEHOLDER = fault(
    "MSG102", "{{{word}}} 不是占位", "花括号里写字段的键或路径，例如 {{number}}"
)
PRIVATE = fault(
    "MSG103", "{path} 是隐私字段，不能写进消息", "请去掉它；收到消息的人可以点进记录查看"
)

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def build(written: Table[Said], link: Linking) -> dict[str, Message]:
    """The messages; whether a placeholder means something is told where a message is used."""
    return {entry.key: _message(entry, link) for entry in written}


def _message(entry: Named[Said], link: Linking) -> Message:
    said = entry.value
    words = [said.get(key) for key in (SUBJECT, TEXT)]
    for written in words:
        if written is not None:
            check_template(written, link)
    subject, body = (written.text if written is not None else "" for written in words)
    return Message(
        key=entry.key,
        label=said.get(LABEL, entry.key),
        subject=subject or said.get(LABEL, entry.key),
        text=body,
        placeholders=tuple(one.text for one in _of_message(said)),
        channels=said.get(CHANNELS_KEY, ("inbox",)),
        place=entry.place,
    )


def check_template(written: Word, link: Linking) -> None:
    """Braces in pairs, and a path in each."""
    if re.search(r"[{}]", _PLACEHOLDER.sub("", written.text)):
        link.found.add(BRACES(written.place))
        return
    for found in _PLACEHOLDER.finditer(written.text):
        if not is_path(found[1]):
            link.found.add(NOT_A_PLACEHOLDER(written.at(found.start()), word=found[1]))


def placeholders(written: Word) -> Iterator[Word]:
    """The paths in braces, each with its place."""
    for found in _PLACEHOLDER.finditer(written.text):
        if is_path(found[1]):
            yield part(written, found.start(1), found.end(1))


def check_placeholders(written: Word, entity: str, link: Linking) -> None:
    """Each path must lead to a field of the record that the text is about, and to no private one."""
    for one in placeholders(written):
        field = link.path(one, entity)
        if field is not None and field.private:
            link.found.add(PRIVATE(one.place, path=one.text))


def check_message_for(key: str, entity: str, link: Linking) -> None:
    """A message that will be sent about records of this entity."""
    said = next((e.value for e in link.drafts.messages or () if e.key == key), None)
    if said is None:
        return
    for template in (SUBJECT, TEXT):
        written = said.get(template)
        if written is not None:
            check_placeholders(written, entity, link)


def _of_message(said: Said) -> Iterator[Word]:
    for template in (SUBJECT, TEXT):
        written = said.get(template)
        if written is not None:
            yield from placeholders(written)
