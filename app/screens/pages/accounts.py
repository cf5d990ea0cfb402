"""Log-ins and who holds which role, for those whom the site lets look after them."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain import accounts
from app.domain.account_list import PAGE, Account, find_account, list_accounts
from app.domain.context import Context
from app.domain.errors import BadQuery, Invalid
from app.domain.platform_rights import granted, require_granted
from app.screens.page import Page, expose
from app.screens.pages.account_form import AccountForm, read_form
from app.screens.people_words import person_words, role_words
from app.screens.texts import _, refusal_text
from app.screens.visits import current, saving

LONGEST_SEARCH = 100
MOST_NAMED = 4


def _require_any_read(context: Context) -> None:
    if not granted(context, "grant", "read"):
        require_granted(context, "user", "read")


def _rights(context: Context) -> dict[str, bool]:
    """Which buttons are shown; the domain asks again when they are pressed."""
    return {
        "create": bool(granted(context, "user", "create")),
        "edit": bool(granted(context, "user", "edit")),
        "retire": bool(granted(context, "user", "retire")),
        "grant": bool(granted(context, "grant", "edit")),
    }


def role_options(context: Context) -> list[tuple[str, str, str]]:
    """Every role with what it can't be held together with."""
    known = context.manifest.roles
    options = []
    for key, role in known.items():
        apart = [
            other.label
            for other in known.values()
            if other.key in role.not_with or key in other.not_with
        ]
        options.append((key, role.label, _apart(apart, len(known) - 1)))
    return options


def _apart(labels: list[str], others: int) -> str:
    if not labels:
        return ""
    if len(labels) == others:
        return _("不能兼任其他角色")
    named = "、".join(labels[:MOST_NAMED])
    if len(labels) > MOST_NAMED:
        return _("不能兼任%(roles)s等 %(n)s 个角色", roles=named, n=len(labels))
    return _("不能兼任%(roles)s", roles=named)


def page_number(text: str | None) -> int:
    """A page's number as it stands in an address. Raises BadQuery."""
    if text is None:
        return 1
    if not (text.isascii() and text.isdigit() and int(text[:6]) > 0 and len(text) <= 5):
        raise BadQuery("page", _("页码应为正整数"))
    return int(text)


class AccountsPage(Page):
    """`/accounts` and below."""

    route_base = "/accounts"
    default_view = "index"

    @expose("")
    def index(self) -> ResponseReturnValue:
        context = current().context
        _require_any_read(context)
        typed, page = (
            request.args.get("q", "")[:LONGEST_SEARCH],
            page_number(request.args.get("page")),
        )
        found, total = list_accounts(context, typed, page)
        roles = {row.id: role_words(context, row.roles) for row in found}
        return render_template(
            "pages/accounts.html",
            found=found,
            roles=roles,
            total=total,
            page=page,
            pages=max(1, -(-total // PAGE)),
            typed=typed,
            rights=_rights(context),
        )

    @expose("/new", methods=["GET", "POST"])
    def new(self) -> ResponseReturnValue:
        context = current().context
        require_granted(context, "user", "create")
        form = read_form(context, None)
        if request.method == "GET" or form.errors:
            return self._form(form, None)
        try:
            with saving() as writing:
                made, password = accounts.create_account(
                    writing, form.username, form.facts, roles=form.roles
                )
                found = find_account(writing, made)
        except Invalid as refusal:
            return self._form(form.with_errors(refusal.fields), None)
        return self._told_once(found, password or "", created=True)

    @expose("/<id:number>")
    def show(self, number: int) -> ResponseReturnValue:
        context = current().context
        _require_any_read(context)
        found = find_account(context, number)
        return render_template(
            "pages/account_show.html",
            found=found,
            words=person_words(context, found.person, found.roles),
            rights=_rights(context),
            myself=found.id == context.actor.id,
        )

    @expose("/<id:number>/edit", methods=["GET", "POST"])
    def edit(self, number: int) -> ResponseReturnValue:
        context = current().context
        require_granted(context, "user", "edit")
        found = find_account(context, number)
        form = read_form(context, found)
        if request.method == "GET" or form.errors:
            return self._form(form, found)
        try:
            with saving() as writing:
                accounts.edit_account(writing, number, form.facts)
        except Invalid as refusal:
            return self._form(form.with_errors(refusal.fields), found)
        flash(_("已保存"), "ok")
        return redirect(url_for("AccountsPage.show", number=number))

    def _form(self, form: AccountForm, found: Account | None) -> ResponseReturnValue:
        status = 422 if form.errors else 200
        context = current().context
        may_grant = found is None and bool(granted(context, "grant", "edit"))
        page = render_template(
            "pages/account_form.html",
            form=form,
            found=found,
            role_options=role_options(context) if may_grant else [],
        )
        return make_response(page, status)

    @expose("/<id:number>/roles", methods=["GET", "POST"])
    def roles(self, number: int) -> ResponseReturnValue:
        context = current().context
        require_granted(context, "grant", "edit")
        found = find_account(context, number)
        fault, chosen = "", found.roles
        if request.method == "POST":
            chosen = frozenset(request.form.getlist("roles"))
            try:
                with saving() as writing:
                    accounts.set_roles(writing, number, chosen)
            except Invalid as refusal:
                fault = refusal_text(refusal.message)
            else:
                flash(_("角色已调整，该账号需重新登录"), "ok")
                return redirect(url_for("AccountsPage.show", number=number))
        options = role_options(context)
        page = render_template(
            "pages/account_roles.html",
            found=found,
            role_options=options,
            ticked=chosen,
            fault=fault,
        )
        return make_response(page, 422 if fault else 200)

    @expose("/<id:number>/password", methods=["POST"])
    def password(self, number: int) -> ResponseReturnValue:
        with saving() as context:
            made = accounts.reset_password(context, number)
            found = find_account(context, number)
        return self._told_once(found, made, created=False)

    def _told_once(self, found: Account, password: str, *, created: bool) -> ResponseReturnValue:
        return render_template(
            "pages/password_once.html", found=found, password=password, created=created
        )

    @expose("/<id:number>/<any(disable, enable, unlock):what>", methods=["POST"])
    def change(self, number: int, what: str) -> ResponseReturnValue:
        said = {"disable": _("账号已停用"), "enable": _("账号已启用"), "unlock": _("锁定已解除")}
        with saving() as context:
            if what == "unlock":
                accounts.unlock(context, number)
            else:
                accounts.set_active(context, number, what == "enable")
        flash(said[what], "ok")
        return redirect(url_for("AccountsPage.show", number=number))
