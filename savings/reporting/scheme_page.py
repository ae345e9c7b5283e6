"""What one scheme's page tells beside its figures: what happened to it, and whether quality held."""

import datetime
from typing import NamedTuple

from savings.models import Dispute, IndicatorWaiver, Reading, SchemeStatus, SchemeVersion


class Step(NamedTuple):
    """One thing that happened to a scheme; `why` and `more` are people's own words."""

    at: datetime.datetime
    who: str
    did: str
    why: str = ""
    more: str = ""


class Failing(NamedTuple):
    """A reading worse than tolerated that disputes claims of the scheme."""

    reading: Reading
    open: int  # claims disputed and not decided
    decided: list  # DisputeOutcome, one an act


FACTS = {
    "owner": "who answers for it", "description": "how it saves", "benefit_class": "its class",
    "recurrence": "whether it comes back", "last_year": "its last year", "live_on": "its first day",
    "indicator_id": "its quality indicator",
}  # fmt: skip


def history(scheme) -> list[Step]:
    """Everything that happened to `scheme`, oldest first. Three queries."""
    statuses = list(SchemeStatus.objects.filter(scheme=scheme).select_related("changed_by").order_by("sequence"))
    versions = list(SchemeVersion.objects.filter(scheme=scheme).select_related("changed_by").order_by("version"))
    waivers = IndicatorWaiver.objects.filter(scheme=scheme).select_related("stated_by").order_by("pk")
    steps = [
        *(_status(each, before) for before, each in zip([None, *statuses], statuses, strict=False)),
        *(_version(each, before) for before, each in zip([scheme, *versions], versions, strict=False)),
        *(Step(w.stated_at, w.stated_by.name, "stated that no quality indicator applies", w.reason) for w in waivers),
    ]
    return sorted(steps, key=lambda step: step.at)


def _status(each, before):
    label = each.get_status_display().lower()
    did = f"said it is {label}" if before is None or before.status != each.status else "gave a new score or reason"
    more = ""
    if each.delivery_score and (before is None or before.delivery_score != each.delivery_score):
        more = f"Delivery is scored {each.delivery_score} of 5: {each.score_reason}"
    if each.replaced_with:
        more = f"Replaced by: {each.replaced_with}. {more}".strip()
    return Step(each.changed_at, each.changed_by.name, did, each.reason, more)


def _version(each, before):
    changed = [words for name, words in FACTS.items() if getattr(each, name) != getattr(before, name, None)]
    return Step(each.changed_at, each.changed_by.name, f"changed {' and '.join(changed)}", each.reason)


def failing(scheme) -> list[Failing]:
    """Readings in force that dispute, or disputed, claims of `scheme`, oldest quarter first. One query."""
    disputes = (
        Dispute.objects.filter(entry__scheme=scheme, reading__isnull=False, reading__replaced_by__isnull=True)
        .select_related("reading__indicator", "reading__council", "ended__decided_by")
        .order_by("reading__quarter", "pk")
    )
    found: dict[int, Failing] = {}
    for dispute in disputes:
        reading: Reading = dispute.reading  # type: ignore[assignment]  # the filter leaves none without
        one = found.get(reading.pk) or Failing(reading, 0, [])
        ended = getattr(dispute, "ended", None)
        if ended is None:
            one = one._replace(open=one.open + 1)
        elif ended.act_id not in {each.act_id for each in one.decided}:
            one.decided.append(ended)
        found[reading.pk] = one
    return list(found.values())


def readings_of(indicator):
    """Readings in force of `indicator` by member, oldest quarter first. One query."""
    return list(
        Reading.objects.filter(indicator=indicator, replaced_by__isnull=True)
        .select_related("council", "read_by", "indicator", "replaces")
        .order_by("council__name", "quarter")
    )
