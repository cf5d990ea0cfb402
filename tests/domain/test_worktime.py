"""Deadlines as an office counts them: every case is written the way a clerk would check it on the wall calendar."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain import worktime
from app.manifest.model.values import Duration, Unit
from tests.domain.calendars import (
    ALWAYS,
    OFFICE,
    OFFICE_HOURS,
    OFFICIAL,
    SHANGHAI,
    TEN_TO_SIX,
    at,
    calendar,
    lasting,
)


def due(hours, start, target, *pauses):
    held = [(at(a), at(b)) for a, b in pauses]
    return worktime.deadline(hours, SHANGHAI, at(start), lasting(target), held)


def same(found: worktime.Deadline, expected: str) -> None:
    assert found.at == at(expected)
    assert found.at.tzinfo is SHANGHAI


def back(hours, start, duration):
    return worktime.count_back(hours, SHANGHAI, at(start), lasting(duration))


class TestWorkingHours:
    @pytest.mark.parametrize(
        ("start", "target", "expected"),
        [
            ("2018-11-19 08:00", "1h", "2018-11-19 11:00"),
            ("2018-11-19 20:00", "2h", "2018-11-20 12:00"),
            ("2018-11-23 17:00", "2h", "2018-11-26 11:00"),
            ("2018-11-24 15:00", "24h", "2018-11-28 18:00"),
            ("2018-11-19 14:00", "4h", "2018-11-19 18:00"),
            ("2018-11-19 18:00", "30m", "2018-11-20 10:30"),
            ("2018-11-19 09:59", "1m", "2018-11-19 10:01"),
        ],
    )
    def test_hours_count_at_once_and_only_while_open(self, start, target, expected):
        same(due(TEN_TO_SIX, start, target), expected)

    def test_holidays_are_skipped(self):
        hours = calendar({"mon-fri": ["10:00-18:00"]}, {2018: (["2018-11-22", "2018-11-23"], [])})
        same(due(hours, "2018-11-22 15:00", "2h"), "2018-11-26 12:00")

    @pytest.mark.parametrize(
        ("start", "target", "expected"),
        [
            ("2025-09-26 16:30", "4h", "2025-09-28 12:00"),
            ("2025-09-30 16:30", "2h", "2025-10-09 10:00"),
            ("2025-09-30 10:00", "3 workdays", "2025-10-11 17:30"),
            ("2025-09-26 11:30", "2h", "2025-09-26 15:00"),
            ("2025-09-26 12:30", "1h", "2025-09-26 14:30"),
        ],
    )
    def test_makeup_days_and_lunch(self, start, target, expected):
        hours = calendar({"mon-fri": ["09:00-12:00", "13:30-17:30"]}, OFFICIAL)
        same(due(hours, start, target), expected)

    @pytest.mark.parametrize(
        ("start", "four", "seven", "five_days", "fifteen_days"),
        [
            (
                "2025-09-26 16:00",
                "2025-09-28 11:00",
                "2025-09-28 16:00",
                "2025-10-10 17:30",
                "2025-10-23 17:30",
            ),
            (
                "2025-09-30 10:00",
                "2025-09-30 16:00",
                "2025-10-09 10:00",
                "2025-10-14 17:30",
                "2025-10-28 17:30",
            ),
            (
                "2026-02-13 17:00",
                "2026-02-14 12:00",
                "2026-02-14 17:00",
                "2026-02-27 17:30",
                "2026-03-12 17:30",
            ),
            (
                "2026-02-14 09:00",
                "2026-02-14 15:00",
                "2026-02-24 09:00",
                "2026-02-28 17:30",
                "2026-03-13 17:30",
            ),
        ],
    )
    def test_the_official_years_2025_and_2026(self, start, four, seven, five_days, fifteen_days):
        expected = {"4h": four, "7h": seven, "5 workdays": five_days, "15 workdays": fifteen_days}
        for target, moment in expected.items():
            found = due(OFFICE_HOURS, start, target)
            same(found, moment)
            assert not found.provisional

    def test_the_official_years_have_248_working_days_each(self):
        for year in (2025, 2026):
            first = date(year, 1, 1)
            every = [first + timedelta(days=n) for n in range(365)]
            assert sum(worktime.is_workday(OFFICE_HOURS, day) for day in every) == 248


class TestWorkdays:
    @pytest.mark.parametrize(
        ("start", "target", "expected"),
        [
            ("2018-11-19 09:00", "7 workdays", "2018-11-28 20:00"),
            ("2018-11-24 10:00", "1 workday", "2018-11-26 20:00"),
            ("2018-11-19 07:00", "1 workday", "2018-11-20 20:00"),
            ("2018-11-19 20:00", "1 workday", "2018-11-20 20:00"),
        ],
    )
    def test_the_first_day_does_not_count_and_the_last_ends_at_the_close(
        self, start, target, expected
    ):
        same(due(calendar({"mon-fri": ["08:00-20:00"]}), start, target), expected)

    @pytest.mark.parametrize(
        ("start", "expected"),
        [
            ("2026-03-02 09:00", "2026-03-02 17:30"),
            ("2026-03-02 06:00", "2026-03-02 17:30"),
            ("2026-03-02 12:30", "2026-03-02 17:30"),
            ("2026-03-02 17:29", "2026-03-02 17:30"),
            ("2026-03-02 17:30", "2026-03-03 17:30"),
            ("2026-03-02 21:00", "2026-03-03 17:30"),
            ("2026-03-07 10:00", "2026-03-09 17:30"),
        ],
    )
    def test_at_once_means_the_close_of_the_day_or_of_the_next_working_day(self, start, expected):
        same(due(OFFICE_HOURS, start, "0 workdays"), expected)

    def test_always_open_a_working_day_closes_at_24(self):
        same(due(ALWAYS, "2026-03-02 09:00", "0 workdays"), "2026-03-03 00:00")
        same(due(ALWAYS, "2026-03-02 09:00", "1 workday"), "2026-03-04 00:00")
        same(due(ALWAYS, "2026-03-02 00:00", "1 workday"), "2026-03-04 00:00")


class TestNaturalTime:
    def test_days_keep_the_time_of_day_and_count_rest_days(self):
        same(due(OFFICE_HOURS, "2026-02-13 17:00", "3 days"), "2026-02-16 17:00")

    def test_hours_on_an_always_open_calendar_are_natural(self):
        same(due(ALWAYS, "2026-02-13 17:00", "72h"), "2026-02-16 17:00")

    def test_days_keep_the_wall_clock_where_clocks_change(self):
        berlin = ZoneInfo("Europe/Berlin")
        start = at("2026-03-28 12:00", berlin)
        assert worktime.deadline(ALWAYS, berlin, start, lasting("1 day")).at == at(
            "2026-03-29 12:00", berlin
        )
        assert worktime.deadline(ALWAYS, berlin, start, lasting("24h")).at == at(
            "2026-03-29 13:00", berlin
        )

    def test_a_night_shift_is_as_long_as_it_really_lasts(self):
        berlin, night = ZoneInfo("Europe/Berlin"), calendar({"mon-sun": ["22:00-06:00"]})
        start, end = at("2026-03-28 21:00", berlin), at("2026-03-29 07:00", berlin)
        assert worktime.elapsed(night, berlin, start, end) == timedelta(hours=7)


class TestOverMidnight:
    NIGHT = calendar({"mon": ["09:00-12:00", "22:00-02:00"], "wed-fri": ["09:00-12:00"]})

    def test_the_segment_belongs_to_the_day_it_begins_whatever_the_next_day_is(self):
        same(due(self.NIGHT, "2026-03-02 23:00", "3h"), "2026-03-03 02:00")
        same(due(self.NIGHT, "2026-03-02 23:00", "4h"), "2026-03-04 10:00")

    def test_a_moment_inside_it_belongs_to_that_day(self):
        assert worktime.day_of(self.NIGHT, SHANGHAI, at("2026-03-03 01:59")) == date(2026, 3, 2)
        assert worktime.day_of(self.NIGHT, SHANGHAI, at("2026-03-03 02:00")) == date(2026, 3, 3)
        same(due(self.NIGHT, "2026-03-03 01:00", "0 workdays"), "2026-03-03 02:00")
        same(due(self.NIGHT, "2026-03-03 01:00", "1 workday"), "2026-03-04 12:00")

    def test_the_close_of_business_is_the_end_of_the_last_segment(self):
        same(due(self.NIGHT, "2026-03-02 08:00", "0 workdays"), "2026-03-03 02:00")
        same(due(self.NIGHT, "2026-03-01 08:00", "1 workday"), "2026-03-03 02:00")

    def test_before_a_holiday_the_night_is_worked_to_its_end(self):
        hours = calendar({"mon-sun": ["22:00-02:00"]}, {2026: (["2026-03-03"], [])})
        same(due(hours, "2026-03-02 23:00", "4h"), "2026-03-04 23:00")


class TestUnpublishedYears:
    @pytest.mark.parametrize(
        ("start", "target", "expected", "provisional"),
        [
            ("2026-12-30 16:30", "1h", "2026-12-30 17:30", False),
            ("2026-12-31 16:30", "1h", "2026-12-31 17:30", False),
            ("2026-12-31 16:30", "2h", "2027-01-01 09:30", True),
            ("2026-12-30 09:00", "1 workday", "2026-12-31 17:30", False),
            ("2026-12-30 09:00", "2 workdays", "2027-01-01 17:30", True),
            ("2026-12-30 09:00", "9 days", "2027-01-08 09:00", False),
            ("2027-03-01 09:00", "1h", "2027-03-01 10:00", True),
            ("2024-12-31 09:00", "1h", "2024-12-31 10:00", True),
            ("2024-12-31 09:00", "1 workday", "2025-01-02 17:30", False),
        ],
    )
    def test_are_counted_by_the_week_and_marked_provisional(
        self, start, target, expected, provisional
    ):
        found = due(OFFICE_HOURS, start, target)
        same(found, expected)
        assert found.provisional is provisional

    def test_a_gap_between_published_years_counts_too(self):
        hours = calendar({"mon-fri": OFFICE}, {2024: ([], []), 2026: ([], [])})
        assert due(hours, "2024-12-30 09:00", "400 workdays").provisional
        assert not due(hours, "2024-12-02 09:00", "1 workday").provisional

    def test_a_calendar_that_publishes_no_years_is_never_provisional(self):
        assert not due(TEN_TO_SIX, "2026-12-31 09:00", "30 workdays").provisional
        assert not due(ALWAYS, "2026-12-31 09:00", "72h").provisional

    def test_a_pause_that_pushes_it_into_the_next_year_makes_it_provisional(self):
        hours = ("2026-12-30 09:00", "1 workday")
        assert not due(OFFICE_HOURS, *hours).provisional
        found = due(OFFICE_HOURS, *hours, ("2026-12-31 09:00", "2026-12-31 10:00"))
        same(found, "2027-01-01 09:30")
        assert found.provisional

    def test_counting_back_into_one_is_provisional(self):
        assert back(OFFICE_HOURS, "2025-01-02 09:30", "2h").provisional
        assert not back(OFFICE_HOURS, "2025-01-02 09:30", "1h").provisional


class TestCountingBack:
    @pytest.mark.parametrize(
        ("due_at", "duration", "expected"),
        [
            ("2026-03-10 17:30", "14h", "2026-03-09 08:30"),
            ("2026-03-10 17:30", "7h", "2026-03-10 08:30"),
            ("2026-03-10 17:30", "3h", "2026-03-10 14:30"),
            ("2026-03-10 08:30", "1h", "2026-03-09 16:30"),
            ("2026-03-10 17:30", "30m", "2026-03-10 17:00"),
            ("2026-03-10 15:00", "1h", "2026-03-10 14:00"),
            ("2026-03-08 12:00", "1h", "2026-03-06 16:30"),
            ("2026-03-10 17:30", "1 workday", "2026-03-09 08:30"),
            ("2026-03-10 12:00", "2 workdays", "2026-03-06 08:30"),
            ("2026-03-08 12:00", "1 workday", "2026-03-06 08:30"),
            ("2026-03-10 12:00", "0 workdays", "2026-03-10 08:30"),
            ("2026-03-10 08:30", "0 workdays", "2026-03-09 08:30"),
            ("2026-03-10 12:00", "3 days", "2026-03-07 12:00"),
        ],
    )
    def test_is_the_mirror_of_counting_on(self, due_at, duration, expected):
        same(back(OFFICE_HOURS, due_at, duration), expected)

    def test_the_deadline_of_a_night_belongs_to_the_day_the_night_began(self):
        night = calendar({"mon-fri": ["20:00-02:00"]})
        same(back(night, "2026-03-04 02:00", "1 workday"), "2026-03-02 20:00")
        same(back(ALWAYS, "2026-03-04 00:00", "1 workday"), "2026-03-02 00:00")


class TestPauses:
    def test_nights_and_holidays_inside_a_pause_hold_nothing(self):
        hours = calendar({"mon-fri": ["10:00-18:00"]}, {2026: (["2026-03-06"], [])})
        start, paused, resumed, done = (
            at("2026-03-05 17:30"), at("2026-03-05 17:50"), at("2026-03-09 12:30"), at("2026-03-09 13:00"),
        )  # fmt: skip
        assert worktime.elapsed(hours, SHANGHAI, paused, resumed) == timedelta(minutes=160)
        assert worktime.used(hours, SHANGHAI, start, done, [(paused, resumed)]) == timedelta(
            minutes=50
        )
        assert worktime.used(hours, SHANGHAI, paused, resumed, [(paused, resumed)]) == timedelta(0)

    def test_a_workdays_deadline_may_then_end_inside_a_day(self):
        pause = ("2026-03-03 09:00", "2026-03-03 11:00")
        same(due(OFFICE_HOURS, "2026-03-02 09:00", "2 workdays", pause), "2026-03-05 10:30")

    def test_a_pause_after_the_deadline_moves_nothing(self):
        for begin in ("2026-03-02 12:00", "2026-03-02 15:00", "2026-03-09 09:00"):
            same(
                due(OFFICE_HOURS, "2026-03-02 10:00", "2h", (begin, "2026-03-20 09:00")),
                "2026-03-02 12:00",
            )

    def test_a_pause_that_an_earlier_one_lets_in_counts(self):
        first, second = (
            ("2026-03-02 11:00", "2026-03-02 12:00"),
            ("2026-03-02 14:30", "2026-03-02 15:00"),
        )
        same(due(OFFICE_HOURS, "2026-03-02 10:00", "2h", second), "2026-03-02 12:00")
        same(due(OFFICE_HOURS, "2026-03-02 10:00", "2h", second, first), "2026-03-02 15:30")

    def test_days_and_always_open_are_held_in_natural_time(self):
        pause = ("2026-03-03 18:00", "2026-03-04 20:00")
        same(due(OFFICE_HOURS, "2026-03-02 09:00", "3 days", pause), "2026-03-06 11:00")
        same(due(ALWAYS, "2026-03-02 09:00", "72h", pause), "2026-03-06 11:00")

    def test_overlapping_pauses_hold_no_moment_twice(self):
        pauses = ("2026-03-02 10:00", "2026-03-02 11:00"), ("2026-03-02 10:30", "2026-03-02 11:30")
        same(due(OFFICE_HOURS, "2026-03-02 09:00", "2h", *pauses), "2026-03-02 14:30")

    def test_what_was_held_before_the_clock_started_does_not_count(self):
        pause = ("2026-03-02 08:30", "2026-03-02 10:00")
        same(due(OFFICE_HOURS, "2026-03-02 09:00", "2h", pause), "2026-03-02 12:00")


class TestShares:
    def share(self, start, target, percent, *pauses, hours=OFFICE_HOURS):
        held = [(at(a), at(b)) for a, b in pauses]
        end = worktime.deadline(hours, SHANGHAI, at(start), lasting(target), held).at
        unit = lasting(target).unit
        return worktime.share(hours, SHANGHAI, at(start), end, percent, held, unit)

    def test_are_of_the_working_time_from_start_to_deadline(self):
        assert self.share("2026-03-02 09:00", "10h", 50) == at("2026-03-02 16:00")
        assert self.share("2026-03-02 09:00", "5 workdays", 50) == at("2026-03-05 08:45")

    def test_are_natural_for_days_and_always_open(self):
        assert self.share("2026-03-02 09:00", "2 days", 50) == at("2026-03-03 09:00")
        assert self.share("2026-03-02 09:00", "72h", 50, hours=ALWAYS) == at("2026-03-03 21:00")

    def test_leave_pauses_out(self):
        pause = ("2026-03-02 10:00", "2026-03-02 11:00")
        assert self.share("2026-03-02 09:00", "4h", 50, pause) == at("2026-03-02 12:00")
        late = ("2026-03-02 11:30", "2026-03-02 15:00")
        assert self.share("2026-03-02 09:00", "4h", 50, late) == at("2026-03-02 11:00")

    def test_the_whole_is_the_deadline_itself(self):
        assert self.share("2026-03-02 09:00", "3 workdays", 100) == at("2026-03-05 17:30")


class TestLimits:
    def test_a_deadline_beyond_the_years_that_can_be_counted_is_refused(self):
        for target in ("999999 workdays", "999999 days"):
            with pytest.raises(worktime.OutOfRange, match="2999"):
                due(OFFICE_HOURS, "2026-03-02 09:00", target)
        with pytest.raises(worktime.OutOfRange):
            back(OFFICE_HOURS, "1900-03-02 09:00", "999999h")

    @pytest.mark.parametrize("year", ["9999", "3000", "1899", "0001"])
    def test_so_is_a_start_outside_them(self, year):
        for target in ("1h", "1 workday", "1 day"):
            with pytest.raises(worktime.OutOfRange):
                due(OFFICE_HOURS, f"{year}-06-30 09:00", target)

    def test_the_first_and_last_years_can_be_counted(self):
        same(due(TEN_TO_SIX, "2999-12-30 09:00", "8h"), "2999-12-30 18:00")
        same(due(TEN_TO_SIX, "1950-01-02 09:00", "8h"), "1950-01-02 18:00")

    def test_a_calendar_without_working_time_ends_in_a_refusal(self):
        empty = calendar({})
        for target in ("1h", "0 workdays", "1 workday"):
            with pytest.raises(worktime.OutOfRange):
                due(empty, "2026-03-02 09:00", target)

    def test_a_moment_without_a_zone_is_no_moment(self):
        with pytest.raises(ValueError, match="zone"):
            worktime.deadline(
                OFFICE_HOURS, SHANGHAI, at("2026-03-02 09:00").replace(tzinfo=None), lasting("1h")
            )

    def test_months_are_no_working_time(self):
        with pytest.raises(ValueError, match="1 month"):
            worktime.deadline(
                OFFICE_HOURS, SHANGHAI, at("2026-03-02 09:00"), Duration(1, Unit.MONTHS)
            )

    def test_moments_of_another_zone_are_taken_over(self):
        found = worktime.deadline(
            OFFICE_HOURS, SHANGHAI, at("2026-03-02 01:00", ZoneInfo("UTC")), lasting("1h")
        )
        same(found, "2026-03-02 10:00")
