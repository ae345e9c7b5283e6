"""Deciding on entries: signing off, returning, auditing. Nobody decides on what they recorded."""

from django.db import transaction

from councils.acts import act
from councils.refusals import Refused
from savings import locks
from savings.models import Decision, Entry, Scheme, Support
from savings.models.typed import BenefitClass, Kind, Series

from . import rollups
from .ledger_words import ledger_words

Outcome = Decision.Outcome
UNMEASURED = (
    "It is claimed as cash-releasing but its scheme names no quality indicator. Name one on the scheme’s page, or "
    "state there why none applies."
)
DECISIONS = 0x646563  # "dec": the class of our advisory locks


def active_supports(entry):
    """The supports of `entry` that have not been withdrawn, oldest first."""
    return Support.objects.filter(entry=entry, withdraws__isnull=True, withdrawn_by__isnull=True).order_by("pk")


def why_not_sign(entry, by, *, is_reversed=None, documented=None, unmeasured=None):
    """The reason `by` cannot sign off `entry` now, in words; empty when nothing stands in the way.

    A list that has read them for all its rows says whether the entry is reversed and documented, and whether its scheme
    names no quality indicator; else three queries do.
    """
    if entry.series != Series.BANKED:
        return "Only what is banked is signed off."
    if entry.recorded_by_id == by.pk:
        return "You cannot sign off a saving you recorded yourself."
    if is_reversed is None:
        is_reversed = Entry.objects.filter(reverses=entry).exists()
    if entry.reverses_id or is_reversed:
        return "This entry is reversed: there is nothing left to sign off."
    if documented is None:
        documented = active_supports(entry).exists()
    if not documented:
        return "There is no document to sign off against. Return it and ask for the proof."
    if (
        entry.kind == Kind.SAVING
        and entry.benefit_class == BenefitClass.CASH_RELEASING
        and not entry.budget_reduction_id
    ):
        return (
            "It is claimed as cash-releasing but names no budget it was taken out of. Return it, so that it can be "
            "reversed and recorded again with its ledger code."
        )
    if entry.kind == Kind.SAVING and entry.benefit_class == BenefitClass.CASH_RELEASING:
        if unmeasured is None:
            unmeasured = Scheme.objects.unmeasured().filter(pk=entry.scheme_id).exists()
        return UNMEASURED if unmeasured else ""
    return ""


@transaction.atomic
def sign_off(*, entry, by, at, reason="", shown=None):
    """Record that `by` signed off `entry`, having been shown its documents; raises `Refused`.

    `shown` is the public id of the last support on the page that was signed from: a document attached or withdrawn
    since then was not seen, so it has to be looked at first.
    """
    if why := why_not_sign(entry, by):
        raise Refused(why)
    _one_at_a_time(entry)
    supports = list(active_supports(entry).select_related("document"))
    latest = entry.decisions.order_by("pk").last()
    if latest and latest.outcome in (Outcome.SIGNED_OFF, Outcome.AUDITED):
        raise Refused("It has been signed off already.")
    if latest and latest.outcome == Outcome.RETURNED and supports[-1].act_id < latest.act_id:
        raise Refused("It was returned, and nothing has been attached since. Wait for the proof that was asked for.")
    if any(support.document.uploaded_by_id == by.pk for support in supports):
        raise Refused("You cannot sign off against a document you uploaded yourself. Another finance lead signs it.")
    last = supports[-1]
    if shown is not None and last.public_id != shown:
        raise Refused("Its documents have changed since you opened the page. Look at them, then sign off.")
    return _decide(entry, Outcome.SIGNED_OFF, by=by, at=at, reason=reason, support=last)


@transaction.atomic
def return_to_recorder(*, entry, by, at, reason):
    """Send `entry` back with the reason; it stays in the ledger, unsigned, until it is reversed or signed after all."""
    if entry.recorded_by_id == by.pk:
        raise Refused("You cannot decide on a saving you recorded yourself. Reverse it instead.")
    if not reason.strip():
        raise Refused("Say why it goes back, so that the person who recorded it can mend it.", field="reason")
    if entry.series != Series.BANKED:
        raise Refused("Only what is banked is returned.")
    _one_at_a_time(entry)
    latest = entry.decisions.order_by("pk").last()
    if latest and latest.outcome == Outcome.SIGNED_OFF:
        raise Refused("It has been signed off meanwhile. What is wrong with it is put right by reversing it.")
    if latest and latest.outcome == Outcome.RETURNED and not _documented_since(entry, latest):
        raise Refused("It has been returned already, and nothing has been attached since.")
    return _decide(entry, Outcome.RETURNED, by=by, at=at, reason=reason)


def _documented_since(entry, decision):
    return active_supports(entry).filter(act_id__gt=decision.act_id).exists()


def hold(entries):
    """Before deciding on several in one transaction: take them in one order, so that nobody waits in a ring."""
    for entry in sorted(entries, key=lambda entry: entry.pk):
        _one_at_a_time(entry)


def _one_at_a_time(entry):
    """Two decisions on one entry wait for each other, so the second sees the first; until the transaction ends."""
    locks.wait(DECISIONS, entry.pk)


def _decide(entry, outcome, *, by, at, reason, support=None):
    verb = "signed off" if outcome == Outcome.SIGNED_OFF else "returned"
    with ledger_words(), act(by=by, at=at, verb=verb, subject=f"entry:{entry.public_id}", reason=reason) as this:
        decision = Decision.objects.create(
            act=this,
            entry=entry,
            partnership_id=entry.partnership_id,
            council_id=entry.council_id,
            outcome=outcome,
            reason=reason,
            support=support,
            recorded_by_id=entry.recorded_by_id,
            decided_by=by,
            decided_at=at,
        )
    rollups.ring()
    return decision
