"""What happened to a council or partnership since somebody last read it, in plain words with links, newest first.

Heads of streams say what was read, not moments: a transaction that commits late is on its stream after the head that
was kept, and so is never missed.
"""

import json

from django.db import connection
from django.urls import reverse

from councils.models import Event
from councils.money import pounds
from savings import words
from savings.models import Decision, Dispute, DisputeOutcome, Entry, Note, Return, Seen

from . import happenings
from .happenings import News

MOST_ACTS = 100


DECIDED = {"signed_off": "signed off", "returned": "returned", "audited": "audited", "exception": "took exception to"}
STEPPED = {"submitted": "submitted", "signed_off": "signed off", "closed": "closed", "reopened": "reopened"}


def last_seen(person, **which) -> Seen | None:
    """`which` is `council=…` or `partnership=…`. One query."""
    return Seen.objects.filter(person=person, **which).order_by("-pk").first()


def heads_now(*, council=None, partnership=None) -> dict[str, int]:
    """{stream id: its newest event's sequence} of the council's stream, or of those of the partnership's members."""
    if partnership is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT heads_of(%s)::text", [partnership.pk])
            (heads,) = cursor.fetchone()
        return json.loads(heads)
    newest = Event.objects.filter(stream__council=council).order_by("-sequence").values_list("stream", "sequence")[:1]
    return {str(stream): sequence for stream, sequence in newest}


def news(*, person, council=None, partnership=None) -> list[News]:
    """Some fifteen queries at most, however much happened; the newest `MOST_ACTS` acts are told."""
    which = {"council": council} if council else {"partnership": partnership}
    seen = last_seen(person, **which)
    heads = seen.heads if seen else {}
    acts = _acts_of_council(council, heads) if council else _acts_of_partnership(partnership, heads)
    if not acts:
        return []
    found = [*_entries(acts, which), *_decisions(acts, which), *_disputes(acts, which), *_returns(acts, which),
             *_notes(acts, which), *happenings.documents(acts, which), *happenings.charges(acts, which),
             *happenings.promises(acts, which), *happenings.confirmations(acts, which)]  # fmt: skip
    return sorted(found, key=lambda each: each.at, reverse=True)


def unread(person, councils) -> dict[int, int]:
    """{council id: events since it was last read} for councils of the person's own; counts stop at `MOST_ACTS`."""
    counts = {}
    for council in councils:
        seen = last_seen(person, council=council)
        after = next(iter(seen.heads.values()), 0) if seen else 0
        newer = Event.objects.filter(stream__council=council, sequence__gt=after).order_by()
        counts[council.pk] = newer[:MOST_ACTS].count()
    return counts


def _acts_of_council(council, heads):
    after = next(iter(heads.values()), 0)
    events = Event.objects.filter(stream__council=council, sequence__gt=after).order_by("-sequence")
    return list(events.values_list("act", flat=True)[:MOST_ACTS])


def _acts_of_partnership(partnership, heads):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT act_id FROM acts_after(%s, %s::jsonb, %s)", [partnership.pk, json.dumps(heads), MOST_ACTS]
        )
        return [act for (act,) in cursor.fetchall()]


def _entries(acts, which):
    """One line for an act, however many amounts it recorded."""
    by_act: dict[int, list[Entry]] = {}
    entries = Entry.objects.filter(act__in=acts, **which).select_related("scheme", "recorded_by", "reverses__scheme")
    for entry in entries.order_by("pk"):
        by_act.setdefault(entry.act_id, []).append(entry)
    for some in by_act.values():
        first, new = some[0], [entry for entry in some if not entry.reverses_id]
        if len(some) == 1:
            did = f"reversed {words.spoken(first.reverses)}" if first.reverses_id else f"recorded {words.spoken(first)}"
        else:
            did = f"recorded {len(new)} amounts, {pounds(sum(entry.amount_pence for entry in new))} in all"
            did += f", and reversed {len(some) - len(new)}" if len(some) > len(new) else ""
        yield News(first.recorded_at, first.recorded_by.name, did, first.get_absolute_url())


def _decisions(acts, which):
    found = Decision.objects.filter(act__in=acts, **which).select_related("decided_by", "entry__scheme")
    for each in found:
        did = f"{DECIDED[each.outcome]} {words.spoken(each.entry)}"
        yield News(each.decided_at, each.decided_by.name, did, each.entry.get_absolute_url())


def _disputes(acts, which):
    whose = {f"entry__{name}": value for name, value in which.items()}
    for each in Dispute.objects.filter(act__in=acts, **whose).select_related("raised_by", "entry__scheme"):
        yield News(each.raised_at, each.raised_by.name, f"disputed {words.spoken(each.entry)}",
                   each.entry.get_absolute_url())  # fmt: skip
    whose = {f"dispute__entry__{name}": value for name, value in which.items()}
    ended = DisputeOutcome.objects.filter(act__in=acts, **whose).select_related("decided_by", "dispute__entry__scheme")
    for end in ended:
        yield News(end.decided_at, end.decided_by.name, f"ended the dispute of {words.spoken(end.dispute.entry)}",
                   end.dispute.entry.get_absolute_url())  # fmt: skip


def _returns(acts, which):
    steps = Return.objects.filter(act__in=acts, **which).select_related("stepped_by", "council", "partnership")
    for each in steps:
        url = reverse(
            "savings:return", args=[each.partnership.slug, each.council.code, words.quarter_slug(each.quarter)]
        )
        did = f"{STEPPED[each.step]} the return of {each.council.short_name} for {words.quarter(each.quarter)}"
        yield News(each.stepped_at, each.stepped_by.name, did, url)


def _notes(acts, which):
    notes = Note.objects.filter(act__in=acts, **which).select_related("written_by", "partnership", "entry", "scheme")
    for each in notes:
        thing = each.entry or each.scheme
        url = thing.get_absolute_url() if thing else each.partnership.get_absolute_url()
        yield News(each.written_at, each.written_by.name, f"wrote a note: “{each.text[:80]}”", url)
