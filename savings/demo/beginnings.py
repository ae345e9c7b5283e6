"""How a partnership begins: founded, schemes proposed, promised, approved. Each function returns what a `Deed` does."""

from decimal import Decimal

from partnerships import actions as arrangements
from partnerships import changing, offering
from partnerships.models import Change
from savings.actions import promise, quality, schemes
from savings.models import SchemeStatus

from .arrangement import PENCE, class_of, scheme_of


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


def join(arrangement, member):
    """The member's own lead accepts what the host's offered."""

    def do(world, by, at):
        asked = world.partnerships[arrangement.slug].offers.waiting()
        offering.accept(offer=asked.select_related("council").get(council=world.councils[member.council]), by=by, at=at)

    return do


def measure(arrangement):
    """The indicators, agreed by the host's lead before anything names them."""

    def do(world, by, at):
        partnership = world.partnerships[arrangement.slug]
        for one in arrangement.indicators:
            world.indicators[arrangement.slug, one.name] = quality.agree(
                by=by, at=at, partnership=partnership, name=one.name, unit=one.unit,
                higher_is_better=one.higher_is_better, baseline=Decimal(one.baseline), tolerance=Decimal(one.tolerance),
            )  # fmt: skip

    return do


def propose(arrangement, dates):
    """The schemes, each with the indicator it names."""

    def do(world, by, at):
        partnership = world.partnerships[arrangement.slug]
        for one in arrangement.schemes:
            world.schemes[arrangement.slug, one.reference] = schemes.propose(
                by=by, at=at, partnership=partnership, reference=one.reference, title=one.title, owner=one.owner,
                service=world.services[one.service or arrangement.services[0]], description=one.description,
                benefit_class=one.benefit_class, recurrence=one.recurrence,
                last_year=dates.year(one.last_year).start if one.last_year else None,
                indicator=world.indicators[arrangement.slug, one.indicator] if one.indicator else None,
                status=SchemeStatus.Status.PROPOSED,
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


def show(arrangement, host):
    """The host's lead asks the others to show the figures wider."""

    def do(world, by, at):
        changing.propose(
            partnership=world.partnerships[arrangement.slug], proposing=world.councils[host], by=by, at=at,
            kind=Change.Kind.AUDIENCE, who=arrangement.audience, starts_on=at.date(),
            reason="Others ask whether it pays. They should be able to read it here.",
        )  # fmt: skip

    return do


def agree(slug, council):
    """A member's own lead agrees to the change that waits."""

    def do(world, by, at):
        waiting = world.partnerships[slug].agreed_changes.waiting().get()
        changing.agree(change=waiting, council=world.councils[council], by=by, at=at)

    return do
