"""What waits for somebody: read for the start page, by role. Every pile is one bounded query; counts stop at `MOST`."""

import datetime
from typing import NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from councils.models import Council, Role
from councils.rights import RECORDING
from partnerships.models import (
    Approval,
    BusinessCase,
    CaseStep,
    Change,
    ChangeAnswer,
    LeavingNotice,
    Membership,
    MembershipOffer,
)
from savings.models import Attempt, Decision, Dispute, Entry, Job, Mark, Notice, Report, Return, Scheme, SchemeStatus

from . import asked
from .awaiting import answered, unsigned
from .charge_pairs import differences
from .quarters import OPEN, quarters_of

MOST, SHOWN = 1000, 5
RETURNED, EXCEPTION = Decision.Outcome.RETURNED, Decision.Outcome.EXCEPTION


class ToApprove(NamedTuple):
    case: BusinessCase
    council: Council


def returned(councils):
    """Entries of `councils` (ids) sent back, newest first, each with `why` it came back.

    One that a document has been attached to since waits for the finance lead again, and for its recorder no longer.
    """
    latest = Decision.objects.filter(entry=OuterRef("pk")).order_by("-pk")
    return (
        unsigned(councils)
        .filter(~answered(), state__outcome=RETURNED)
        .annotate(why=Subquery(latest.values("reason")[:1]), returner=Subquery(latest.values("decided_by__name")[:1]))
        .select_related("scheme", "partnership")
        .order_by("-pk")
    )


def undocumented(councils):
    """Banked entries of `councils` without a document in force."""
    return unsigned(councils).filter(Q(state__isnull=True) | Q(state__grade=0))


def disputed(councils):
    return Entry.objects.filter(council__in=councils, state__disputed=True, reversed_by__isnull=True)


def excepted(councils):
    """Entries an auditor took exception to, newest first."""
    return unsigned(councils).filter(state__outcome=EXCEPTION).select_related("scheme", "partnership").order_by("-pk")


def to_confirm(councils, on: datetime.date):
    """Requests that wait for one of `councils` (ids) to answer, oldest first, at most `MOST`. One query."""
    day_begins = timezone.make_aware(datetime.datetime.combine(on, datetime.time.min))
    waiting = asked.requests(day_begins).filter(council__in=councils, state="waiting")
    return list(waiting.order_by("pk")[:MOST])


def to_approve(councils, person, on: datetime.date):
    """Submitted business cases that `person` may approve for one of `councils`, one row a council. Two queries.

    Every version that stands submitted and is later than the one in force for the council.
    """
    in_force = Approval.objects.filter(partnership=OuterRef("partnership"), council=OuterRef("council"))
    waiting = (
        Membership.objects.on(on)
        .filter(council__in=councils, partnership__business_cases__isnull=False)
        .annotate(case=F("partnership__business_cases"), version=F("partnership__business_cases__version"))
        .filter(~Exists(in_force.filter(case__version__gte=OuterRef("version"))))
        .select_related("council")
        .order_by("case", "council__name")
    )
    cases = (
        BusinessCase.objects.filter(pk__in={each.case for each in waiting})
        .with_state()
        .filter(state=CaseStep.Step.SUBMITTED)
        .exclude(drafted_by=person)
        .select_related("partnership", "drafted_by")
        .in_bulk()
    )
    return [ToApprove(cases[each.case], each.council) for each in waiting if each.case in cases]


def to_join(councils):
    """Offers of membership that wait for a lead of `councils` (ids), oldest first, at most `MOST`. One query."""
    waiting = MembershipOffer.objects.waiting().filter(council__in=councils)
    return list(waiting.select_related("council", "offering").order_by("pk")[:MOST])


def to_agree(councils, on: datetime.date):
    """Changes that wait for the word of one of `councils` (ids), oldest first, at most `MOST`. One query."""
    said = ChangeAnswer.objects.filter(change=OuterRef("pk"), council=OuterRef("partnership__memberships__council"))
    members = Membership.objects.current().exclude(ends_on__lte=on).filter(council__in=councils)
    waiting = Change.objects.waiting().filter(partnership__memberships__in=members).filter(~Exists(said))
    return list(waiting.select_related("partnership").distinct().order_by("pk")[:MOST])


def leaving_soon(councils, on: datetime.date):
    """Notices of other members that stand until their day, in partnerships of `councils` (ids) whose promise has not
    been restated since, by day. One query."""
    members = Membership.objects.on(on).filter(council__in=councils).values("partnership")
    restated = BusinessCase.objects.filter(partnership=OuterRef("partnership"), act__gt=OuterRef("act"))
    standing = LeavingNotice.objects.standing().filter(partnership__in=members, leaves_on__gt=on)
    waiting = standing.exclude(council__in=councils).filter(~Exists(restated))
    return list(waiting.select_related("partnership", "council").order_by("leaves_on", "pk")[:MOST])


def to_finish(councils):
    """Drafts not submitted and versions returned, of people of `councils`, each with `why` and by whom (`returner`)."""
    last = CaseStep.objects.filter(case=OuterRef("pk")).order_by("-sequence")
    drafters = Role.objects.filter(council__in=councils, what__in=RECORDING).values("person")
    members = Membership.objects.filter(council__in=councils).values("partnership")
    return (
        BusinessCase.objects.filter(drafted_by__in=drafters, partnership__in=members)
        .with_state()
        .annotate(why=Subquery(last.values("reason")[:1]), returner=Subquery(last.values("stepped_by__name")[:1]))
        .filter(Q(state=CaseStep.Step.RETURNED) | Q(state="draft", approvals__isnull=True))
        .select_related("partnership")
        .order_by("-pk")
    )


def returns_to_step(councils, leads, person, today: datetime.date):
    """Returns that are due or overdue and that `person` can step on now, oldest first. Two queries.

    Whoever records for one of `councils` submits; a lead of one of `leads` signs off what somebody else submitted.
    """
    return [
        one
        for one in quarters_of(councils, today=today)
        if (one.overdue or one.due)
        and (
            one.state in (OPEN, Return.Step.REOPENED)
            or (one.council.pk in leads and one.last and one.last.stepped_by_id != person.pk)
        )
    ]


def unexplained(councils):
    """Pairs of payer and receiver that differ and that none of `councils` (ids) has explained. Two queries."""
    return [pair for pair in differences(councils) if not any(each.council_id in councils for each in pair.explained)]


def unread_notices():
    """The reader's own (row-level security decides) that they have not said they read, newest first."""
    return Notice.objects.filter(read__isnull=True).select_related("partnership", "council").order_by("-pk")


def recent_reports(councils):
    return (
        Report.objects.filter(council__in=councils)
        .select_related("partnership", "asked_by", "job")
        .order_by("-pk")[:SHOWN]
    )


class Machinery(NamedTuple):
    """What an administrator looks after, as far as they may see it."""

    waiting: int  # changes recorded and not yet counted
    parked: list[Attempt]
    failed: int  # jobs that ended in failure


def machinery():
    waiting = Mark.objects.aggregate(changes=Count(Coalesce("act", -F("id")), distinct=True))["changes"]
    parked = Attempt.objects.filter(parked_at__isnull=False).select_related("partnership").order_by("-parked_at")[:20]
    return Machinery(waiting, list(parked), Job.objects.filter(state=Job.State.FAILED).count())


def bounded(queryset):
    """How many rows, counted up to `MOST`, so that a long queue costs no more than a full one."""
    return queryset.order_by()[:MOST].count()


def quality_to_decide(councils):
    """(reading, scheme) pairs about whose quality a lead of `councils` (ids) decides, oldest first. One query."""
    waiting = (
        Dispute.objects.filter(council__in=councils, reading__isnull=False, ended__isnull=True)
        .select_related("reading__indicator", "reading__council", "entry__scheme")
        .order_by("pk")[:MOST]
    )
    return list(dict.fromkeys((dispute.reading, dispute.entry.scheme) for dispute in waiting))


def schemes_to_approve(councils):
    """Schemes proposed in partnerships of `councils` (ids), oldest first."""
    latest = SchemeStatus.objects.filter(scheme=OuterRef("pk")).order_by("-sequence").values("status")[:1]
    mine = Membership.objects.current().filter(council__in=councils).values("partnership")
    return (
        Scheme.objects.annotate(stands=Subquery(latest))
        .filter(partnership__in=mine, stands=SchemeStatus.Status.PROPOSED)
        .select_related("partnership")
        .order_by("pk")
    )
