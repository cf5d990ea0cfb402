"""`config/dashboards.yaml`: boards of figures and charts."""

from __future__ import annotations

from app.manifest.link import Linking, Noun
from app.manifest.model.dashboards import Dashboard
from app.manifest.model.values import frozen
from app.manifest.problems import fault
from app.manifest.read.figures import FIGURE, read_figure
from app.manifest.scalars import key_name, label, name
from app.manifest.shapes import Key, Named, Said, Shape, Table, mapping, one_or_many, table

LABEL = Key("label", label(), "看板名称", required=True)
FOR = Key("for", one_or_many(name()), "给哪些角色看；不写则凡能看到数据的人都能看")
FIGURES = Key("figures", table(mapping(FIGURE), key=key_name()), "各个指标", required=True)
DASHBOARD = Shape("看板", (LABEL, FOR, FIGURES))
KEY = Key("dashboards", table(mapping(DASHBOARD), key=key_name()), "看板：指标和图表")

NO_FIGURES = fault("DSH113", "看板里没有指标", "请在 figures 里至少写一个")


def build(written: Table[Said], link: Linking) -> dict[str, Dashboard]:
    """The boards, with the figures that could be read."""
    return {entry.key: _board(entry, link) for entry in written}


def _board(entry: Named[Said], link: Linking) -> Dashboard:
    said = entry.value
    roles = [role.text for role in said.get(FOR, ()) if link.known(Noun.ROLE, role)]
    figures = said.get(FIGURES)
    if figures is not None and not figures.names:
        link.found.add(NO_FIGURES(figures.place))
    read = ((one.key, read_figure(one, link)) for one in figures or ())
    return Dashboard(
        key=entry.key,
        label=said.get(LABEL, entry.key),
        roles=tuple(roles),
        figures=frozen({key: figure for key, figure in read if figure is not None}),
        place=entry.place,
    )
