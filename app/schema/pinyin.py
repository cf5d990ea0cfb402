"""Pinyin initials: 企业服务 is found by typing qyfw."""

from __future__ import annotations

import unicodedata
from itertools import product

from app.schema.pinyin_letters import FIRST, LETTERS

# Characters that are commonly read in two ways: both are found.
TWO_READINGS = dict(
    entry.split(":")
    for entry in [
        "重:zc",
        "行:hx",
        "长:zc",
        "乐:ly",
        "单:ds",
        "曾:zc",
        "仇:cq",
        "解:jx",
        "区:qo",
        "查:cz",
        "翟:zd",
        "厦:xs",
        "省:sx",
        "会:hk",
        "校:xj",
        "参:cs",
        "朝:cz",
        "弹:dt",
        "调:dt",
        "藏:zc",
        "降:jx",
        "系:xj",
        "属:sz",
        "宿:sx",
        "石:sd",
        "卡:kq",
        "番:fp",
        "万:wm",
        "乘:cs",
        "盛:sc",
        "晟:cs",
        "召:zs",
        "率:ls",
        "给:gj",
        "提:td",
        "圩:wx",
        "遗:yw",
        "贾:jg",
        "匙:cs",
        "车:cj",
        "茄:qj",
        "角:jj",
        "巷:xh",
        "壳:kq",
        "粘:zn",
        "弄:nl",
        "瀑:pb",
        "奇:qj",
        "铅:qy",
        "圈:qj",
        "稽:jq",
        "畜:cx",
        "传:cz",
        "种:zc",
        "折:zs",
        "泊:bp",
        "堡:bp",
        "尉:wy",
        "祭:jz",
    ]
)
MAX_READINGS = 8


def initials(text: str) -> str:
    """The readings of a text as initials, separated by spaces: `zqca cqca` for 重庆长安-like names.

    Letters and digits stand for themselves; what has no reading is left out.
    """
    spots = [_letters(character) for character in unicodedata.normalize("NFKC", text).lower()]
    readings = 1
    for place, letters in enumerate(spots):
        if len(letters) > 1 and (readings := readings * len(letters)) > MAX_READINGS:
            spots[place] = letters[0]
    return " ".join(dict.fromkeys("".join(reading) for reading in product(*filter(None, spots))))


def _letters(character: str) -> str:
    if character.isascii():
        return character if character.isalnum() else ""
    if character in TWO_READINGS:
        return TWO_READINGS[character]
    place = ord(character) - FIRST
    letter = LETTERS[place] if 0 <= place < len(LETTERS) else "-"
    return "" if letter == "-" else letter
