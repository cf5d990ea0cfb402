"""Rights on the platform itself: log-ins, roles, the audit log, releases.

They are granted in `roles.yaml` like rights on an entity, by four nouns of the language (`user`, `grant`, `audit`,
`release`). So a site separates its administrators as it likes, by which role gets which noun and `not_with`.
"""

from __future__ import annotations

from app.domain.access import Verdict, granting, roles_of
from app.domain.context import Context
from app.domain.errors import Denied
from app.manifest.model.manifest import Manifest
from app.manifest.model.roles import PLATFORM_NOUNS

NOUN_WORDS = {"user": "账号", "grant": "角色授予", "audit": "审计日志", "release": "发布"}
VERB_WORDS = {"read": "查看", "create": "新增", "edit": "修改", "retire": "停用", "export": "导出"}


def granted(context: Context, noun: str, verb: str) -> Verdict:
    """Whether a role of the actor grants the verb on a noun of the platform. Only an explicit grant counts.

    (That everybody may read people's names, as `access.may` says, opens nobody the list of log-ins.)
    """
    if context.actor.system:
        return Verdict(True, "系统自身")
    if roles := granting(context, noun, verb):
        role = roles[0]
        return Verdict(True, f"角色“{role.label}”允许", role.places.get(f"can.{noun}", role.place))
    held = "、".join(role.label for role in roles_of(context)) or "无角色"
    return Verdict(
        False,
        f"您的角色（{held}）没有{VERB_WORDS.get(verb, verb)}{NOUN_WORDS.get(noun, noun)}的权限",
    )


def require_granted(context: Context, noun: str, verb: str) -> None:
    """Raises Denied unless `granted`."""
    verdict = granted(context, noun, verb)
    if not verdict:
        raise Denied(verdict.why, place=verdict.place)


def platform_rights(manifest: Manifest, roles: frozenset[str]) -> frozenset[tuple[str, str]]:
    """What these roles together may do to the platform, as (noun, verb)."""
    return frozenset(
        (noun, verb)
        for key in roles
        if (role := manifest.roles.get(key)) is not None
        for noun in PLATFORM_NOUNS
        for verb in role.can.get(noun, frozenset())
    )
