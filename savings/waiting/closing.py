"""What stands between a council and its closed quarters and years."""

from django.urls import reverse

from councils.models import Council
from councils.money import pounds
from councils.rights import LEAD, RECORDING
from councils.years import FinancialYear
from savings.attesting import years_of
from savings.models import Return
from savings.reporting import needs

from .need import Item, Need

#: Attesting is read council by council; somebody of more finds it under Returns.
MOST_ATTESTING = 3


def for_closing(rights, person, today):
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


def _quarter(one):
    url = reverse("savings:return", args=[one.partnership.slug, one.council.code, one.quarter.slug])
    step = "to sign off" if one.state == Return.Step.SUBMITTED else "to submit"
    return Item(
        one.quarter.months_label, url,
        f"{step}, due on {one.due_on:%-d %B %Y}: {one.council.short_name}, {one.partnership.name}",
    )  # fmt: skip


def for_attesting(councils, today):
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
