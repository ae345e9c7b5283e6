"""The step between claimed and counted: what the duplicate rules leave out, to the penny, and where it opens."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse

from savings import addressing
from savings.reporting.double_claim_list import key, left_out
from savings.reporting.double_claims import REPEAT, TRANSFER, kept


class Bridge(NamedTuple):
    """Pence; what is left out adds up to claimed less counted, through the year of reading."""

    transfers: int
    repeats: int
    disputed: int  # counted, and claimed in two partnerships
    groups: int
    url: str
    entries_url: str

    @property
    def total(self) -> int:
        return self.transfers + self.repeats

    @property
    def any(self) -> bool:
        return bool(self.total or self.disputed)


def bridge(partnerships, *, through: int, council=None, partnership=None) -> Bridge:
    """Of the lines in `partnerships` (ids), and only of `council` when given. One query."""
    rows = [row for row in kept(partnerships, {council.pk} if council else None) if row.year <= through]
    by_rule, disputed = left_out(rows)
    where = {"council": council.slug if council else None, "partnership": partnership.slug if partnership else None}
    query = urlencode({name: value for name, value in where.items() if value})
    return Bridge(
        by_rule.get(TRANSFER, 0), by_rule.get(REPEAT, 0), disputed, len({key(row) for row in rows}),
        f"{reverse('savings:double-claims')}?{query}", addressing.entries(**where, standing="left_out"),
    )  # fmt: skip
