"""Charges on which payer and receiver differ: what closing a quarter asks for, and what the pages say of it."""

import datetime
from typing import NamedTuple

from django.db import connection

from councils.models import Council
from councils.money import pounds


class Differing(NamedTuple):
    """What the payer says it paid to the receiver, and what the receiver says it received; pence net of reversals."""

    payer: Council
    receiver: Council
    payer_says: int
    receiver_says: int

    @property
    def pence(self) -> int:
        """What the receiver says more than the payer."""
        return self.receiver_says - self.payer_says

    def __str__(self) -> str:
        payer, receiver = self.payer.short_name, self.receiver.short_name
        if not self.receiver_says:
            return f"{payer} says it paid {receiver} {pounds(self.payer_says)}, {receiver} has reported nothing"
        if not self.payer_says:
            return (
                f"{receiver} says it received {pounds(self.receiver_says)} from {payer}, {payer} has reported nothing"
            )
        return (
            f"{payer} says it paid {receiver} {pounds(self.payer_says)}, "
            f"{receiver} says it received {pounds(self.receiver_says)}"
        )


def differing(*, partnership: int, council: int, quarter: datetime.date) -> list[Differing]:
    """Those that closing the quarter (its first day) of a member would have to explain. At most two queries.

    The months of the quarter are compared, and in the fourth quarter the whole year. PostgreSQL asks the same function
    again when the quarter is closed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM quarter_charge_differences(%s, %s, %s)", [partnership, council, quarter])
        found = cursor.fetchall()
    councils = Council.objects.in_bulk({side for row in found for side in row[:2]}) if found else {}
    return [Differing(councils[payer], councils[receiver], *says) for payer, receiver, *says in found]


def differing_in(council: int, which) -> set[tuple[int, datetime.date]]:
    """Of `which` (partnership id, first day of a quarter) pairs those that `differing` says something of. One query."""
    if not which:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT w.partnership, w.quarter "
            "FROM unnest(%s::bigint[], %s::date[]) AS w (partnership, quarter) "
            "CROSS JOIN LATERAL quarter_charge_differences(w.partnership, %s, w.quarter)",
            [[pair for pair, _ in which], [quarter for _, quarter in which], council],
        )
        return set(cursor.fetchall())
