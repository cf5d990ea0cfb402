"""From text to a tree of words: `not` binds before `and`, `and` before `or`.

What a bare word means (a field, a key, a number, a date) is for the check to say, which knows where it stands.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.condition import faults
from app.condition.parse_values import lasting, listing, value
from app.condition.reader import COMPARISONS, FOREIGN_WORDS, Reader
from app.condition.tokens import Sort, tokens
from app.condition.tree import And, Clause, Gather, Node, Not, Op, Or, Same, Tally, Word

MAX_DEPTH = 12  # SQLite gives up at some 17 with refs at the bottom and filters around
SIGN_OPS = {">": Op.MORE, ">=": Op.AT_LEAST, "<": Op.LESS, "<=": Op.AT_MOST}


@dataclass(slots=True)
class _Depth:
    """How deep in brackets and `not` the reading is."""

    now: int = 0

    def down(self, offset: int) -> None:
        self.now += 1
        if self.now > MAX_DEPTH:
            raise faults.TOO_DEEP.error(offset, limit=MAX_DEPTH)

    def up(self) -> None:
        self.now -= 1


def parse(text: str) -> Node:
    """The tree of a condition. Raises ConditionError, and nothing else, for whatever isn't one."""
    reader = Reader(tokens(text))
    if reader.done():
        raise faults.EMPTY.error(0)
    node = _either(reader, _Depth())
    if not reader.done():
        raise _trailing(reader)
    return node


def _either(reader: Reader, depth: _Depth) -> Node:
    parts = [_both(reader, depth)]
    while reader.take_word("or"):
        parts.append(_both(reader, depth))
    return parts[0] if len(parts) == 1 else Or(parts[0].offset, tuple(parts))


def _both(reader: Reader, depth: _Depth) -> Node:
    parts = [_negated(reader, depth)]
    while reader.take_word("and"):
        parts.append(_negated(reader, depth))
    return parts[0] if len(parts) == 1 else And(parts[0].offset, tuple(parts))


def _negated(reader: Reader, depth: _Depth) -> Node:
    token = reader.here
    if token.word("not") and not reader.names_field():
        depth.down(token.offset)
        reader.take()
        part = _negated(reader, depth)
        depth.up()
        return Not(token.offset, part)
    if token.sign("("):
        return _bracketed(reader, depth)
    return _clause(reader, depth)


def _bracketed(reader: Reader, depth: _Depth) -> Node:
    opening = reader.take()
    depth.down(opening.offset)
    node = _either(reader, depth)
    if not reader.here.sign(")"):
        if reader.done():
            raise faults.BRACKET.error(opening.offset, symbol="(")
        raise _trailing(reader)
    reader.take()
    depth.up()
    return node


def _clause(reader: Reader, depth: _Depth) -> Node:
    token = reader.here
    if token.sort is not Sort.WORD or (token.word("and", "or") and not reader.names_field()):
        raise _no_clause(reader)
    if token.word("same") and not reader.names_field():
        return _same(reader)
    left: Node
    if token.word("count", "sum") and reader.ahead(1).word("of"):
        left = _tally(reader, depth)
    else:
        left = Word(token.offset, reader.take().text)
    return _comparison(reader, left, token.text)


def _no_clause(reader: Reader) -> faults.ConditionError:
    token = reader.here
    if token.sign(")") and not reader.open_bracket():
        return faults.BRACKET.error(token.offset, symbol=")")
    if token.sort is Sort.QUOTED:
        return faults.LEFT.error(token.offset, word=f'"{token.text}"')
    before = reader.before
    after = f"{before.text} 后面" if before is not None else f"{token.text or '这里'} 前面"
    return faults.NO_CLAUSE.error(token.offset, after=after)


def _same(reader: Reader) -> Node:
    token = reader.take()
    if reader.here.sort is not Sort.WORD:
        raise faults.AGGREGATE.error(token.offset, why="same 后面要写字段")
    path = reader.take()
    return Same(token.offset, Word(path.offset, path.text))


def _comparison(reader: Reader, left: Node, said: str) -> Node:
    token = reader.here
    if token.sort is Sort.SIGN and token.text in SIGN_OPS:
        reader.take()
        return Clause(left.offset, left, SIGN_OPS[token.text], value(reader, token.text))
    if token.word("is"):
        return _is(reader, left)
    if token.word("in"):
        reader.take()
        return Clause(left.offset, left, Op.IN, listing(reader))
    if token.word("not") and reader.ahead(1).word("in"):
        reader.take()
        reader.take()
        return Not(left.offset, Clause(left.offset, left, Op.IN, listing(reader)))
    if token.word("contains"):
        reader.take()
        return Clause(left.offset, left, Op.CONTAINS, value(reader, "contains"))
    if token.word("starts") and reader.ahead(1).word("with"):
        reader.take()
        reader.take()
        return Clause(left.offset, left, Op.STARTS_WITH, value(reader, "starts with"))
    raise _no_comparison(reader, said)


def _is(reader: Reader, left: Node) -> Node:
    token = reader.take()
    negated = reader.take_word("not")
    if negated and reader.here.word("in"):
        raise faults.FOREIGN_WORD.error(token.offset, word="is not in", hint="请写成 not in [a, b]")
    if not negated and reader.here.word("in") and reader.ahead(1).sign("["):
        raise faults.FOREIGN_WORD.error(token.offset, word="is in", hint="请写成 in [a, b]")
    clause: Clause
    if reader.take_word("set"):
        clause = Clause(left.offset, left, Op.IS_SET, None)
    elif reader.take_word("empty"):
        clause = Clause(left.offset, left, Op.IS_EMPTY, None)
    else:
        clause = Clause(left.offset, left, Op.IS, value(reader, "is not" if negated else "is"))
    return Not(left.offset, clause) if negated else clause


def _no_comparison(reader: Reader, said: str) -> faults.ConditionError:
    token = reader.here
    lower = token.text.lower()
    if token.sort is Sort.WORD and lower != token.text and lower in COMPARISONS | {"and", "or"}:
        return faults.CAPITALS.error(token.offset, word=token.text, right=lower)
    if token.sort is Sort.WORD and lower in FOREIGN_WORDS:
        return faults.FOREIGN_WORD.error(token.offset, word=token.text, hint=FOREIGN_WORDS[lower])
    if token.sign("+", "-"):
        return faults.CODE.error(
            token.offset, word=token.text, hint="条件里不能加减字段；只有 today 和 now 可以加减时长"
        )
    if token.word("starts"):
        return faults.NO_COMPARISON.error(token.offset, left="starts", hint="请写成 starts with")
    if token.sort is Sort.WORD and not token.word("and", "or"):
        hint = faults.likely(token.text, sorted(COMPARISONS), noun="比较可以写")
        return faults.NO_COMPARISON.error(token.offset, left=said, hint=hint)
    hint = f"是否型字段请写 {said} is yes；问有没有填请写 {said} is set"
    return faults.NO_COMPARISON.error(token.offset, left=said, hint=hint)


def _tally(reader: Reader, depth: _Depth) -> Tally:
    start = reader.take()
    reader.take()
    gather = Gather.SUM if start.text == "sum" else Gather.COUNT
    if (
        gather is Gather.COUNT
        and reader.here.word("distinct")
        and not reader.ahead(1).word("where")
    ):
        reader.take()
        gather = Gather.DISTINCT
    subject = None
    if gather is not Gather.COUNT:
        subject = _name(reader, f"{gather} of 后面要写字段")
        if not reader.take_word("in"):
            raise faults.AGGREGATE.error(
                reader.here.offset, why=f"{subject.text} 后面要写 in 和实体"
            )
    entity = _name(reader, "要写统计的实体")
    where = None
    if reader.take_word("where"):
        if not reader.here.sign("("):
            raise faults.AGGREGATE.error(reader.here.offset, why="where 后面的条件要放在括号里")
        where = _bracketed(reader, depth)
    within = None
    if reader.take_word("within"):
        within = lasting(reader)
    return Tally(start.offset, gather, subject, entity, where, within)


def _name(reader: Reader, why: str) -> Word:
    token = reader.here
    if token.sort is not Sort.WORD or token.word("where", "in", "within"):
        raise faults.AGGREGATE.error(token.offset, why=why)
    reader.take()
    return Word(token.offset, token.text)


def _trailing(reader: Reader) -> faults.ConditionError:
    token = reader.here
    before = reader.before
    lower = token.text.lower()
    if token.sign(")"):
        return faults.BRACKET.error(token.offset, symbol=")")
    if token.sort is Sort.WORD and lower in {"and", "or"}:
        return faults.CAPITALS.error(token.offset, word=token.text, right=lower)
    if token.sort is Sort.WORD and lower in FOREIGN_WORDS:
        return faults.FOREIGN_WORD.error(token.offset, word=token.text, hint=FOREIGN_WORDS[lower])
    hint = None
    if token.sign(",") and before is not None and before.text[-1:].isdigit():
        hint = "数字里不要写逗号；多个值请写成 in [a, b]"
    elif token.sign(","):
        hint = "多个值请写成 in [a, b]；两段条件之间写 and 或 or"
    elif token.word("of"):
        hint = "统计要写在比较的左边，例如 count of 实体 where (…) >= 2"
    elif token.sign("+", "-"):
        hint = "只有 today 和 now 可以加减时长"
    elif token.sort is Sort.WORD and reader.said_word():
        hint = "两段条件之间要写 and 或 or；带空格的文字要放进双引号"
    return faults.TRAILING.error(token.offset, word=token.text or '"', hint=hint)
