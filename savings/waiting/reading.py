"""What somebody relied on and has to read again."""

from django.urls import reverse
from django.utils import timezone

from savings import words
from savings.reporting import needs

from .need import Item, Need


def corrected():
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
