"""What waits because a council is to be abolished: everything it should close before its last day."""

from django.urls import reverse

from councils.endings import ending_of, ending_soon
from councils.models import Council
from savings.left_open import left_open
from savings.reporting import needs

from .need import Item, Need

MOST_ENDING = 3  # each is read by itself; somebody of more finds them under their councils


def for_ending(councils, today):
    """A card for each of `councils` (ids) that the register or a proposed plan ends. One query when there is none."""
    if not councils:
        return
    ending = ending_soon(councils, on=today)
    for council in Council.objects.filter(pk__in=ending).order_by("name")[:MOST_ENDING] if ending else ():
        found = ending_of(council, on=today)
        if found is None:
            continue
        open_now = left_open(found, on=today)
        yield Need(
            title=f"To close before {council.short_name} ends",
            text=f"Its last day is {found.last_day:%-d %B %Y}. One page says what must be closed, by whom and by when.",
            url=reverse("councils:ending", args=[council.slug]), action="See what must be closed",
            number=open_now.number,
            items=[Item(task.what, task.url, f"by {task.by:%-d %B %Y}") for task in open_now.tasks[: needs.SHOWN]],
        )  # fmt: skip
