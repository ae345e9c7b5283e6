"""Everything that happened to one entry, in order, for the page that tells it."""

import datetime
from typing import NamedTuple

from councils.models import Act, Event
from savings.models import Decision, Entry, Support
from savings.words import spoken


class Happening(NamedTuple):
    """One thing somebody did; `why` is their own words."""

    at: datetime.datetime
    who: str
    did: str
    why: str = ""
    document: object = None
    person: int | None = None  # id, of what is done for the entry's council; a dispute is another's
    mark: str = ""  # whose successor it was done as


TOLD_WITH = (
    "council", "partnership", "scheme__service", "recorded_by", "state", "budget_reduction", "business_case",
    "reverses__state", "reverses__recorded_by", "reverses__scheme", "reversed_by__recorded_by",
)  # fmt: skip


def entries_to_tell():
    """Entries with everything their page reads of them, in one query."""
    return Entry.objects.select_related(*TOLD_WITH)


class Story(NamedTuple):
    supports: list[Support]  # in force, oldest first
    withdrawn: list[Support]
    decision: Decision | None  # the latest, which holds
    disputes: list
    happenings: list[Happening]  # oldest first
    act: Act | None  # None when the reader may not see the stream it is on
    events: list[Event]

    @property
    def answered(self):
        """When the last document was attached since it was returned; None when it was not, or none was."""
        if not self.decision or self.decision.outcome != Decision.Outcome.RETURNED:
            return None
        since = [each for each in (*self.supports, *self.withdrawn) if each.act_id > self.decision.act_id]
        return max((support.document.uploaded_at for support in since), default=None)


def story(entry):
    """The `Story` of `entry`. At most seven queries, however much happened."""
    supports = list(entry.supports.select_related("document__uploaded_by", "withdrawn_by").order_by("pk"))
    given = [support for support in supports if not support.withdraws_id]
    decisions = list(entry.decisions.select_related("decided_by").order_by("pk"))
    disputes = list(
        entry.disputes.select_related("raised_by", "council", "reading", "ended__decided_by").order_by("pk")
    )
    acts = {act.pk: act for act in Act.objects.filter(pk__in=_acts(entry, supports)).select_related("person")}
    happenings = [
        Happening(entry.recorded_at, entry.recorded_by.name, _beginning(entry), person=entry.recorded_by_id),
        *_documents(given, supports, acts),
        *(
            Happening(
                decision.decided_at,
                decision.decided_by.name,
                DECIDED[decision.outcome],
                decision.reason,
                person=decision.decided_by_id,
            )
            for decision in decisions
        ),
        *_disputes(disputes),
    ]
    if hasattr(entry, "reversed_by"):
        reversal = entry.reversed_by
        happenings.append(
            Happening(
                reversal.recorded_at,
                reversal.recorded_by.name,
                "reversed it",
                reversal.note,
                person=reversal.recorded_by_id,
            )
        )
    return Story(
        supports=[support for support in given if not hasattr(support, "withdrawn_by")],
        withdrawn=[support for support in given if hasattr(support, "withdrawn_by")],
        decision=decisions[-1] if decisions else None,
        disputes=disputes,
        happenings=sorted(happenings, key=lambda happening: happening.at),
        act=acts.get(entry.act_id),
        events=list(Event.objects.filter(act=entry.act_id).select_related("stream").order_by("stream__key")),
    )


DECIDED = {
    "signed_off": "signed it off",
    "returned": "returned it",
    "audited": "audited it",
    "exception": "took exception to it",
}


def _beginning(entry):
    return f"recorded this reversal of {spoken(entry.reverses)}" if entry.reverses_id else "recorded it"


def _acts(entry, supports):
    return [entry.act_id, *(support.act_id for support in supports if support.withdraws_id)]


def _documents(given, supports, acts):
    titles = {support.document_id: support.document for support in given}
    for support in given:
        document = support.document
        yield Happening(
            document.uploaded_at,
            document.uploaded_by.name,
            "attached",
            document=document,
            person=document.uploaded_by_id,
        )
    for support in supports:
        if support.withdraws_id and (act := acts.get(support.act_id)):
            yield Happening(
                act.at, act.person.name, "withdrew", act.reason, titles.get(support.document_id), act.person_id
            )


def _disputes(disputes):
    for dispute in disputes:
        if dispute.reading_id:
            yield Happening(dispute.raised_at, dispute.raised_by.name, "disputed it for quality", dispute.reason)
        else:
            who = f"{dispute.raised_by.name} for {dispute.council.short_name}"
            yield Happening(dispute.raised_at, who, "disputed it", dispute.reason)
        if hasattr(dispute, "ended"):
            ended = dispute.ended
            did = {"upheld": "upheld the dispute", "dismissed": "dismissed the dispute"}.get(
                ended.outcome, "withdrew the dispute"
            )
            yield Happening(ended.decided_at, ended.decided_by.name, did, ended.reason)
