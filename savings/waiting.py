"""What waits for somebody, as cards of the start page: what it is, how many, the first few, and where to go."""

from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone

from councils.models import Council
from councils.money import pounds
from councils.rights import AUDITOR, LEAD, RECORDING
from councils.years import FinancialYear
from savings import addressing, words
from savings.attesting import years_of
from savings.models import Return
from savings.models.typed import Series
from savings.reporting import needs
from savings.reporting.awaiting import signable
from savings.reporting.double_claim_list import to_settle

#: Attesting is read council by council; somebody of more finds it under Returns.
MOST_ATTESTING = 3


class Item(NamedTuple):
    text: str
    url: str
    note: str = ""


class Need(NamedTuple):
    """Something that waits for this person; `items` are the first few of it."""

    title: str
    text: str
    url: str
    action: str
    number: int = 0
    items: list[Item] = []


def needs_of(person, rights, today):
    """What waits, most pressing first, for every role the person holds; nothing that is at nought."""
    found = [
        *_corrected(),
        *_for_leads(rights.councils(LEAD), person, today),
        *_for_recorders(rights.councils(*RECORDING)),
        *_for_closing(rights, person, today),
        *_for_attesting(rights.councils(*RECORDING), today),
        *_for_confirming(rights.councils(*RECORDING), today),
        *_for_auditors(rights.councils(AUDITOR)),
        *(_for_administrators() if rights.administers else []),
    ]
    return [each for each in found if each.number]


def _corrected():
    """Figures this person relied on that are not what they were."""
    notices = list(needs.unread_notices()[: needs.MOST])
    yield Need(
        title="Corrections to read",
        text="Figures you relied on have changed since they were published.",
        url=reverse("savings:notices"), action="See what changed and why",
        number=len(notices),
        items=[
            Item(
                f"Return of {each.council.short_name}, {words.quarter(each.quarter)}"
                if each.quarter else f"Evidence report for {each.council.short_name}",
                reverse("savings:notices"),
                f"{each.partnership.name}, changed on {timezone.localtime(each.changed_at):%-d %B %Y}",
            )
            for each in notices[: needs.SHOWN]
        ],
    )  # fmt: skip


def _for_recorders(councils):
    if not councils:
        return
    back = needs.returned(councils)
    yield Need(
        title="Sent back to be put right",
        text="A finance lead returned these. Attach a document that answers, or reverse the entry and record it anew.",
        url=_ledger(councils, standing="returned"), action="See all that were returned",
        number=needs.bounded(back),
        items=[Item(words.spoken(e), e.get_absolute_url(), f"{e.returner}: “{e.why}”") for e in back[: needs.SHOWN]],
    )  # fmt: skip
    cases = list(needs.to_finish(councils)[: needs.MOST])
    yield Need(
        title="Business cases to finish",
        text="Returned to be put right, or drafted and not submitted. Nobody can approve them as they stand.",
        url=reverse("partnerships:list"), action="See the partnerships",
        number=len(cases),
        items=[
            Item(str(case), case.get_absolute_url(), f"{case.returner}: “{case.why}”" if case.why else "a draft")
            for case in cases[: needs.SHOWN]
        ],
    )  # fmt: skip
    yield Need(
        title="Without a document",
        text="Nobody can sign these off until something proves them.",
        url=_ledger(councils, series=Series.BANKED, standing="undocumented"), action="Attach what is missing",
        number=needs.bounded(needs.undocumented(councils)),
    )  # fmt: skip
    yield Need(
        title="Disputed",
        text="Another member says the amount is wrong, or quality did not hold. Each is counted and shown as disputed.",
        url=_ledger(councils, standing="disputed"), action="See what is disputed",
        number=needs.bounded(needs.disputed(councils)),
    )  # fmt: skip


def _for_confirming(councils, today):
    """What other members ask this person's councils."""
    if not councils:
        return
    asked = needs.to_confirm(councils, today)
    yield Need(
        title="Do you agree?",
        text="Members ask whether your council agrees with what they banked.",
        url=f"{reverse('savings:confirmations')}?state=waiting", action="See all that waits",
        number=len(asked),
        items=[
            Item(f"{words.quarter(each.quarter)}, {each.partnership.name}", each.get_absolute_url(),
                 f"for {each.council.short_name}, until {timezone.localtime(each.expires_at):%-d %B %Y}")
            for each in asked[: needs.SHOWN]
        ],
    )  # fmt: skip


def _for_closing(rights, person, today):
    """What stands between the person's councils and a closed quarter."""
    councils = rights.councils(*RECORDING)
    if not councils:
        return
    waiting = needs.returns_to_step(councils, rights.councils(LEAD), person, today)
    for title, text, mine in (
        ("Returns overdue", "Until they are signed off, these quarters are missing, not nil.",
         [one for one in waiting if one.overdue]),
        ("Returns due", "These quarters have ended and there is still time.", [one for one in waiting if one.due]),
    ):  # fmt: skip
        yield Need(
            title=title, text=text, url=reverse("savings:returns"), action="See all returns", number=len(mine),
            items=[_quarter(one) for one in mine[: needs.SHOWN]],
        )  # fmt: skip
    differing = needs.unexplained(councils)
    yield Need(
        title="Charges that differ",
        text="Payer and receiver do not report the same. A quarter closes when they do or when it is explained.",
        url=reverse("savings:charge-differences"), action="See both sides",
        number=len(differing),
        items=[
            Item(f"{pair.payer} to {pair.receiver}, {pair.year_label}", reverse("savings:charge-differences"),
                 f"{pounds(abs(pair.pence))} apart in {pair.partnership}")
            for pair in differing[: needs.SHOWN]
        ],
    )  # fmt: skip


def _for_attesting(councils, today):
    """Last year's recurring savings, asked of again in this one. The two most recent years: older ones have lapsed."""
    if not councils or len(councils) > MOST_ATTESTING:
        return
    this_year = FinancialYear.containing(today).start
    still_open = [
        (council, year, left)
        for council in Council.objects.filter(pk__in=councils).order_by("name")
        for year, _, left in years_of(council, on=today)
        if left and year.start >= this_year - 1
    ]
    yield Need(
        title="Recurring savings to attest",
        text="Say of each whether it still delivers. What is not attested in time lapses: it leaves the forecast.",
        url=reverse("savings:recurring"), action="See every year",
        number=sum(left for _, _, left in still_open),
        items=[
            Item(f"{left} for {year.label}", reverse("savings:attest", args=[council.code, year.slug]),
                 f"{council.short_name}, until {year.due_on():%-d %B %Y}")
            for council, year, left in still_open[: needs.SHOWN]
        ],
    )  # fmt: skip


def _quarter(one):
    url = reverse("savings:return", args=[one.partnership.slug, one.council.code, one.quarter.slug])
    step = "to sign off" if one.state == Return.Step.SUBMITTED else "to submit"
    return Item(
        one.quarter.months_label, url,
        f"{step}, due on {one.due_on:%-d %B %Y}: {one.council.short_name}, {one.partnership.name}",
    )  # fmt: skip


def _for_leads(councils, person, today):
    if not councils:
        return
    yield Need(
        title="To sign off",
        text="Recorded by others for your council and documented; not proven until you have seen the documents.",
        url=reverse("savings:sign-off-queue"), action="Open the queue",
        number=needs.bounded(signable(person, councils)),
    )  # fmt: skip
    yield Need(
        title="Double claims to settle",
        text="These look like one saving claimed twice or like charges received. They are left out or disputed.",
        url=reverse("savings:double-claims"), action="See which one counts",
        number=to_settle(councils),
    )  # fmt: skip
    cases = needs.to_approve(councils, person, today)
    yield Need(
        title="Business cases to approve",
        text="Approving one posts its promise for your council, and then it is frozen.",
        url=cases[0].case.get_absolute_url() if cases else "", action="Read the first",
        number=len(cases),
        items=[
            Item(str(case), case.get_absolute_url(), f"{case.partnership.name}, for {council.short_name}")
            for case, council in cases[: needs.SHOWN]
        ],
    )  # fmt: skip
    quality = needs.quality_to_decide(councils)
    yield Need(
        title="Quality to decide",
        text="A reading is worse than tolerated, so these savings are shown as disputed until a finance lead decides.",
        url=_decide(*quality[0]) if quality else "", action="Decide the first",
        number=len(quality),
        items=[
            Item(str(scheme), _decide(reading, scheme), f"{reading.indicator.name}, {reading.council.short_name}")
            for reading, scheme in quality[: needs.SHOWN]
        ],
    )  # fmt: skip
    proposed = needs.schemes_to_approve(councils)
    yield Need(
        title="Schemes to approve",
        text="Proposed in your partnerships; any member’s finance lead approves or withdraws them.",
        url=f"{reverse('savings:schemes')}?status=proposed", action="See all that are proposed",
        number=needs.bounded(proposed),
        items=[Item(str(each), each.get_absolute_url(), each.partnership.name) for each in proposed[: needs.SHOWN]],
    )  # fmt: skip


def _decide(reading, scheme):
    return reverse("savings:quality-decide", args=[scheme.public_id, reading.public_id])


def _for_auditors(councils):
    if not councils:
        return
    excepted = needs.excepted(councils)
    yield Need(
        title="Exceptions not put right",
        text="An auditor took exception to these and they stand as they were.",
        url=_ledger(councils, series=Series.BANKED, standing="exception"), action="See all exceptions",
        number=needs.bounded(excepted),
        items=[Item(words.spoken(entry), entry.get_absolute_url()) for entry in excepted[: needs.SHOWN]],
    )  # fmt: skip
    reports = needs.recent_reports(councils)
    yield Need(
        title="Recent evidence reports",
        text="Each says what was claimed, what proves it, who signed, and what is missing.",
        url=reverse("savings:reports"), action="All reports",
        number=len(reports),
        items=[
            Item(
                each.partnership.name, each.get_absolute_url(),
                f"asked for by {each.asked_by.name} on {timezone.localtime(each.job.asked_at):%-d %B %Y}",
            )
            for each in reports
        ],
    )  # fmt: skip


def _for_administrators():
    machinery = needs.machinery()
    yield Need(
        title="Figures that could not be worked out",
        text="Five attempts failed. The pages show what was known before. roll_up --rebuild tries again.",
        url=reverse("readyz"), action="Is everything running?",
        number=len(machinery.parked),
        items=[
            Item(
                f"{each.partnership.name}, {FinancialYear(each.year).label}", each.partnership.get_absolute_url(),
                each.last_error[:200],
            )
            for each in machinery.parked
        ],
    )  # fmt: skip
    yield Need(
        title="Changes waiting to be counted",
        text="A worker counts them within seconds. If this number stays, no worker is running.",
        url=reverse("readyz"), action="Is everything running?",
        number=machinery.waiting,
    )  # fmt: skip


def _ledger(councils, **filters):
    """The ledger narrowed so; to the person's council too, when it is one (the list takes one at a time)."""
    slugs = Council.objects.filter(pk__in=councils).values_list("slug", flat=True)
    return addressing.entries(council=slugs[0] if len(slugs) == 1 else None, **filters)
