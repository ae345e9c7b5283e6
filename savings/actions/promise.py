"""Approving a promise: a member's finance lead approves a version for their own council, and that posts it."""

from django.db import transaction
from django.utils import timezone

from councils.acts import act
from councils.refusals import Refused
from councils.years import Quarter
from partnerships.case_steps import state_of
from partnerships.models import Approval, CaseStep
from savings import locks
from savings.models import Charge, Entry, Scheme
from savings.models.typed import Series

from . import rollups
from .ledger_words import ledger_words

APPROVALS = 0x617072  # "apr": the class of our advisory locks


@transaction.atomic
def approve(*, case, council, by, at, resolution=None):
    """Approve `case` for `council` and post its projected entries and planned charges; returns the approval.

    Raises `Refused` when `by` drafted it, when it is not submitted, when it or a later version is approved already, or
    when a line names a scheme that is not there.
    """
    if case.drafted_by_id == by.pk:
        raise Refused("You cannot approve a business case that you drafted.")
    locks.wait(APPROVALS, case.pk)  # of two at once the second is told that it was approved
    if Approval.objects.filter(case=case, council=council).exists():
        raise Refused(f"{council} has already approved this version.")
    refuse_unripe(case, council)
    lines = list(case.lines.filter(council=council).order_by("pk"))
    schemes = {scheme.reference: scheme for scheme in Scheme.objects.filter(partnership=case.partnership)}
    if missing := sorted({line.scheme_reference for line in lines} - schemes.keys()):
        raise Refused(f"Add these schemes first: {', '.join(missing)}.")
    posted_quarter = Quarter.containing(timezone.localdate(at)).first_day
    posted = {"series": Series.PROJECTED, "business_case": case, "recorded_by": by, "recorded_at": at,
              "posted_quarter": posted_quarter, "partnership": case.partnership}  # fmt: skip
    subject = f"business case:{case.partnership.slug}/{case.version}"
    with act(by=by, at=at, verb="approved", subject=subject) as this, ledger_words():
        approval = Approval.objects.create(
            act=this, case=case, partnership=case.partnership, council=council, drafted_by_id=case.drafted_by_id,
            approved_by=by, approved_at=at, resolution=resolution,
        )  # fmt: skip
        Entry.objects.bulk_create(
            Entry(
                act=this, council=council, scheme=schemes[line.scheme_reference], kind=line.kind,
                benefit_class=line.benefit_class, recurrence=line.recurrence, year=line.year, month=line.month,
                amount_pence=line.amount_pence, price_base=case.price_base, funded_by=line.funded_by, **posted,
            )
            for line in lines
        )  # fmt: skip
        Charge.objects.bulk_create(
            Charge(
                act=this, council=council, payer=council, receiver_id=charge.receiver_id, year=charge.year,
                amount_pence=charge.amount_pence, **posted,
            )
            for charge in case.charges.filter(payer=council).order_by("pk")
        )  # fmt: skip
    rollups.ring()
    return approval


def refuse_unripe(case, council):
    """Only what is submitted is approved, and nothing older than what is in force."""
    state = state_of(case)
    if state != CaseStep.Step.SUBMITTED:
        raise Refused(f"Only a submitted version is approved. This one is {WAS[state]}.")
    later = Approval.objects.filter(partnership=case.partnership, council=council, case__version__gt=case.version)
    if later.exists():
        raise Refused(f"{council} has already approved a later version.")


WAS = {"draft": "a draft", "returned": "returned", "withdrawn": "withdrawn", "superseded": "superseded"}
