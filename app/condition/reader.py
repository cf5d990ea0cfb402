"""Going through the tokens of a condition, and the words that mean something in its grammar."""

from __future__ import annotations

from dataclasses import dataclass

from app.condition.tokens import Sort, Token

COMPARISONS = frozenset({"is", "in", "contains", "starts", "not", ">", ">=", "<", "<="})
OTHER_WORDS = frozenset({"and", "or"})
_CONTAINS = '请用 contains "文字"（包含）或 starts with "文字"（以此开头）'
_BETWEEN = "请写成 字段 >= 小值 and 字段 <= 大值"
# Words of other languages where a comparison is expected.
FOREIGN_WORDS = {
    **dict.fromkeys(
        ("like", "ilike", "matches", "match", "regexp", "rlike", "includes"), _CONTAINS
    ),
    **dict.fromkeys(("has", "include", "contain", "包含", "含有"), _CONTAINS),
    **dict.fromkeys(("startswith", "begins", "start", "开头"), '请写成 starts with "文字"'),
    **dict.fromkeys(("endswith", "ends", "end"), '没有“以……结尾”；请用 contains "文字"'),
    **dict.fromkeys(("between", "介于"), _BETWEEN),
    **dict.fromkeys(("equals", "equal", "eq", "等于", "为", "是"), "请写成 is"),
    **dict.fromkeys(("ne", "neq", "isnt", "不等于", "不是"), "请写成 is not"),
    **dict.fromkeys(("gt", "大于"), "请写成 >"),
    **dict.fromkeys(("gte", "ge", "不小于", "大于等于"), "请写成 >="),
    **dict.fromkeys(("lt", "小于", "before"), "请写成 <"),
    **dict.fromkeys(("lte", "le", "不大于", "小于等于"), "请写成 <="),
    **dict.fromkeys(("after", "since"), "请写成 > 或 >="),
    **dict.fromkeys(("isnull", "null", "blank", "为空", "空"), "请写成 is empty"),
    **dict.fromkeys(("notnull", "exists", "非空", "不为空"), "请写成 is set"),
    **dict.fromkeys(("并且", "且", "和"), "请写成 and"),
    **dict.fromkeys(("或者", "或"), "请写成 or"),
    **dict.fromkeys(("if", "else", "then", "when", "case"), "条件只写比较本身，不写 if、else"),
    **dict.fromkeys(("belongs", "属于"), "请写成 in [a, b]"),
}


@dataclass(slots=True)
class Reader:
    """A place in the tokens."""

    all: tuple[Token, ...]
    at: int = 0

    @property
    def here(self) -> Token:
        return self.all[self.at]

    def done(self) -> bool:
        """Whether nothing is left."""
        return self.here.sort is Sort.END

    @property
    def before(self) -> Token | None:
        return self.all[self.at - 1] if self.at else None

    def ahead(self, steps: int) -> Token:
        return self.all[min(self.at + steps, len(self.all) - 1)]

    def take(self) -> Token:
        """The token here; go on to the next. END is never passed."""
        token = self.here
        self.at = min(self.at + 1, len(self.all) - 1)
        return token

    def take_word(self, word: str) -> bool:
        """Go on if this word is here."""
        if self.here.word(word):
            self.take()
            return True
        return False

    def names_field(self) -> bool:
        """Whether a word of the grammar stands here as a field's key: a comparison follows (`not is yes`)."""
        after = self.ahead(1)
        if after.sort is Sort.SIGN:
            return after.text in COMPARISONS
        if after.word("in"):
            return self.ahead(2).sign("[")
        if after.word("not"):
            return self.ahead(2).word("in") and self.ahead(3).sign("[")
        return after.word("is", "contains") or (after.word("starts") and self.ahead(2).word("with"))

    def open_bracket(self) -> bool:
        """Whether a round bracket before this place is still open."""
        past = self.all[: self.at]
        return sum(t.sign("(") for t in past) > sum(t.sign(")") for t in past)

    def said_word(self) -> bool:
        """Whether the token before is a word or text."""
        return self.before is not None and self.before.sort in (Sort.WORD, Sort.QUOTED)
