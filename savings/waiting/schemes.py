"""What waits about schemes: those to approve, and those in trouble."""

from django.urls import reverse

from savings.reporting import needs
from savings.reporting.schemes_at_risk import rated_red

from .need import Item, Need


def for_schemes(recorded, led, today):
    """`recorded`, `led`: ids of the councils the person records for, and is a finance lead of."""
    red = rated_red(recorded, today)
    yield Need(
        title="Schemes rated red",
        text="They bank far less than promised to date, or will hardly be delivered. Say what is done about it.",
        url=f"{reverse('savings:schemes')}?rag=Red", action="See the schemes",
        number=len(red),
        items=[
            Item(str(each), each.get_absolute_url(), f"{each.now_owner}, {each.partnership.name}. {rating.why}")
            for each, rating in red[: needs.SHOWN]
        ],
    )  # fmt: skip
    if not led:
        return
    proposed = needs.schemes_to_approve(led)
    yield Need(
        title="Schemes to approve",
        text="Proposed in your partnerships; any member’s finance lead approves or withdraws them.",
        url=f"{reverse('savings:schemes')}?status=proposed", action="See all that are proposed",
        number=needs.bounded(proposed),
        items=[Item(str(each), each.get_absolute_url(), each.partnership.name) for each in proposed[: needs.SHOWN]],
    )  # fmt: skip
