"""From the plain data of one partnership to who did what on which day.

A year is closed the way a council does it: months are booked in the next month, whole years in April, outturn is
signed off in May, and the fourth return is signed well before 30 June.
"""

from datetime import timedelta

from councils.years import quarter_of
from savings.models import Return
from savings.models.typed import Kind

from . import beginnings, bookings
from .arrangement import MONTHS, NOTHING, YEAR_END
from .dates import CURRENT
from .deeds import Deed
from .people import LEAD, OFFICER

Step = Return.Step
COSTS = (Kind.ONE_OFF_COST, Kind.RUNNING_COST)


def deeds(arrangement, dates):
    """Everything planned that happened in the partnership, in no order but that of each day."""
    yield from beginning(arrangement, dates)
    for line in arrangement.lines:
        yield from booking(arrangement, line, dates)
        yield from forecasting(arrangement, line, dates)
    for charge in arrangement.charges:
        yield from charging(arrangement, charge, dates)
    for member in arrangement.members:
        yield from returning(arrangement, member, dates)
        yield from measuring(arrangement, member, dates)


def beginning(arrangement, dates):
    """Founded, schemes proposed, promise drafted by the host's officer and approved by every member's lead."""
    founded, host = dates.day(*arrangement.founded), arrangement.host
    yield Deed(founded, (LEAD, host), beginnings.found(arrangement, dates))
    for member in arrangement.members:
        if member.council != host:
            yield Deed(founded, (LEAD, member.council), beginnings.join(arrangement, member))
    drafted, approved = founded + timedelta(days=60), founded + timedelta(days=95)
    yield Deed(drafted, (LEAD, host), beginnings.measure(arrangement))
    yield Deed(drafted, (OFFICER, host), beginnings.propose(arrangement, dates))
    yield Deed(drafted, (OFFICER, host), beginnings.draft(arrangement, dates))
    for nth, member in enumerate(arrangement.members):
        yield Deed(approved + timedelta(days=nth), (LEAD, member.council), beginnings.approve(arrangement, member))
    if arrangement.audience != "members":
        yield Deed(approved + timedelta(days=14), (LEAD, host), beginnings.show(arrangement, host))
        for member in arrangement.members:
            if member.council != host:
                agreed = beginnings.agree(arrangement.slug, member.council)
                yield Deed(approved + timedelta(days=15), (LEAD, member.council), agreed)


def booking(arrangement, line, dates):
    """Each year's amount, booked month by month or whole, then signed off where it was."""
    officer, lead = (OFFICER, line.council), (LEAD, line.council)
    for index in line.banked:
        for month in line.months:
            booked_on, signed_on = _booked(line, index, month, dates), _signed(line, index, month, dates)
            yield Deed(booked_on, officer, bookings.record(arrangement, line, index, month, dates))
            if index in line.signed and line.proof != NOTHING:
                yield Deed(signed_on, lead, bookings.sign_off(arrangement, line, index, month))
        if line.proof == YEAR_END:
            yield Deed(dates.after(index, 12, 24), officer, bookings.cover(arrangement, line, index, dates))


def _booked(line, index, month, dates):
    if month is None:
        return dates.after(index, 12, 20)
    return dates.after(index, month, 12 if line.months == MONTHS else 15)


def _signed(line, index, month, dates):
    if month is None or line.proof == YEAR_END:
        return dates.after(index, 12, 14).replace(month=5)
    return dates.after(index, month, 26)


def forecasting(arrangement, line, dates):
    """At budget setting, before the year begins."""
    for index in line.forecast:
        yield Deed(
            dates.day(index - 1, 3, 16), (OFFICER, line.council), bookings.forecast(arrangement, line, index, dates)
        )


def charging(arrangement, charge, dates):
    """Half a year at a time; the payer says what it paid and the receiver, a day later, what it received."""
    for index in charge.banked:
        for month in (6, 12):
            if not charge.payer_silent:
                yield Deed(
                    dates.after(index, month, 21), (OFFICER, charge.payer),
                    bookings.charge(arrangement, charge, index, month, dates, reporter=charge.payer),
                )  # fmt: skip
            yield Deed(
                dates.after(index, month, 22), (OFFICER, charge.receiver),
                bookings.charge(arrangement, charge, index, month, dates, reporter=charge.receiver),
            )  # fmt: skip


def returning(arrangement, member, dates):
    """A return for each quarter of membership: submitted by the officer, signed off by the lead."""
    first_year, first_month, _ = arrangement.starts
    last_year = arrangement.last_return_year.get(member.council, CURRENT)
    for index in range(first_year, last_year + 1):
        for quarter in dates.year(index).quarters:
            early = index == first_year and quarter.end <= dates.day(first_year, first_month, 1)
            if early or (member.council, index, quarter.quarter) in arrangement.silent:
                continue
            closing = quarter.quarter == 4  # the year's own lines close with it
            submitted = dates.after(index, quarter.months[2], 27)
            signed = submitted.replace(month=submitted.month + 1, day=9)
            if closing:
                submitted, signed = submitted.replace(month=5, day=22), signed.replace(month=6, day=4)
            nil = _nil(arrangement, member, index, quarter.quarter)
            for day, what, step in ((submitted, OFFICER, Step.SUBMITTED), (signed, LEAD, Step.SIGNED_OFF)):
                yield Deed(day, (what, member.council), bookings.make_return(arrangement, member, quarter, step, nil))


def _nil(arrangement, member, index, quarter):
    """Whether the member has nothing to say of savings, and of costs, in that quarter."""

    def any_booked(wanted):
        return any(
            index in line.banked
            and any((4 if month is None else quarter_of(month)) == quarter for month in line.months)
            for line in arrangement.lines
            if line.council == member.council and wanted(line)
        )

    return {
        "nil_savings": not any_booked(lambda line: line.kind == Kind.SAVING),
        "nil_costs": not any_booked(lambda line: line.kind in COSTS),
    }


def measuring(arrangement, member, dates):
    """Once a year, after outturn: what each indicator read for the member in the last quarter."""
    years = sorted({year for one in arrangement.indicators for year in one.readings.get(member.council, {})})
    for index in years:
        yield Deed(
            dates.after(index, 12, 28), (OFFICER, member.council), bookings.measure(arrangement, member, index, dates)
        )
