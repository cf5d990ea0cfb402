"""`/<entity>/list` and what its buttons do: bulk actions and saved filters."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain import access, queries, saved_views
from app.domain.context import Context
from app.domain.errors import BadQuery, Invalid, NotFound, Refusal
from app.domain.filters import PAGE_SIZES, ListRequest, read_request
from app.manifest.model.entities import Entity
from app.screens.records import bulk, params
from app.screens.records.listing import list_keys, make_listing
from app.screens.texts import _
from app.screens.visits import current, saving

MOST_FAULTS = 5


def show_list(entity: Entity) -> ResponseReturnValue:
    """The list. Raises Denied or BadQuery; a condition that can't be read comes back in its box."""
    context = current().context
    access.require(context, entity.key, "read")
    if params.needs_tidying(request.args):
        query = params.tidied(context, entity, request.args)
        return redirect(
            url_for("RecordScreen.list", entity=entity) + (f"?{query}" if query else "")
        )
    asked = read_request(context, entity, params.plain(request.args))
    try:
        page, fault = queries.page(context, asked, list_keys(context, entity)), ""
    except BadQuery as refusal:
        if refusal.parameter != "where":
            raise
        page, fault = None, refusal.message
    return make_response(_drawn(context, asked, page, fault), 400 if fault else 200)


def _drawn(context: Context, asked: ListRequest, page: queries.Page | None, fault: str) -> str:
    entity = asked.entity
    args = list(request.args.items(multi=True))
    root = f"{request.script_root}/{entity.key}"
    listing = make_listing(context, asked, page, args, root, where_fault=fault)
    return render_template(
        "records/list.html",
        entity=entity,
        listing=listing,
        views=saved_views.saved_views(context, entity.key),
        actions=bulk.offered(context, entity, retired=asked.retired) if listing.lines else (),
        may_create=bool(access.may(context, entity.key, "create")),
        sizes=PAGE_SIZES,
    )


def bulk_action(entity: Entity, action: str) -> ResponseReturnValue:
    """Asks first which records are meant and why; with `confirmed` does it, each record by itself."""
    context = current().context
    known = bulk.BULK_ACTIONS.get(action)
    if known is None:
        raise NotFound
    access.require(context, entity.key, "read")
    bulk.require_offered(context, entity, known)
    picks = bulk.read_picks(request.form.getlist("pick"))
    back = _back(entity)
    if not picks:
        flash(_("请先选择要%(action)s的记录", action=known.label), "warn")
        return redirect(back)
    if request.form.get("confirmed") != "yes":
        names = queries.titles(context, entity.key, [pick.record for pick in picks])
        chosen = [pick for pick in picks if pick.record in names]
        if not chosen:
            raise NotFound
        return render_template(
            "records/confirm.html",
            entity=entity,
            action=known,
            picks=chosen,
            names=names,
            back=back,
        )
    done, faults = _do(entity, known, picks, request.form.get("reason", ""))
    if done:
        flash(str(known.done) % {"n": done, "label": entity.label}, "ok")
    for fault in faults[:MOST_FAULTS]:
        flash(fault, "danger")
    if len(faults) > MOST_FAULTS:
        flash(_("另有 %(n)s 条没有处理", n=len(faults) - MOST_FAULTS), "danger")
    return redirect(back)


def _do(
    entity: Entity, action: bulk.BulkAction, picks: Sequence[bulk.Pick], reason: str
) -> tuple[int, list[str]]:
    """How many it was done to, and why not to the others. One record alone is refused as everywhere."""
    done, faults = 0, []
    for pick in picks:
        try:
            with saving() as context:
                action.deed(context, entity.key, pick.record, pick.version, reason)
            done += 1
        except Refusal as refusal:
            if len(picks) == 1:
                raise
            faults.append(f"#{pick.record}：{refusal.message}")
    return done, faults


def _back(entity: Entity) -> str:
    """Where the buttons stood: this entity's list or one of its pages, never another site."""
    wanted = request.form.get("back", "")
    root = f"{request.script_root}/{entity.key}/"
    fits = (
        wanted.startswith(root) and "\\" not in wanted and "\r" not in wanted and "\n" not in wanted
    )
    return wanted if fits else url_for("RecordScreen.list", entity=entity)


def keep_view(entity: Entity) -> ResponseReturnValue:
    """Saves the list's filters under a name."""
    query, back = request.form.get("query", ""), url_for("RecordScreen.list", entity=entity)
    shared = request.form.get("shared") == "yes"
    try:
        with saving() as context:
            saved_views.keep_view(
                context, entity.key, request.form.get("name", ""), query, shared=shared
            )
    except Invalid as refusal:
        flash(refusal.message, "danger")
        if not saved_views.fits_address(query):
            return redirect(back)
    else:
        flash(_("已保存筛选"), "ok")
    return redirect(f"{back}?{query}" if query else back)


def drop_view(entity: Entity, view: int) -> ResponseReturnValue:
    """Takes away a saved filter of one's own."""
    with saving() as context:
        access.require(context, entity.key, "read")
        saved_views.drop_view(context, entity.key, view)
    flash(_("已删除保存的筛选"), "ok")
    return redirect(_back(entity))
