"""Log-ins and who holds which role: made, changed, disabled, always by somebody with the right to and with a trace.

Whatever changes what a person may do ends that person's sessions.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.domain import audit, passwords, people, sessions, tries
from app.domain.account_list import NO_MAIL, Account, find_account
from app.domain.context import Context
from app.domain.errors import Denied, Invalid
from app.domain.people import Person
from app.domain.platform_rights import platform_rights, require_granted
from app.domain.sign_in import LONGEST_NAME, plain_name
from app.identifiers import is_email
from app.schema.platform import platform

__all__ = [
    "Account",
    "Facts",
    "create_account",
    "edit_account",
    "find_account",
    "reset_password",
    "set_active",
]
__all__ += ["set_roles", "unlock"]

user, account = platform.user, platform.account
FAULTS: Mapping[str, str] = {
    "name_length": "用户名为 2 至 64 个字符",
    "name_characters": "用户名只能用字母、数字、汉字和 . _ - @",
    "name_taken": "已有账号使用这个用户名",
    "no_name": "请填写姓名，不超过 64 个字符",
    "invisible": "姓名中有不可见的字符",
    "email": "邮箱格式不对，例如 name@example.com",
    "email_taken": "已有账号使用这个邮箱",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said of a person's log-in."""

    name: str
    email: str = ""
    person: Person = field(default_factory=Person)


def create_account(
    context: Context,
    username: str,
    facts: Facts,
    *,
    password: str | None = None,
    roles: frozenset[str] = frozenset(),
) -> tuple[int, str | None]:
    """Makes a log-in. Without a password a one-time one is made and returned, to be told to the person once.

    Roles need the right to grant them. Raises Denied or Invalid.
    """
    require_granted(context, "user", "create")
    name = plain_name(username)
    errors = _faults(facts) | _name_fault(name)
    if password is not None and (weak := passwords.weakness(password, name)):
        errors["password"] = weak
    if errors:
        raise Invalid(errors)
    made = None if password is not None else passwords.one_time_password()
    new_id = _insert(context, name, facts, passwords.hashed(password or made or ""))
    context.session.execute(
        insert(account).values(user_id=new_id, must_change_password=made is not None)
    )
    people.save_person(context.session, context.schema, new_id, facts.person, context.now)
    _note(context, "account_create", new_id, {"name": facts.name, "username": name})
    if roles:
        set_roles(context, new_id, roles)
    return new_id, made


def _insert(context: Context, name: str, facts: Facts, hashed: str) -> int:
    row = insert(user).values(
        username=name,
        first_name=facts.name.strip(),
        last_name="",
        email=facts.email.strip() or f"{name}{NO_MAIL}",
        password=hashed,
        active=True,
    )
    try:
        with context.session.begin_nested():
            new_id: int = context.session.execute(row.returning(user.c.id)).scalar_one()
    except IntegrityError as error:
        raise Invalid(_taken(error, facts)) from None
    return new_id


def _taken(error: IntegrityError, facts: Facts) -> dict[str, str]:
    # Without an address the one that can't exist is made of the user name: then it is the name that is taken.
    if facts.email.strip() and "email" in str(error.orig):
        return {"email": FAULTS["email_taken"]}
    return {"username": FAULTS["name_taken"]}


def _name_fault(name: str) -> dict[str, str]:
    allowed = all(c.isalnum() or c in "._-@" for c in name)
    if not 2 <= len(name) <= 64 or len(name) > LONGEST_NAME:
        return {"username": FAULTS["name_length"]}
    return {} if allowed else {"username": FAULTS["name_characters"]}


def _faults(facts: Facts) -> dict[str, str]:
    errors: dict[str, str] = {}
    name = facts.name.strip()
    if not name or len(name) > 64:
        errors["name"] = FAULTS["no_name"]
    elif any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in name):
        errors["name"] = FAULTS["invisible"]
    if facts.email.strip() and not is_email(facts.email.strip()):
        errors["email"] = FAULTS["email"]
    return errors


def edit_account(context: Context, user_id: int, facts: Facts) -> None:
    """Changes name, mail and who the person is.

    Another department or post may open other rows: so sessions end, and nobody gives themselves one.
    """
    require_granted(context, "user", "edit")
    before = find_account(context, user_id)
    if errors := _faults(facts):
        raise Invalid(errors)
    if user_id == context.actor.id and facts.person != before.person:
        raise Denied("不能修改自己的部门、岗位和资料，请由另一位有权限的人办理")
    email = facts.email.strip() or f"{before.username}{NO_MAIL}"
    changed = update(user).where(user.c.id == user_id)
    try:
        with context.session.begin_nested():
            context.session.execute(
                changed.values(first_name=facts.name.strip(), last_name="", email=email)
            )
    except IntegrityError as error:
        raise Invalid(_taken(error, facts)) from None
    people.save_person(context.session, context.schema, user_id, facts.person, context.now)
    if facts.person != before.person:
        sessions.end_all(context.session, user_id, context.now)
    details = (
        {"name": [before.name, facts.name.strip()]} if before.name != facts.name.strip() else {}
    )
    _note(context, "account_edit", user_id, {"username": before.username, **details})


def reset_password(context: Context, user_id: int) -> str:
    """Gives a one-time password, which must be changed at the next log-in; ends the person's sessions.

    Refused for a person with rights on the platform that the actor hasn't: that would be a way to take them over.
    """
    require_granted(context, "user", "edit")
    found = find_account(context, user_id)
    _refuse_take_over(context, found)
    made = passwords.one_time_password()
    changed = update(user).where(user.c.id == user_id).values(password=passwords.hashed(made))
    context.session.execute(changed)
    context.session.execute(
        update(account)
        .where(account.c.user_id == user_id)
        .values(must_change_password=True, password_changed_at=context.now)
    )
    sessions.end_all(context.session, user_id, context.now)
    _note(context, "password_reset", user_id, {"username": found.username})
    return made


def _refuse_take_over(context: Context, found: Account) -> None:
    if context.actor.system:
        return
    if found.id == context.actor.id:
        raise Denied("请在“我的账号”中修改自己的密码")
    beyond = platform_rights(context.manifest, found.roles) - platform_rights(
        context.manifest, context.actor.roles
    )
    if beyond:
        raise Denied(
            "该账号有您没有的管理权限，不能由您重置密码；请在服务器上用 budayang user 命令重置"
        )


def set_active(context: Context, user_id: int, active: bool) -> None:
    """Disables a log-in, or enables it again. Nobody disables themselves."""
    require_granted(context, "user", "retire")
    found = find_account(context, user_id)
    if user_id == context.actor.id:
        raise Denied("不能停用自己的账号")
    if found.active == active:
        return
    context.session.execute(update(user).where(user.c.id == user_id).values(active=active))
    sessions.end_all(context.session, user_id, context.now)
    _note(
        context,
        "account_enable" if active else "account_disable",
        user_id,
        {"username": found.username},
    )


def unlock(context: Context, user_id: int) -> None:
    """Forgets the wrong tries at a log-in."""
    require_granted(context, "user", "edit")
    found = find_account(context, user_id)
    tries.forget(context.session, tries.Subject("person", found.username))
    _note(context, "account_unlock", user_id, {"username": found.username})


def set_roles(context: Context, user_id: int, roles: frozenset[str]) -> None:
    """Gives and takes roles. Raises Denied (also for oneself), Invalid for unknown or conflicting ones."""
    require_granted(context, "grant", "edit")
    found = find_account(context, user_id)
    if user_id == context.actor.id:
        raise Denied("不能给自己增减角色，请由另一位有权限的人办理")
    known = context.manifest.roles
    if unknown := roles - known.keys() - found.roles:
        raise Invalid({"roles": f"没有这个角色：{'、'.join(sorted(unknown))[:80]}"})
    for key in sorted(roles & known.keys()):
        if clash := known[key].not_with & roles - {key}:
            other = known[sorted(clash)[0]]
            raise Invalid(
                {"roles": f"“{known[key].label}”和“{other.label}”不能由同一人担任"},
                place=known[key].place,
            )
    if roles == found.roles:
        return
    _store_roles(context, user_id, roles)
    sessions.end_all(context.session, user_id, context.now)
    given, taken = sorted(roles - found.roles), sorted(found.roles - roles)
    _note(
        context,
        "roles_change",
        user_id,
        {"username": found.username, "given": given, "taken": taken},
    )


def _store_roles(context: Context, user_id: int, roles: frozenset[str]) -> None:
    role, held = platform.role, platform.user_role
    db = context.session
    ids: Mapping[str, int] = dict(
        db.execute(select(role.c.name, role.c.id).where(role.c.name.in_(roles))).all()
    )
    for key in sorted(roles - ids.keys()):
        ids = {
            **ids,
            key: db.execute(insert(role).values(name=key).returning(role.c.id)).scalar_one(),
        }
    db.execute(delete(held).where(held.c.user_id == user_id, held.c.role_id.not_in(ids.values())))
    kept = set(db.scalars(select(held.c.role_id).where(held.c.user_id == user_id)))
    for role_id in sorted(set(ids.values()) - kept):
        db.execute(insert(held).values(user_id=user_id, role_id=role_id))


def _note(context: Context, action: str, user_id: int, details: Mapping[str, object]) -> None:
    entry = audit.Entry(
        context.now, action, context.actor, entity="user", record=user_id, details=details
    )
    audit.write(context.session, entry)
