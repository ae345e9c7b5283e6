"""From nothing to the first signed quarter: what a council that is new here has done, and what comes next.

Everything is read from what is there; nobody ticks anything off. A step that waits for somebody else says for whom.
"""

from typing import NamedTuple

from django.db.models import Exists, OuterRef
from django.urls import reverse

from councils.models import Council, Role
from councils.rights import LEAD, RECORDING
from partnerships.models import Approval, BusinessCase, Membership, MembershipOffer
from savings import addressing
from savings.models import Entry, IndicatorWaiver, Return, Scheme, SchemeVersion
from savings.models.typed import Series

DONE, NEXT, LATER = "done", "next", "later"
OFFICERS, LEADS = "For a finance officer", "For a finance lead"
SIGNED = {Return.Step.SIGNED_OFF, Return.Step.CLOSED}


class Step(NamedTuple):
    what: str
    why: str
    who: str  # whose step it is
    url: str
    state: str = LATER


def steps_of(council: Council, *, on) -> list[Step]:
    """In the order in which they are done; the first that is not done is `next`. At most fourteen queries."""
    roles = list(Role.objects.in_force(on).filter(council=council, what__in=RECORDING))
    leads = {role.person_id for role in roles if role.what == LEAD}
    both = {role.person_id for role in roles}
    found = Membership.objects.on(on).kept().filter(council=council)
    membership = found.select_related("partnership").order_by("partnership__started_on", "pk").first()
    joined = membership.partnership if membership else None
    people = reverse("councils:people", args=[council.slug])
    drafted = [
        (bool(leads), Step(
            "A finance lead is here", "Signs off what others record.", "For an administrator", people)),
        (len(both) > 1, Step(
            "A second person is here",
            "Nobody signs off what they recorded themselves, so it takes two.", LEADS, people)),
        (joined is not None, _joining(council)),
    ]  # fmt: skip
    drafted += _in_partnership(council, joined)
    first = next((position for position, (done, _) in enumerate(drafted) if not done), len(drafted))
    return [
        step._replace(state=DONE if done else NEXT if position == first else LATER)
        for position, (done, step) in enumerate(drafted)
    ]


def _joining(council):
    offer = MembershipOffer.objects.waiting().filter(council=council).order_by("pk").first()
    url = offer.get_absolute_url() if offer else reverse("partnerships:new")
    why = "An offer waits for your answer." if offer else "Found one and invite the others, or be invited by a member."
    return Step("It is a member of a partnership", why, LEADS, url)


def _in_partnership(council, joined):
    """The steps taken in a partnership: `joined`, or None while there is none and nothing of it can be asked."""
    scheme = f"{reverse('savings:scheme-new')}?partnership={joined.slug}" if joined else ""
    draft = reverse("partnerships:business-case-new", args=[joined.slug]) if joined else ""
    schemes = f"{reverse('savings:schemes')}?partnership={joined.slug}" if joined else ""
    entry, queue = reverse("savings:entry-new"), reverse("savings:sign-off-queue")
    returns = f"{reverse('savings:returns')}?council={council.slug}"
    case = BusinessCase.objects.filter(partnership=joined).order_by("version").last()
    approved = Approval.objects.filter(council=council, partnership=joined).exists()
    entries = Entry.objects.banked().filter(council=council, partnership=joined)
    steps = set(Return.objects.filter(council=council, partnership=joined).values_list("step", flat=True))
    return [
        (Scheme.objects.filter(partnership=joined).exists(), Step(
            "A scheme is named", "What is done together, and who answers for it.", OFFICERS, scheme)),
        (_watched(joined), Step(
            "It says how quality is watched",
            "On the scheme’s page: an indicator, or why none applies. Without, no cash saving is signed off.", LEADS,
            schemes)),
        (case is not None, Step(
            "What it should save is drafted", "The business case: pounds by year, costs and shares.", OFFICERS, draft)),
        (approved, Step(
            "Your council has approved it", "By a lead who did not draft it; then it is frozen.", LEADS,
            case.get_absolute_url() if case else "")),
        (entries.exists(), Step("A first saving is recorded", "What was taken out of a budget.", OFFICERS, entry)),
        (entries.filter(state__grade__gte=1).exists(), Step(
            "It has its proof", "A document that shows it, kept with it.", OFFICERS, addressing.entries(
                council=council.slug, series=Series.BANKED))),
        (entries.filter(state__grade__gte=2).exists(), Step(
            "It is signed off", "By a lead who has seen the document and did not record it.", LEADS, queue)),
        (bool(steps), Step("The first quarter is submitted", "With every entry, or as nil.", OFFICERS, returns)),
        (bool(steps & SIGNED), Step(
            "The first quarter is signed off", "By a lead who did not submit it.", LEADS, returns)),
    ]  # fmt: skip


def _watched(joined):
    """Whether some scheme names an indicator, or says that none applies."""
    named = Scheme.objects.filter(partnership=joined, indicator__isnull=False)
    changed = SchemeVersion.objects.filter(partnership=joined, indicator__isnull=False)
    return named.exists() or changed.exists() or IndicatorWaiver.objects.filter(partnership=joined).exists()


def still_joining(councils, *, on):
    """Of `councils` (ids), those in being that have not signed off a first quarter, in order of name. One query."""
    signed = Return.objects.filter(council=OuterRef("pk"), step__in=SIGNED)
    return list(Council.objects.in_being(on).filter(pk__in=councils).exclude(Exists(signed)).order_by("name"))
