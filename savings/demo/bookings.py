"""What is booked, proved, signed off, charged and returned. Each function returns what a `Deed` does."""

from decimal import Decimal

from savings.actions import charges, decision, entries, evidence, quality, returns
from savings.models.typed import BenefitClass, Series

from .arrangement import NOTHING, PENCE, YEAR_END, class_of, scheme_of
from .papers import file_for

HEADROOM = 5_000  # pounds; budgets are cut in round sums, so a little more was taken out than is claimed


def record(arrangement, line, index, month, dates):
    def do(world, by, at):
        year, code = dates.year(index), ledger_code(arrangement, line)
        proven_later = line.proof in (YEAR_END, NOTHING)
        reduction = (line.council, year.start, code)
        first, _ = code and reduction not in world.reductions, world.reductions.add(reduction)
        world.entries[arrangement.slug, line.scheme, line.council, index, month] = entries.record(
            by=by, at=at, month=month, amount_pence=instalment(line, index), note=line.note,
            ledger_code=code, reduction_pence=taken_out(line, index) if first else None,
            document_ref="" if proven_later else f"{code or line.council}/{year.label}/{month or 'year'}",
            funded_by=line.funded_by,
            files=() if proven_later else [file_for(arrangement, line, index, month, dates)],
            **_typed(world, arrangement, line, year),
        )  # fmt: skip

    return do


def forecast(arrangement, line, index, dates):
    def do(world, by, at):
        entries.record(
            by=by, at=at, series=Series.FORECAST, amount_pence=line.forecast[index] * PENCE, funded_by=line.funded_by,
            note="As set in the budget.", **_typed(world, arrangement, line, dates.year(index)),
        )  # fmt: skip

    return do


def _typed(world, arrangement, line, year):
    return {
        "council": world.councils[line.council],
        "partnership": world.partnerships[arrangement.slug],
        "scheme": world.schemes[arrangement.slug, line.scheme],
        "kind": line.kind,
        "benefit_class": class_of(arrangement, line),
        "recurrence": scheme_of(arrangement, line).recurrence,
        "year": year,
    }


def cover(arrangement, line, index, dates):
    """One document for all the months of a year."""

    def do(world, by, at):
        months = [world.entries[arrangement.slug, line.scheme, line.council, index, month] for month in line.months]
        evidence.cover(entries=months, file=file_for(arrangement, line, index, None, dates), by=by, at=at)

    return do


def sign_off(arrangement, line, index, month):
    def do(world, by, at):
        entry = world.entries[arrangement.slug, line.scheme, line.council, index, month]
        decision.sign_off(entry=entry, by=by, at=at)

    return do


def charge(arrangement, charge, index, month, dates, *, reporter):
    def do(world, by, at):
        more = charge.receiver_says.get(index, 0) if (reporter, month) == (charge.receiver, 12) else 0
        charges.report_charge(
            by=by, at=at, council=world.councils[reporter], partnership=world.partnerships[arrangement.slug],
            payer=world.councils[charge.payer], receiver=world.councils[charge.receiver], year=dates.year(index),
            month=month, amount_pence=charge.banked[index] * PENCE // 2 + more * PENCE,
            external_key=f"{arrangement.slug}/{charge.payer}/{dates.year(index).start}/{month}",
        )  # fmt: skip

    return do


def make_return(arrangement, member, quarter, step, nil):
    def do(world, by, at):
        returns.step(
            partnership=world.partnerships[arrangement.slug], council=world.councils[member.council], quarter=quarter,
            step=step, by=by, at=at, **nil,
        )  # fmt: skip

    return do


def measure(arrangement, member, index, dates):
    def do(world, by, at):
        for one in arrangement.indicators:
            if index in one.readings.get(member.council, {}):
                quality.read(
                    indicator=world.indicators[arrangement.slug, one.name], council=world.councils[member.council],
                    quarter=dates.year(index).quarters[3], value=Decimal(one.readings[member.council][index]),
                    source="Service performance report, year end (invented)", by=by, at=at,
                )  # fmt: skip

    return do


def ledger_code(arrangement, line):
    """The budget a cash-releasing saving was taken out of, such as `M-RB02`; empty where the line names none."""
    if not line.coded or class_of(arrangement, line) != BenefitClass.CASH_RELEASING:
        return ""
    return f"{line.council[1]}-{line.scheme.replace('-', '')}"


def instalment(line, index):
    """Pence of each booking of a year; the data keeps to amounts that divide evenly."""
    pence, rest = divmod(line.banked[index] * PENCE, len(line.months))
    if rest:
        raise ValueError(f"{line.scheme} of {line.council} in year {index} cannot be shared out evenly")
    return pence


def taken_out(line, index):
    return -(-line.banked[index] // HEADROOM) * HEADROOM * PENCE
