"""Who holds which role, for those who write to them."""

import datetime
from collections import defaultdict

from .models import Role
from .succession import ancestry, line


def holders(today: datetime.date) -> dict[tuple[int, str], set[int]]:
    """Ids of people by (council id, role) in force; of a council that passed on, its successors’ (DESIGN 10.20)."""
    found: dict[tuple[int, str], set[int]] = defaultdict(set)
    through = line(on=today)
    for person, council, what in Role.objects.in_force(today).values_list("person_id", "council_id", "what"):
        if council not in through:
            for each in ancestry({council}, through):
                found[each, what].add(person)
    return found
