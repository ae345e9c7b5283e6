"""One thing that waits: a card of the start page with its first few rows."""

from typing import NamedTuple

from councils.models import Council
from savings import addressing


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


def ledger(councils, **filters):
    """The ledger narrowed so; to the person's council too, when it is one (the list takes one at a time)."""
    slugs = Council.objects.filter(pk__in=councils).values_list("slug", flat=True)
    return addressing.entries(council=slugs[0] if len(slugs) == 1 else None, **filters)
