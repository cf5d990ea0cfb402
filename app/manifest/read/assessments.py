"""`config/assessments.yaml`: how departments are scored."""

from __future__ import annotations

from decimal import Decimal

from app.manifest.conditions import read_condition
from app.manifest.link import Linking
from app.manifest.model.assessments import ASSESSMENT_PERIODS, Assessment, GradeCase, Metric, Points
from app.manifest.model.dashboards import Source
from app.manifest.model.entities import Entity
from app.manifest.model.fields import FieldType, half_read
from app.manifest.model.values import frozen
from app.manifest.problems import fault
from app.manifest.read.doubt import missing
from app.manifest.read.figures import MOMENTS
from app.manifest.read.rows import WHEN, check_order, row
from app.manifest.read.sources import moment_field, read_source
from app.manifest.read.system_fields import system_field
from app.manifest.scalars import Word, condition, decimal, key_name, label, path, word
from app.manifest.shapes import Key, Named, Said, Shape, Table, mapping, series, table
from app.manifest.times import duration
from app.place import Place

LABEL = Key("label", label(), "名称", required=True)
OF = Key("of", path(), "数什么：实体.办理方（子单）、实体，或 firing（亮牌）")
WHERE = Key("where", condition(), "只数哪些行（指标的分母）")
DATED = Key("dated", path(), "按哪个时间归期，默认登记时间或亮牌时间")
DEPARTMENT = Key("department", path(), "算到哪个部门：of 是别的实体时，指向部门的字段路径")
WEIGHT = Key("weight", decimal(), "权重；全部指标合计 100", required=True)
METRIC_DATED = Key("dated", path(), "按哪个时间归期", required=True)
HIT = Key("hit", condition(), "分子：其中符合什么条件的", required=True)
METRIC = Shape("考核指标", (LABEL, WEIGHT, OF, WHERE, METRIC_DATED, HIT, DEPARTMENT))
EACH = Key("each", decimal(), "每件加减几分，减分写负数", required=True)
POINTS_OF = Key("of", path(), OF.says, required=True)
POINTS = Shape("加减分", (LABEL, EACH, POINTS_OF, WHERE, DATED, DEPARTMENT))
GRADE = Key("grade", label(20), "等次名称")
OTHERWISE = Key("otherwise", label(20), "以上都不符合时的等次，放在最后一行")
GRADE_ROW = Shape("等次的一行", (WHEN, GRADE, OTHERWISE))
SCORE = Key("score", path(), "给谁打分：实体.办理方，派给部门的那一方", required=True)
PERIOD = Key("period", word(*ASSESSMENT_PERIODS), "考核周期", required=True)
FREEZE = Key("freeze", duration(), "周期结束后多久冻结")
METRICS = Key("metrics", table(mapping(METRIC), key=key_name()), "各考核指标", required=True)
POINTS_KEY = Key("points", table(mapping(POINTS), key=key_name()), "各加减分项")
DEDUCTIONS_CAP = Key("deductions_cap", decimal(), "最多扣几分")
BONUSES_CAP = Key("bonuses_cap", decimal(), "最多加几分")
GRADES = Key(
    "grades", series(mapping(GRADE_ROW), at_least=1), "按 score 定等次，先符合的先用", required=True
)
ASSESSMENT = Shape(
    "考核",
    (LABEL, SCORE, PERIOD, FREEZE, METRICS, POINTS_KEY, DEDUCTIONS_CAP, BONUSES_CAP, GRADES),
)
KEY = Key("assessments", table(mapping(ASSESSMENT), key=key_name()), "部门考核")

NOT_DEPARTMENTS = fault(
    "ASM101",
    "{word} 不是派给部门的办理方，不能按它给部门打分",
    "请写 实体.办理方，它的 to 要通向部门",
)
NO_METRICS = fault("ASM102", "考核里没有指标", "请在 metrics 里至少写一个")
WEIGHT_RANGE = fault("ASM103", "权重要大于 0，这里是 {weight}", "请改成正数，或去掉这个指标")
WEIGHT_SUM = fault(
    "ASM104",
    "各指标的权重合计是 {total}，不是 100，得分会按比例折算",
    "如无意为之，请调整 weight，使合计为 100",
)
NO_POINTS = fault("ASM105", "每件 0 分，不起作用", "请写加几分，或写负数减分")
BELOW_ZERO = fault("ASM106", "{key} 不能小于 0", "封顶写正数，例如 30")
WHOSE = fault(
    "ASM107",
    "{of} 不止一个或没有部门字段，没有说算到哪个部门",
    "请加上 department: 指向部门的字段路径",
)
NOT_A_DEPARTMENT = fault("ASM108", "{path} 不指向部门", "请写指向 department 的 ref 字段")
NOT_NEEDED = fault("ASM109", "{of} 自己知道是哪个部门的，不用写 department", "请去掉 department")

_SCORE_ROWS = "assessment.score"


def build(written: Table[Said], link: Linking) -> dict[str, Assessment]:
    """The schemes that could be read."""
    link.entities.setdefault(_SCORE_ROWS, _score_rows())
    built = ((entry.key, _assessment(entry, link)) for entry in written)
    return {key: assessment for key, assessment in built if assessment is not None}


def _score_rows() -> Entity:
    """What the conditions of `grades` read: the score."""
    place = Place("config/assessments.yaml", 1)
    score = system_field("score", "得分", FieldType.DECIMAL, place)
    return Entity(_SCORE_ROWS, "得分", place, frozen({}), frozen({"score": score}))


def _assessment(entry: Named[Said], link: Linking) -> Assessment | None:
    said = entry.value
    source = _score(said, link)
    _check_caps(said, link)
    _check_weights(said, link)
    grades = _grades(said, link)
    if source is None:
        return None
    metrics = _metrics(said, source, link)
    points = ((one.key, _points(one, source, link)) for one in said.get(POINTS_KEY) or ())
    pointed = {key: one for key, one in points if one is not None}
    if not said.whole:
        return None
    return Assessment(
        key=entry.key,
        label=said.need(LABEL),
        score=source,
        period=said.need(PERIOD),
        freeze=said.get(FREEZE),
        metrics=frozen(metrics),
        points=frozen(pointed),
        deductions_cap=said.get(DEDUCTIONS_CAP),
        bonuses_cap=said.get(BONUSES_CAP),
        grades=grades,
        place=entry.place,
    )


def _score(said: Said, link: Linking) -> Source | None:
    written = said.get(SCORE)
    source = read_source(written, link) if written is not None else None
    if source is None or written is None:
        return None
    party = link.entities[source.key].system.get(source.party or "")
    if party is not None and half_read(party):
        return None
    if link.unread(source.entity or "", source.party or ""):
        return source
    if party is None or party.to != "department":
        link.found.add(NOT_DEPARTMENTS(written.place, word=written.text))
        return None
    return source


def _check_caps(said: Said, link: Linking) -> None:
    for key in (DEDUCTIONS_CAP, BONUSES_CAP):
        cap = said.get(key)
        if cap is not None and cap < 0:
            link.found.add(BELOW_ZERO(said.place_of(key), key=key.name))


def _check_weights(said: Said, link: Linking) -> None:
    written = said.get(METRICS)
    if written is None:
        return
    if not written.names:
        link.found.add(NO_METRICS(written.place))
    weights = [entry.value.get(WEIGHT) for entry in written]
    for entry in written:
        weight = entry.value.get(WEIGHT)
        if weight is not None and weight <= 0:
            link.found.add(WEIGHT_RANGE(entry.value.place_of(WEIGHT), weight=weight))
            return
    known = [weight for weight in weights if weight is not None]
    if known and len(known) == len(written.names) and sum(known) != Decimal(100):
        link.found.notice(WEIGHT_SUM(written.place, total=sum(known)))


def _metrics(said: Said, score: Source, link: Linking) -> dict[str, Metric]:
    metrics = {}
    for entry in said.get(METRICS) or ():
        metric = _metric(entry, score, link)
        if metric is not None:
            metrics[entry.key] = metric
    return metrics


def _metric(entry: Named[Said], score: Source, link: Linking) -> Metric | None:
    said = entry.value
    source = _source(said, OF, score, link)
    if source is None:
        return None
    where, hit, dated = said.get(WHERE), said.get(HIT), said.get(METRIC_DATED)
    checked = read_condition(link, hit, source.key, person=False) if hit is not None else None
    rows = read_condition(link, where, source.key, person=False) if where is not None else None
    if dated is not None:
        link.path(dated, source.key, wanted=MOMENTS)
    department = _whose(said, source, score, link)
    if checked is None or not said.whole:
        return None
    return Metric(
        key=entry.key,
        label=said.need(LABEL),
        weight=said.need(WEIGHT),
        of=source,
        where=rows,
        dated=said.need(METRIC_DATED).text,
        hit=checked,
        department=department,
        place=entry.place,
    )


def _source(said: Said, key: Key[Word], score: Source, link: Linking) -> Source | None:
    """The rows of a metric or of points; those that are scored where nothing is said."""
    written = said.get(key)
    if written is None:
        return None if said.has(key) else score
    return read_source(written, link)


def _points(entry: Named[Said], score: Source, link: Linking) -> Points | None:
    said = entry.value
    each = said.get(EACH)
    if each is not None and each == 0:
        link.found.add(NO_POINTS(said.place_of(EACH)))
    source = _source(said, POINTS_OF, score, link)
    if source is None or each is None:
        return None
    where, dated = said.get(WHERE), said.get(DATED)
    if dated is not None:
        link.path(dated, source.key, wanted=MOMENTS)
    return Points(
        key=entry.key,
        label=said.get(LABEL, entry.key),
        each=each,
        of=source,
        where=read_condition(link, where, source.key, person=False) if where is not None else None,
        dated=dated.text if dated is not None else moment_field(source),
        department=_whose(said, source, score, link),
        place=entry.place,
    )


def _whose(said: Said, source: Source, score: Source, link: Linking) -> str:
    """The path from a row to the department that it counts for.

    A case counts for the party that is scored; another entity's row for its only department, if it has one.
    """
    known = source.party or ("department" if source.firings else None)
    written = said.get(DEPARTMENT)
    if known is not None:
        if said.has(DEPARTMENT):
            link.found.add(NOT_NEEDED(said.key_place(DEPARTMENT), of=source.key))
        return known
    if not said.has(DEPARTMENT) and source.entity == score.entity:
        return score.party or ""
    if written is None:
        refs = [f.key for f in link.entities[source.key].fields.values() if f.to == "department"]
        if missing(said, DEPARTMENT) and len(refs) != 1:
            link.found.add(WHOSE(said.place_of(OF), of=source.key))
        return refs[0] if len(refs) == 1 else ""
    field = link.path(written, source.key)
    if field is not None and half_read(field):
        return written.text
    if field is not None and (field.type is not FieldType.REF or field.to != "department"):
        link.found.add(NOT_A_DEPARTMENT(written.place, path=written.text))
    return written.text


def _grades(said: Said, link: Linking) -> tuple[GradeCase, ...]:
    written = said.get(GRADES)
    if written is None:
        return ()
    check_order(written, OTHERWISE, said.place_of(GRADES), link.found)
    cases = []
    for one in written:
        pair = row(one, GRADE, OTHERWISE, link.found)
        if pair is None:
            continue
        when, grade = pair
        checked = (
            read_condition(link, when, _SCORE_ROWS, person=False) if when is not None else None
        )
        cases.append(GradeCase(checked, grade, one.place))
    return tuple(cases)
