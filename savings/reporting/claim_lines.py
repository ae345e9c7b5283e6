"""Claims kept line by line beside the facts, and looked up by what the duplicate rules compare: at any size, flat."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from partnerships.models import Service
from savings.analysis.lines import at_grade
from savings.analysis.parameters import CURRENT
from savings.models.typed import BenefitClass, Kind, Series

from . import rows
from .lines import ClaimElsewhere, Ledger, LedgerLine

TOLERANCE = {"tolerance_bps": CURRENT.tolerance_bps, "tolerance_pence": CURRENT.tolerance_pence}


class KeptLine(NamedTuple):
    council: int
    scheme: int
    service: str
    line: int | None
    pence: int
    grade: int
    ref: str
    refs: int
    file: str
    files: int


def kept_lines(ledger: Ledger) -> Iterator[dict[str, Any]]:
    """Columns of `ClaimLine` for every claim of the ledger. One query when there are any."""
    claims = [line for line in ledger.lines if line.claim]
    services = dict(Service.objects.values_list("slug", "pk")) if claims else {}
    for line in claims:
        yield {
            "council_id": line.council, "scheme_id": line.scheme, "service_id": services[line.service],
            "line": line.id, "pence": line.amount, "size": abs(line.amount),
            "grade": max((grade for grade, pence in enumerate(line.by_grade) if pence), default=0),
            "ref": line.ref, "refs": line.refs, "file": line.file, "files": line.files,
        }  # fmt: skip


def of_council(partnership: int, year: int, council: int, schemes: list[int]) -> dict[int, KeptLine]:
    """Lines of `council` by scheme, as last counted and with what still waits to be counted."""
    found = rows("own_claims", KeptLine, partnership=partnership, year=year, council=council, schemes=schemes)
    return {each.scheme: each for each in found}


def like(partnership: int, year: int, asked: list[LedgerLine]) -> list[LedgerLine]:
    """Lines that rule 2 may take for one of those `asked` about; those themselves may be among them."""
    found = rows(
        "like_claims", KeptLine, partnership=partnership, year=year, councils=[line.council for line in asked],
        services=[line.service for line in asked], pence=[line.amount for line in asked],
        refs=[line.ref for line in asked], files=[line.file for line in asked], **TOLERANCE,
    )  # fmt: skip
    return [as_line(each) for each in found]


def elsewhere(partnership: int, year: int, council: int, asked: list[LedgerLine]) -> list[ClaimElsewhere]:
    """Claims of `council` in other partnerships, as last counted, near those `asked` about (rule 3)."""
    return rows(
        "like_claims_elsewhere", ClaimElsewhere, partnership=partnership, year=year, council=council,
        lines=[line.id for line in asked], services=[line.service for line in asked],
        schemes=[line.scheme for line in asked], pence=[line.amount for line in asked],
    )  # fmt: skip


def as_line(kept: KeptLine) -> LedgerLine:
    cash = (Series.BANKED, kept.council, kept.scheme, kept.service, Kind.SAVING, BenefitClass.CASH_RELEASING)
    proof = (kept.ref, kept.refs, kept.file, kept.files)
    return LedgerLine(kept.line, *cash, *at_grade(kept.pence, kept.grade), 0, 0, *proof, 1, 1)
