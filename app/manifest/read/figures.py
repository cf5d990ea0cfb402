"""One figure of a dashboard: of which rows, what is shown of them, and as what."""

from __future__ import annotations

import re

from app.condition.tree import Condition
from app.manifest.conditions import read_condition
from app.manifest.link import Linking
from app.manifest.model.dashboards import COMPARISONS, FORMS, PERIODS, Figure, Measure, Show, Source
from app.manifest.model.fields import Field, FieldType
from app.manifest.problems import fault, likely
from app.manifest.read.doubt import missing
from app.manifest.read.sources import moment_field, read_source
from app.manifest.read.words import is_path, part
from app.manifest.scalars import Word, condition, label, path, phrase, text, word
from app.manifest.shapes import Key, Named, Said, Shape, one_or_many

LABEL = Key("label", label(), "指标名称", required=True)
OF = Key("of", path(), "统计什么：实体、实体.办理方（子单），或 firing（亮牌）", required=True)
WHERE = Key("where", condition(), "只统计哪些行")
DATED = Key("dated", path(), "按哪个时间归期，默认登记时间")
SHOW = Key(
    "show",
    phrase("统计方式"),
    "怎么算：count，distinct F，sum F，average F，median F，p90 F，share（配 hit），ratio F / G",
    required=True,
)
HIT = Key("hit", condition(), "share 的分子：这些行里符合什么条件的")
SPLIT = Key(
    "split", one_or_many(path()), "按什么分组：字段的路径，或 day、week、month、quarter、year"
)
AS = Key("as", word(*FORMS), "显示成：number、bar、line、pie、ranking 或 table")
PERIOD = Key("period", word(*PERIODS), "统计期：当日、当周、当月、当季或当年")
COMPARE = Key("compare", word(*COMPARISONS), "与什么比：last_period 上期，last_year 上年同期")
HELP = Key("help", text(300), "口径说明")
FIGURE = Shape("指标", (LABEL, OF, WHERE, DATED, SHOW, HIT, SPLIT, AS, PERIOD, COMPARE, HELP))

UNKNOWN_MEASURE = fault("DSH103", "“{word}”不是统计方式")
NO_FIELD = fault("DSH104", "{measure} 要写明{what}", "例如 {example}")
NO_HIT = fault("DSH105", "share 没有写 hit，不知道哪些行算分子", "请加上 hit")
HIT_ALONE = fault("DSH106", "hit 只和 show: share 一起用", "请改成 show: share，或去掉 hit")
COMPARE_ALONE = fault("DSH107", "没有统计期，无从比较", "请加上 period")
NOT_A_GROUP = fault(
    "DSH108", "{type} 类型的 {path} 不能用来分组", "请用选项、引用或是否类的字段；时间请写 month 等"
)
PRIVATE = fault("DSH109", "{path} 是隐私字段，不能在看板上分组或计数", "请换一个字段")
NO_SPLIT = fault("DSH110", "{form} 要有 split", "请写按什么分组，或改成 as: number")
SPLIT_NUMBER = fault("DSH111", "number 只显示一个数，不能分组", "请去掉 split，或改成 as: bar")
TOO_MANY = fault("DSH112", "最多按 {limit} 层分组", "请减少 split")

T = FieldType
NUMERIC = (T.INTEGER, T.DECIMAL, T.MONEY, T.PERCENT)
MOMENTS = (T.DATE, T.DATETIME)
GROUPS = (T.CHOICE, T.CHOICES, T.REF, T.REFS, T.YES_NO, T.CODE)
_LAYERS = {"bar": 2, "line": 2, "table": 2, "pie": 1, "ranking": 1}


def read_figure(entry: Named[Said], link: Linking) -> Figure | None:
    """The figure, where what it counts could be told."""
    said = entry.value
    of = said.get(OF)
    source = read_source(of, link) if of is not None else None
    _check_form(said, link)
    if source is None:
        return None
    show = _show(said, source, link)
    where, hit, dated = said.get(WHERE), said.get(HIT), said.get(DATED)
    if dated is not None:
        link.path(dated, source.key, wanted=MOMENTS)
    for group in said.get(SPLIT, ()):
        _check_group(group, source, link)
    _check_hit(said, show, link)
    if show is None:
        return None
    return Figure(
        key=entry.key,
        label=said.get(LABEL, entry.key),
        of=source,
        where=_condition(where, source, link),
        dated=dated.text if dated is not None else moment_field(source),
        show=show,
        hit=_condition(hit, source, link),
        split=tuple(group.text for group in said.get(SPLIT, ())),
        form=said.get(AS, "bar" if said.has(SPLIT) else "number"),
        period=said.get(PERIOD),
        compare=said.get(COMPARE),
        help=said.get(HELP, ""),
        place=entry.place,
    )


def _condition(written: Word | None, source: Source, link: Linking) -> Condition | None:
    return read_condition(link, written, source.key) if written is not None else None


def _show(said: Said, source: Source, link: Linking) -> Show | None:
    written = said.get(SHOW)
    if written is None:
        return None
    match = re.fullmatch(r"(\S+)(?:\s+(\S+))?(?:\s*/\s*(\S+))?", written.text)
    measure = next((one for one in Measure if match and one == match[1]), None)
    if match is None or measure is None:
        hint = likely(match[1] if match else written.text, list(Measure))
        link.found.add(UNKNOWN_MEASURE(written.place, word=written.text, hint=hint))
        return None
    if not _parts_fit(measure, match, written, link):
        return None
    first = _operand(measure, match, 2, written, source, link)
    second = _operand(measure, match, 3, written, source, link)
    return Show(measure, first, second, written.place)


def _parts_fit(measure: Measure, match: re.Match[str], written: Word, link: Linking) -> bool:
    wanted = {Measure.COUNT: 0, Measure.SHARE: 0, Measure.RATIO: 2}.get(measure, 1)
    paths = [text for text in (match[2], match[3]) if text]
    if len(paths) == wanted and all(is_path(text) for text in paths):
        return True
    if wanted == 0:
        link.found.add(UNKNOWN_MEASURE(written.place, word=written.text, hint=f"请只写 {measure}"))
    else:
        what = "分子和分母两个字段" if wanted == 2 else "一个字段"
        example = f"{measure} amount / area" if wanted == 2 else f"{measure} amount"
        link.found.add(NO_FIELD(written.place, measure=measure, what=what, example=example))
    return False


def _operand(
    measure: Measure, match: re.Match[str], group: int, written: Word, source: Source, link: Linking
) -> str | None:
    if match[group] is None:
        return None
    operand = part(written, match.start(group), match.end(group))
    wanted = () if measure is Measure.DISTINCT else NUMERIC
    field = link.path(operand, source.key, wanted=wanted)
    if field is not None and measure is Measure.DISTINCT:
        _refuse_private(field, operand, link)
    return operand.text


def _check_group(group: Word, source: Source, link: Linking) -> None:
    if group.text in PERIODS:
        return
    field = link.path(group, source.key)
    if field is None:
        return
    if field.type not in GROUPS:
        link.found.add(NOT_A_GROUP(group.place, type=field.type, path=group.text))
    else:
        _refuse_private(field, group, link)


def _refuse_private(field: Field, written: Word, link: Linking) -> None:
    if field.private:
        link.found.add(PRIVATE(written.place, path=written.text))


def _check_hit(said: Said, show: Show | None, link: Linking) -> None:
    if show is None:
        return
    if show.measure is Measure.SHARE and missing(said, HIT):
        link.found.add(NO_HIT(said.place_of(SHOW)))
    if show.measure is not Measure.SHARE and said.has(HIT):
        link.found.add(HIT_ALONE(said.key_place(HIT)))


def _check_form(said: Said, link: Linking) -> None:
    form, split = said.get(AS), said.get(SPLIT, ())
    if said.has(COMPARE) and missing(said, PERIOD):
        link.found.add(COMPARE_ALONE(said.key_place(COMPARE)))
    if form == "number" and split:
        link.found.add(SPLIT_NUMBER(said.key_place(SPLIT)))
    elif form in ("bar", "line", "pie", "ranking") and missing(said, SPLIT):
        link.found.add(NO_SPLIT(said.place_of(AS), form=form))
    limit = _LAYERS.get(form or "bar")
    if limit is not None and len(split) > limit:
        link.found.add(TOO_MANY(said.place_of(SPLIT), limit=limit))
