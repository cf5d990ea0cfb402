"""The side bar: what one may read, in the groups of the manifest. Labels are data and never markup."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from app.domain.access import may
from app.domain.context import Context
from app.domain.platform_rights import granted
from app.manifest.model.entities import Entity
from app.manifest.model.manifest import Manifest
from app.screens.icons import drawing
from app.screens.texts import _


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A way to a screen. `icon` is a drawing of the sprite; `prefix` is what its pages' addresses begin with."""

    label: str
    href: str
    icon: str
    prefix: str
    help: str = ""
    create: str = ""  # where a new one is made, for those who may

    @property
    def current(self) -> bool:
        """Whether the page that is shown lies under it."""
        return request.path.startswith(self.prefix)


@dataclass(frozen=True, slots=True)
class MenuGroup:
    label: str
    entries: tuple[MenuItem, ...]


def menu(context: Context) -> tuple[MenuGroup, ...]:
    """What the actor may read, group by group: daily work before reference, else as the site's files name them."""
    if context.actor.id is None:
        return ()
    groups: dict[str, list[Entity]] = {}
    for entity in context.manifest.entities.values():
        if in_menu(context.manifest, entity):
            groups.setdefault(entity.group or _("其他"), []).append(entity)
    found = []
    for label, entities in sorted(groups.items(), key=lambda group: min(map(_rank, group[1]))):
        seen = [one for one in sorted(entities, key=_rank) if may(context, one.key, "read")]
        if seen:  # the order is the same for everybody, whatever they see of it
            found.append(MenuGroup(label, tuple(_item(context, one) for one in seen)))
    platform = _platform(context)
    return (*found, MenuGroup(_("系统管理"), platform)) if platform else tuple(found)


def _rank(entity: Entity) -> int:
    """What is dispatched stands first, then what a clock runs for, what moves through states, what is only kept."""
    traits = (entity.dispatch, entity.booking, entity.sla, entity.workflow)
    return next((place for place, trait in enumerate(traits) if trait is not None), len(traits))


def in_menu(manifest: Manifest, entity: Entity) -> bool:
    """Not those without a group that are shown on another's page anyway."""
    if entity.group:
        return True
    return not any(
        detail.entity == entity.key
        for other in manifest.entities.values()
        for detail in other.details
    )


def _item(context: Context, entity: Entity) -> MenuItem:
    root = f"{request.script_root}/{entity.key}/"
    create = f"{root}add" if may(context, entity.key, "create") else ""
    return MenuItem(
        entity.label, f"{root}list", drawing(entity.icon), f"/{entity.key}/", entity.help, create
    )


def _platform(context: Context) -> tuple[MenuItem, ...]:
    root = request.script_root
    items = []
    if granted(context, "user", "read") or granted(context, "grant", "read"):
        items.append(MenuItem(_("账号与角色"), f"{root}/accounts", "users", "/accounts"))
    if granted(context, "audit", "read"):
        items.append(MenuItem(_("审计日志"), f"{root}/audit", "scroll-text", "/audit"))
    return tuple(items)
