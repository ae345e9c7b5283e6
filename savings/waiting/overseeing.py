"""What waits for auditors, and for whoever looks after the machine."""

from django.urls import reverse
from django.utils import timezone

from councils.years import FinancialYear
from partnerships.models import Claiming
from savings import words
from savings.models.typed import Series
from savings.reporting import needs

from .need import Item, Need, ledger


def for_auditors(councils):
    if not councils:
        return
    excepted = needs.excepted(councils)
    yield Need(
        title="Exceptions not put right",
        text="An auditor took exception to these and they stand as they were.",
        url=ledger(councils, series=Series.BANKED, standing="exception"), action="See all exceptions",
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


def for_administrators():
    claims = list(Claiming.objects.waiting().select_related("council", "partnership").order_by("pk")[: needs.MOST])
    yield Need(
        title="Claims to check",
        text="A council says that a partnership known from what was published is its own. Check what it says.",
        url=reverse("savings:claims"), action="All claims",
        number=len(claims),
        items=[
            Item(f"{each.council.short_name}: {each.partnership.name}", each.get_absolute_url(),
                 f"on {timezone.localtime(each.claimed_at):%-d %B %Y}")
            for each in claims[: needs.SHOWN]
        ],
    )  # fmt: skip
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
