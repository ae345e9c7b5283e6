"""What else happened under some acts: documents, charges, steps and approvals of a promise, and what partners said.

`since` tells of entries and what is decided on them; each function here is one query more, whatever it finds.
"""

import datetime
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import F
from django.urls import reverse

from councils.money import pounds
from partnerships.models import Approval, CaseStep
from savings import words
from savings.models import Charge, Confirmation, ConfirmationAnswer, Support


class News(NamedTuple):
    """One line: when, who, what they did, and where it can be read."""

    at: datetime.datetime
    who: str
    did: str
    url: str


def documents(acts: list[int], which: dict[str, Any]) -> Iterator[News]:
    """Attached after the entry was recorded, or withdrawn; what came with the entry is told with it."""
    found = (
        Support.objects.filter(act__in=acts, **which)
        .exclude(act=F("entry__act"))
        .select_related("act__person", "document", "entry__scheme")
    )
    for each in found:
        did = "withdrew" if each.withdraws_id else "attached"
        did += f" “{each.document.title}” {'from' if each.withdraws_id else 'to'} {words.spoken(each.entry)}"
        yield News(each.act.at, each.act.person.name, did, each.entry.get_absolute_url())


def charges(acts: list[int], which: dict[str, Any]) -> Iterator[News]:
    found = Charge.objects.filter(act__in=acts, **which).exclude(series="projected")
    for each in found.select_related("payer", "receiver", "recorded_by", "partnership"):
        did = f"{'reversed' if each.reverses_id else 'reported'} a charge: {words.spoken_charge(each)}"
        url = f"{reverse('savings:charges')}?partnership={each.partnership.slug}"
        yield News(each.recorded_at, each.recorded_by.name, did, url)


def promises(acts: list[int], which: dict[str, Any]) -> Iterator[News]:
    read = ("case__partnership", "council")
    for step in CaseStep.objects.filter(act__in=acts, **which).select_related(*read, "stepped_by"):
        did = f"{step.get_step_display().lower()} version {step.case.version} of the business case “{step.case.title}”"
        yield News(step.stepped_at, step.stepped_by.name, did, step.case.get_absolute_url())
    for given in Approval.objects.filter(act__in=acts, **which).select_related(*read, "approved_by"):
        did = f"approved version {given.case.version} of the business case for {given.council.short_name}"
        yield News(given.approved_at, given.approved_by.name, did, given.case.get_absolute_url())


def confirmations(acts: list[int], which: dict[str, Any]) -> Iterator[News]:
    found = Confirmation.objects.filter(act__in=acts, **which)
    for each in found.select_related("answered_by", "council", "request").prefetch_related("answers__line"):
        disagree = [answer for answer in each.answers.all() if answer.answer != ConfirmationAnswer.Answer.AGREED]
        said = f"disagreed with {len(disagree)} of the lines" if disagree else "agreed with every line"
        total = pounds(sum(answer.line.amount_pence for answer in each.answers.all()))
        did = f"answered for {each.council.short_name} about {words.quarter(each.quarter)}, {total}: {said}"
        yield News(each.answered_at, each.answered_by.name, did, each.request.get_absolute_url())
