"""Records are saved whole or not at all, behind the gate, and every refusal names the field."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import Engine, select

from app.domain import queries, records
from app.domain.errors import Denied, Invalid, NotFound, Stale
from app.domain.history import read_history
from app.domain.masks import HIDDEN
from tests.domain.desk import Desk, open_desk

pytestmark = pytest.mark.usefixtures("desk")


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return open_desk(engine)


@dataclass
class Made:
    id: int
    version: int


def make_member(desk: Desk, who: str = "head", **values: object) -> Made:
    given: dict[str, object] = {"name": "张三", "branch": str(desk.departments["north"])} | values
    with desk.as_(who) as context:
        saved = records.create(context, "member", given)
    return Made(saved.id, saved.version)


def test_a_new_record_reads_back_typed_with_its_defaults(desk: Desk) -> None:
    made = make_member(desk, rate="12.5%", tags=["law", "art"], born="2001/3/4", score="１２")
    with desk.as_("head") as context:
        row = queries.find(context, "member", made.id)
    assert str(row.values["rate"]) == "12.50"
    assert row.values["tags"] == ("art", "law")  # in the order in which the choices are written
    assert row.values["score"] == 12
    assert row.values["vip"] is False
    assert row.labels["branch"] == "北馆"
    assert row.version == 1


def test_every_bad_field_is_told_at_once(desk: Desk) -> None:
    with pytest.raises(Invalid) as refusal, desk.as_("head") as context:
        records.create(
            context, "member", {"name": "", "score": "一百", "born": "2026-02-30", "phone": "12"}
        )
    assert set(refusal.value.fields) == {"name", "branch", "score", "born", "phone"}


def test_nothing_is_stored_when_a_rule_is_not_kept(desk: Desk) -> None:
    with pytest.raises(Invalid) as refusal:
        make_member(desk, score="1001")
    assert refusal.value.fields == {"score": "积分不得超过一千"}
    with desk.as_("head") as context:
        assert queries.page(context, _list(context, "member"), ["name"]).count == 0


def test_a_field_is_required_when_its_condition_holds_and_only_then(desk: Desk) -> None:
    with pytest.raises(Invalid) as refusal:
        make_member(desk, vip="yes")
    assert refusal.value.fields == {"reason_vip": "请填写“贵宾理由”"}
    assert make_member(desk, vip="yes", reason_vip="老读者").id
    assert make_member(desk, name="李四").id


def test_what_is_unique_is_told_at_the_field(desk: Desk) -> None:
    make_member(desk)
    with pytest.raises(Invalid) as refusal:
        make_member(desk)
    assert refusal.value.fields == {"branch": "该馆已有同名读者"}
    assert make_member(desk, branch=str(desk.departments["south"])).id


def test_ranges_of_one_member_may_not_overlap(desk: Desk) -> None:
    member = make_member(desk).id
    with desk.as_("head") as context:
        records.create(
            context, "loan", {"member": member, "from_day": "2026-01-01", "to_day": "2026-01-10"}
        )
    with pytest.raises(Invalid) as refusal, desk.as_("head") as context:
        records.create(
            context, "loan", {"member": member, "from_day": "2026-01-10", "to_day": "2026-01-12"}
        )
    assert refusal.value.fields == {"to_day": "借期与已有记录重叠"}
    with desk.as_("head") as context:
        assert records.create(
            context, "loan", {"member": member, "from_day": "2026-01-11", "to_day": None}
        ).id


def test_a_rule_may_count_the_record_itself(desk: Desk) -> None:
    member = make_member(desk).id
    for day in (1, 2, 3):
        with desk.as_("head") as context:
            records.create(
                context,
                "loan",
                {"member": member, "from_day": f"2026-01-0{day}", "to_day": f"2026-01-0{day}"},
            )
    with pytest.raises(Invalid, match="最多三次"), desk.as_("head") as context:
        records.create(
            context, "loan", {"member": member, "from_day": "2026-02-01", "to_day": "2026-02-02"}
        )


def test_the_second_of_two_editors_is_shown_what_the_first_saved(desk: Desk) -> None:
    made = make_member(desk)
    with desk.as_("north") as context, pytest.raises(Denied):
        records.save(context, "member", made.id, 1, {"score": "5"})
    with desk.as_("head") as context:
        records.save(context, "member", made.id, 1, {"score": "5"})
    with pytest.raises(Stale) as refusal, desk.as_("head") as context:
        records.save(context, "member", made.id, 1, {"score": "6"})
    assert refusal.value.theirs == {"score": 5}
    assert refusal.value.by == "head" and refusal.value.version == 2


def test_saving_without_a_change_writes_nothing(desk: Desk) -> None:
    made = make_member(desk, score="5")
    with desk.as_("head") as context:
        saved = records.save(context, "member", made.id, 1, {"score": "5", "name": " 张三 "})
        assert (saved.version, dict(saved.changes)) == (1, {})
        assert [
            entry.action for entry in read_history(context, _entity(context, "member"), made.id)
        ] == ["create"]


def test_history_keeps_old_and_new_and_the_line_that_allowed_it(desk: Desk) -> None:
    made = make_member(desk)
    with desk.as_("head") as context:
        records.save(
            context, "member", made.id, 1, {"branch": desk.departments["south"]}, reason="搬家"
        )
    with desk.as_("head") as context:
        entry = read_history(context, _entity(context, "member"), made.id)[0]
    assert (entry.by, entry.action, entry.release, entry.reason) == ("head", "edit", 7, "搬家")
    assert entry.place.startswith("config/roles.yaml:")
    (change,) = entry.changes
    assert change.old == {"id": desk.departments["north"], "title": "北馆"}
    assert change.new == {"id": desk.departments["south"], "title": "南馆"}


def test_a_masked_value_sent_back_as_it_was_changes_nothing(desk: Desk) -> None:
    made = make_member(desk, who="north", phone="13800138000", vip="yes", reason_vip="友")
    with desk.as_("north") as context:
        shown = queries.find(context, "member", made.id).values["phone"]
        assert shown == "138****00"
        records.save(context, "member", made.id, 1, {"phone": shown, "score": "3"})
    with desk.as_("head") as context:
        assert queries.find(context, "member", made.id).values["phone"] == "13800138000"


def test_a_private_field_is_masked_in_history_too(desk: Desk) -> None:
    made = make_member(desk, phone="13800138000", vip="yes", reason_vip="友")
    with desk.as_("north") as context:
        (entry,) = read_history(context, _entity(context, "member"), made.id)
        assert {change.field.key: change.new for change in entry.changes}["phone"] == HIDDEN
    with desk.as_("head") as context:
        (entry,) = read_history(context, _entity(context, "member"), made.id)
        assert {change.field.key: change.new for change in entry.changes}["phone"] == "13800138000"


def test_a_record_out_of_scope_is_not_found_for_any_deed(desk: Desk) -> None:
    made = make_member(desk)
    with desk.as_("south") as context:
        for deed in (
            lambda: queries.find(context, "member", made.id),
            lambda: records.save(context, "member", made.id, 1, {"score": "1"}),
            lambda: read_history(context, _entity(context, "member"), made.id),
        ):
            with pytest.raises(NotFound):
                deed()


def test_a_clerk_registers_only_in_their_own_branch(desk: Desk) -> None:
    with pytest.raises(Invalid, match="自己范围"):
        make_member(desk, who="north", branch=str(desk.departments["south"]))
    assert make_member(desk, who="north").id


def test_what_may_not_be_seen_may_not_be_referred_to(desk: Desk) -> None:
    member = make_member(desk).id
    with pytest.raises(Invalid) as refusal, desk.as_("south") as context:
        records.create(context, "loan", {"member": member})
    assert "无权选择" in refusal.value.fields["member"]


def test_several_refs_are_kept_and_named(desk: Desk) -> None:
    member = make_member(desk).id
    with desk.as_("head") as context:
        books = [records.create(context, "book", {"name": name}).id for name in ("甲书", "乙书")]
        loan = records.create(context, "loan", {"member": member, "books": books})
        row = queries.find(context, "loan", loan.id)
        assert row.values["books"] == tuple(books) and row.labels["books"] == ("甲书", "乙书")
        records.save(context, "loan", loan.id, 1, {"books": [books[1]]})
        assert queries.find(context, "loan", loan.id).values["books"] == (books[1],)


def test_a_retired_choice_stays_where_it_is_and_cannot_be_chosen(desk: Desk) -> None:
    with pytest.raises(Invalid) as refusal:
        make_member(desk, channel="fax")
    assert "已停用" in refusal.value.fields["channel"]
    made = make_member(desk, channel="desk")
    with desk.as_("system") as context:
        table = context.schema.tables["member"]
        context.session.execute(table.update().values(channel="fax"))
    with desk.as_("head") as context:
        assert (
            records.save(context, "member", made.id, 1, {"channel": "fax", "score": "2"}).version
            == 2
        )


def test_a_retired_record_leaves_lists_and_choices_and_comes_back(desk: Desk) -> None:
    made = make_member(desk)
    with desk.as_("head") as context:
        records.retire(context, "member", made.id, 1)
        assert queries.page(context, _list(context, "member"), ["name"]).rows == ()
        assert queries.options(context, "member", "张") == ()
        records.restore(context, "member", made.id, 2)
        assert [
            row.id for row in queries.page(context, _list(context, "member"), ["name"]).rows
        ] == [made.id]
        assert [option.label for option in queries.options(context, "member", "zs")] == ["张三"]


def test_numbers_run_within_their_year_without_gaps_from_refused_saves(desk: Desk) -> None:
    def number(name: str) -> str:
        with desk.as_("head") as context:
            book = records.create(context, "book", {"name": name})
            return str(queries.find(context, "book", book.id).values["number"])

    assert number("一") == "B-2026-0001"
    with pytest.raises(Invalid), desk.as_("head") as context:
        records.create(context, "book", {"name": "长" * 41})
    assert number("二") == "B-2026-0002"


def test_without_a_grant_nothing_is_created_and_the_refusal_says_so(desk: Desk) -> None:
    with pytest.raises(Denied, match="访客"), desk.as_("guest") as context:
        records.create(context, "book", {"name": "书"})
    with pytest.raises(Denied, match="无角色"), desk.as_("nobody") as context:
        records.create(context, "book", {"name": "书"})


def test_money_keeps_every_cent(desk: Desk) -> None:
    with desk.as_("head") as context:
        book = records.create(context, "book", {"name": "贵书", "price": "¥9,999,999,999.01"})
        assert str(queries.find(context, "book", book.id).values["price"]) == "9999999999.01"
        table = context.schema.tables["book"]
        assert context.session.scalar(select(table.c.id).where(table.c.price == 9999999999)) is None


def _entity(context, key):  # type: ignore[no-untyped-def]
    return context.manifest.entities[key]


def _list(context, key, **given):  # type: ignore[no-untyped-def]
    from app.domain.filters import read_request

    return read_request(
        context, _entity(context, key), {name: [text] for name, text in given.items()}
    )
