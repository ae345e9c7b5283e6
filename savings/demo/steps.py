"""The actions of the product, called with what the data says. Each function returns what a `Deed` does."""

from decimal import Decimal

from partnerships import actions as arrangements
from savings.actions import charges, decision, entries, evidence, promise, quality, returns, schemes
from savings.models.typed import BenefitClass, Kind, Series

from .arrangement import NOTHING, YEAR_END
from .papers import file_for

PENCE = 100
HEADROOM = 5_000  # pounds; budgets are cut in round sums, so a little more was taken out than is claimed


def found(arrangement, dates):
    def do(world, by, at):
        world.partnerships[arrangement.slug] = arrangements.found(
            by=by, at=at, slug=arrangement.slug, name=arrangement.name, summary=arrangement.summary,
            started_on=dates.day(*arrangement.starts), form=arrangement.form, purposes=arrangement.purposes,
            services=[world.services[slug] for slug in arrangement.services], invented=True,
            members=[
                {
                    "council": world.councils[member.council], "role": member.role, "host": member.host,
                    "cost_share_bps": member.cost_share_bps,
                }
                for member in arrangement.members
            ],
        )  # fmt: skip

    return do


def propose(arrangement, dates):
    """The indicators, and the schemes that name them."""

    def do(world, by, at):
        partnership = world.partnerships[arrangement.slug]
        for one in arrangement.indicators:
            world.indicators[arrangement.slug, one.name] = quality.agree(
                by=by, at=at, partnership=partnership, name=one.name, unit=one.unit,
                higher_is_better=one.higher_is_better, baseline=Decimal(one.baseline), tolerance=Decimal(one.tolerance),
            )  # fmt: skip
        for one in arrangement.schemes:
            world.schemes[arrangement.slug, one.reference] = schemes.propose(
                by=by, at=at, partnership=partnership, reference=one.reference, title=one.title, owner=one.owner,
                service=world.services[one.service or arrangement.services[0]], description=one.description,
                benefit_class=one.benefit_class, recurrence=one.recurrence,
                last_year=dates.year(one.last_year).start if one.last_year else None,
                indicator=world.indicators[arrangement.slug, one.indicator] if one.indicator else None,
            )  # fmt: skip

    return do


def draft(arrangement, dates):
    def do(world, by, at):
        begins = arrangement.starts[0]
        source = "Revenue outturn, net current expenditure on the service (invented)"
        world.cases[arrangement.slug] = arrangements.draft(
            by=by, at=at, partnership=world.partnerships[arrangement.slug], title=arrangement.case_title,
            explanation=arrangement.case_explanation, horizon_year=dates.year(arrangement.horizon).start,
            lines=[
                {
                    "council": world.councils[line.council], "scheme_reference": line.scheme, "kind": line.kind,
                    "benefit_class": class_of(arrangement, line), "recurrence": scheme_of(arrangement, line).recurrence,
                    "year": dates.year(index).start, "amount_pence": pounds * PENCE, "funded_by": line.funded_by,
                }
                for line in arrangement.lines
                for index, pounds in line.promised.items()
            ],
            charges=[
                {
                    "payer": world.councils[charge.payer], "receiver": world.councils[charge.receiver],
                    "year": dates.year(index).start, "amount_pence": pounds * PENCE,
                }
                for charge in arrangement.charges
                for index, pounds in charge.promised.items()
            ],
            baselines=[
                {
                    "council": world.councils[member.council], "year": dates.year(begins - 1).start,
                    "amount_pence": member.baseline * PENCE, "source": source,
                }
                for member in arrangement.members
            ],
        )  # fmt: skip

    return do


def approve(arrangement, member):
    def do(world, by, at):
        promise.approve(case=world.cases[arrangement.slug], council=world.councils[member.council], by=by, at=at)

    return do


def show(arrangement):
    def do(world, by, at):
        arrangements.show_to(partnership=world.partnerships[arrangement.slug], who=arrangement.audience, by=by, at=at)

    return do


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
                    by=by, at=at,
                )  # fmt: skip

    return do


def scheme_of(arrangement, line):
    return next(scheme for scheme in arrangement.schemes if scheme.reference == line.scheme)


def class_of(arrangement, line):
    return scheme_of(arrangement, line).benefit_class if line.kind == Kind.SAVING else None


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
