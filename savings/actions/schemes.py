"""Proposing schemes and saying where they stand."""

from django.db import transaction

from councils.acts import act
from councils.plain_text import why_no_code
from councils.refusals import Refused
from savings.models import Scheme, SchemeStatus

from .entries import ledger_words


@transaction.atomic
def propose(*, by, at, partnership, service, reference, title, owner, benefit_class, recurrence, description="",
            last_year=None, indicator=None, status=SchemeStatus.Status.APPROVED):  # fmt: skip
    """A new scheme of the partnership with its first status; returns it. Raises `Refused` for a reference in use."""
    if why := why_no_code(reference):
        raise Refused(why, field="reference")
    if same := Scheme.objects.filter(partnership=partnership).referenced(reference).first():
        alike = "" if same.reference == reference else f" {same.reference} would be read as the same."
        raise Refused(f"This partnership already has a scheme with that reference.{alike}", field="reference")
    subject = f"scheme:{partnership.slug}/{reference}"
    with ledger_words(), act(by=by, at=at, verb="proposed", subject=subject) as this:
        scheme = Scheme.objects.create(
            act=this, partnership=partnership, service=service, reference=reference, title=title, owner=owner,
            description=description, benefit_class=benefit_class, recurrence=recurrence, last_year=last_year,
            indicator=indicator, proposed_by=by,
        )  # fmt: skip
        SchemeStatus.objects.create(act=this, scheme=scheme, partnership=partnership, status=status)
    return scheme
