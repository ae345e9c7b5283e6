"""Which years of a partnership a reader sees, in a sentence; `membership_sight` in the database decides it."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection

from councils.years import FinancialYear

from .models import Membership, Partnership


class Sight(NamedTuple):
    partnership: Partnership
    sentence: str


def sights(rights, partnerships: Iterable[int] | None = None, *, on) -> list[Sight]:
    """One for each of `partnerships` (ids; all where None) of which the reader sees some years only, by name.

    No query where nothing is kept from them, otherwise two; `on` is the day of reading.
    """
    limited = rights.limited if partnerships is None else rights.limited & set(partnerships)
    if not limited:
        return []
    years = _years(limited)
    spells: dict[Partnership, list[Membership]] = {}
    rows = Membership.objects.current().filter(partnership__in=limited, council__in=rights.councils())
    for row in rows.select_related("partnership", "council").order_by("partnership__name", "starts_on", "pk"):
        spells.setdefault(row.partnership, []).append(row)
    return [Sight(each, _sentence(each, mine, years[each.pk], on)) for each, mine in spells.items()]


def _years(limited):
    """The (first, after the last) years in sight, as start years or None for no end, by partnership id."""
    found: dict[int, list[tuple[int | None, int | None]]] = {pk: [] for pk in limited}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT p.id, lower(r), upper(r) FROM unnest(%s) p (id), unnest(
                (current_setting('banked.limited_years')::int4multirange[])
                    [array_position(scope_ids('limited'), p.id)]) r
            ORDER BY p.id, r
            """,
            [sorted(limited)],
        )
        for pk, first, after in cursor.fetchall():
            found[pk].append((first, after))
    return found


def _sentence(partnership, mine, years, on):
    first, last = mine[0], mine[-1]
    said = " and ".join(_span(*each) for each in years) or "no year"
    sentence = f"You see {said} of {partnership.name}"
    if years and years[0][0] is not None:
        sentence += f", which {first.council.short_name} joined on {first.starts_on:%-d %B %Y}"
    if last.ends_on and last.ends_on <= on:
        sentence += (
            f"; {last.council.short_name} left on {last.ends_on:%-d %B %Y}. Its own entries and returns stay yours to "
            "read for ever, and nothing the others wrote since is shown"
        )
    elif years and years[0][0] is not None:
        sentence += ". What the others recorded for earlier years is not shown, and no total here holds it"
    return sentence + "."


def _span(first, after):
    """`the years from 2024/25`, `the years to 2024/25`, `2024/25 to 2025/26`."""
    if first is None and after is None:
        return "every year"
    if after is None:
        return f"the years from {FinancialYear(first).label}"
    if first is None:
        return f"the years to {FinancialYear(after - 1).label}"
    return (
        FinancialYear(first).label
        if after - 1 == first
        else (f"{FinancialYear(first).label} to {FinancialYear(after - 1).label}")
    )
