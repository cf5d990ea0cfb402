"""What can be wrong with a condition: each kind once, with its stable id and its Chinese words.

CON1xx: it can't be read. CON2xx: a name isn't there. CON3xx: types don't go together. CON4xx: not in this place.
`CATALOGUE` lists them for the reference page.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

CATALOGUE: dict[str, Wrong] = {}
SHOWN_LENGTH = 40
CLOSE = 0.6


@dataclass(frozen=True, slots=True)
class ConditionProblem:
    """One fault of a condition: `offset` counts characters into its text."""

    id: str
    message: str
    offset: int
    hint: str = ""


class ConditionError(Exception):
    """Why a text can't be read as a condition."""

    def __init__(self, problem: ConditionProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem

    @property
    def id(self) -> str:
        return self.problem.id

    @property
    def message(self) -> str:
        return self.problem.message

    @property
    def offset(self) -> int:
        return self.problem.offset

    @property
    def hint(self) -> str:
        return self.problem.hint


@dataclass(frozen=True, slots=True)
class Wrong:
    """One kind of fault. `message` and `hint` are templates that the facts of the case are filled into."""

    id: str
    message: str
    hint: str = ""

    def at(self, offset: int, *, hint: str | None = None, **facts: object) -> ConditionProblem:
        """The problem; a given `hint` (already worded) stands in for the template's."""
        said = {name: shown(str(fact)) for name, fact in facts.items()}
        remedy = self.hint.format(**said) if hint is None else hint
        return ConditionProblem(self.id, self.message.format(**said), offset, remedy)

    def error(self, offset: int, *, hint: str | None = None, **facts: object) -> ConditionError:
        """The same, to be raised."""
        return ConditionError(self.at(offset, hint=hint, **facts))


def wrong(id: str, message: str, hint: str = "") -> Wrong:  # noqa: A002 - the catalogue's own word
    """Declare a kind of fault. An id is never given twice and never reused."""
    if id in CATALOGUE:
        raise ValueError(f"fault id {id} is declared twice")
    CATALOGUE[id] = Wrong(id, message, hint)
    return CATALOGUE[id]


def shown(text: str) -> str:
    """The text as it may stand in a message: one line, nothing invisible, not too long."""
    clean = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[: SHOWN_LENGTH + 1])
    return clean if len(text) <= SHOWN_LENGTH else clean[:SHOWN_LENGTH] + "…"


def likely(word: str, known: Iterable[str], *, noun: str = "可以写") -> str:
    """A hint for a name that isn't known: the one probably meant, else what there is to choose from."""
    pool = list(dict.fromkeys(known))
    folded = {name.casefold(): name for name in pool}
    meant = folded.get(word.casefold().replace("-", "_")) or _begun(word, pool)
    close = [meant] if meant else difflib.get_close_matches(word, pool, n=1, cutoff=CLOSE)
    if close:
        return f"是不是想写 {close[0]}？"
    if not pool:
        return ""
    return f"{noun}：{'、'.join(pool[:12])}{' 等' if len(pool) > 12 else ''}"


def _begun(word: str, pool: list[str]) -> str | None:
    """The first name of which the word is the beginning, if it says enough."""
    long_enough = len(word.rpartition(".")[2]) >= 3
    return next((name for name in pool if name.startswith(word)), None) if long_enough else None


# Reading.
EMPTY = wrong("CON101", "条件是空的", "请写出条件，例如 state is open；不需要条件就删去这一行")
TOO_LONG = wrong(
    "CON102", "条件有 {length} 个字，超过 {limit} 个", "请拆成几条，或把其中的判断做成字段"
)
TOO_DEEP = wrong("CON103", "括号或 not 套了超过 {limit} 层", "请去掉多余的括号")
SYMBOL = wrong("CON104", "条件里不能有 {symbol}", "带符号的文字要放进双引号")
OPEN_QUOTE = wrong("CON105", "这里的双引号没有结束", '请在文字末尾补上 "')
FULL_WIDTH = wrong("CON106", "{symbol} 是中文（全角）符号", "请改用英文半角的 {right}")
FOREIGN_SYMBOL = wrong("CON107", "条件里不写 {symbol}", "请改写成 {right}")
NO_VALUE = wrong("CON108", "{after} 后面缺少要比较的值")
NO_COMPARISON = wrong("CON109", "{left} 后面缺少比较")
NO_CLAUSE = wrong("CON110", "{after}少了一段条件", "请补上条件，或删去多余的词")
BRACKET = wrong("CON111", "{symbol} 没有配成对", "请检查括号，左右要一样多")
TRAILING = wrong("CON112", "条件到这里已经完整，后面多出了 {word}", "两段条件之间要写 and 或 or")
FOREIGN_WORD = wrong("CON113", "条件里没有 {word} 这个写法")
LIST = wrong("CON114", "列表写得不对：{why}", "列表写成 [a, b]，例如 grade in [a, b]")
DURATION = wrong(
    "CON115", "{word} 不是时长", "时长写成 30m、4h、3 days、2 months 这样：一个整数加一个单位"
)
AGGREGATE = wrong(
    "CON116",
    "统计写得不对：{why}",
    "例如 count of 实体 where (same 字段) within 30 days >= 2，sum of 字段 in 实体 where (…) > 100",
)
CAPITALS = wrong("CON117", "{word} 要用小写", "请写成 {right}")
SINGLE_QUOTE = wrong("CON118", "文字要放在双引号里，不用单引号", "请把 ' 换成 \"")
CODE = wrong(
    "CON119",
    "条件里不能写程序：{word}",
    "条件只能比较字段和值，例如 amount > 100 and state is open",
)
LEFT = wrong("CON120", "比较的左边要写字段，不能写 {word}", "请把字段写在左边，例如 due_at < today")

# Names.
UNKNOWN_FIELD = wrong("CON201", "{entity}没有 {word} 这个字段")
UNKNOWN_CHOICE = wrong("CON202", "“{field}”没有 {word} 这个选项")
UNKNOWN_ENTITY = wrong("CON203", "没有 {word} 这个实体")
UNKNOWN_KEY = wrong("CON204", "没有 {word} 这个{entity}")
UNKNOWN_MINE = wrong("CON205", "没有 {word} 这个写法")
UNKNOWN_ROLE = wrong("CON206", "没有 {word} 这个角色")
NOT_A_REF = wrong(
    "CON207", "{word} 不是引用字段，后面不能再接 .{rest}", "只有引用（ref）字段后面能接下一级字段"
)
TOO_FAR = wrong(
    "CON208", "路径 {word} 太长，最多经过两次引用", "请在相关实体里加一个引用字段，缩短路径"
)
NO_CODE = wrong(
    "CON209",
    "“{field}”引用的{entity}没有编码（code）字段，不能直接和 {word} 比较",
    "请写出要比较的字段，例如 {path}.字段 is …",
)
NO_CREATED = wrong(
    "CON210", "{entity}没有 created_at，不能用 within", "请改在 where (…) 里比较日期字段"
)

# Types.
OPERATOR = wrong("CON301", "{kind}“{field}”不能用 {op} 比较")
PERCENT = wrong("CON302", "“{field}”是百分数，{word} 后面要有百分号", "请写成 {right}")
NUMBER = wrong("CON303", "“{field}”是数值，{word} 不是数字", "请只写数字，例如 12.5")
DATE = wrong(
    "CON304",
    "“{field}”是日期，{word} 不是日期",
    "请写成 2026-03-02 或 today - 30 days，并确认有这一天",
)
TIME = wrong("CON305", "“{field}”是时刻，{word} 不是时刻", "请写成 08:30")
WANTS_DURATION = wrong(
    "CON306", "“{field}”是时长，{word} 不是时长", "请写成 30m、4h、3 workdays 或 3 days"
)
YES_NO = wrong("CON307", "“{field}”是是否型字段，不能和 {word} 比较", "请写 yes 或 no")
OTHER_TYPE = wrong(
    "CON308", "“{field}”（{kind}）不能和 {word}（{other}）比较", "两边要是同一种类型的字段"
)
UNITS = wrong(
    "CON309",
    "“{field}”的单位是{unit}，{word} 的单位是{other}，不能直接比较",
    "请把两个字段统一成一个单位",
)
TOO_BIG = wrong("CON310", "{word} 超出了范围", "{right}")
SHIFT = wrong("CON311", "{base} 不能加减 {word}", "{right}")
NOW = wrong("CON312", "“{field}”是{kind}，不能和 {word} 比较", "{right}")
WHOSE = wrong("CON313", "“{field}”不能和 {word} 比较", "{right}")
QUOTED = wrong("CON314", "“{field}”是{kind}，{word} 不要加引号", "请去掉引号")
OPTIONS = wrong(
    "CON315", "“{field}”和 {word} 的选项不同，不能互相比较", "两个字段要用同一个选项列表（字典）"
)
ONE_VALUE = wrong("CON316", "is 后面只能是一个值，{word} 是一组", "请改写成 in {word}")
EMPTY_TEXT = wrong("CON317", '不能和空文字 "" 比较', "要问有没有填，请写 is empty 或 is set")
SUBJECT = wrong("CON318", "“{field}”是{kind}，不能用在 {use} 里", "{right}")
IN_LIST = wrong("CON319", "列表里不能写 {word}", "{right}")

# Places.
NO_COUNTS = wrong(
    "CON401",
    "这里不能用 count of、sum of 这样的统计",
    "统计只能写在预警、流程的 only_if 和记录的 rules 里",
)
SAME_OUTSIDE = wrong("CON402", "same 只能写在统计的 where (…) 里", "请直接写字段的比较")
NESTED = wrong(
    "CON403", "统计的 where (…) 里不能再有统计", "请把里面的统计做成字段，或分成两条规则"
)
NO_PERSON = wrong("CON404", "这里没有操作人，不能写 {word}", "请改用记录上的字段比较")
