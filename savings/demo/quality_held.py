"""What came of schemes and of readings worse than tolerated: statuses with a score, and a lead's word on quality.

One scheme of Three Towns is given up in its last year, and reserves replace it. Its service desk settles fewer of
Northford's calls than tolerated from year 2; each time Northford's finance lead accepts it with a reason, so that no
claim stays disputed. Nothing here moves an amount.
"""

from datetime import timedelta

from savings.actions import quality, schemes
from savings.models import Dispute, SchemeStatus

from . import three_towns
from .councils import NORTHFORD
from .deeds import Deed
from .people import LEAD

Status = SchemeStatus.Status
SCORES = {"delivering": (4, "On time when it was last looked at.")}
ACCEPTED = (
    "Calls are settled later, not worse: the desk now passes more to specialists. Reported to the audit committee."
)


def follow_ups(arrangement, dates):
    """Approved with the business case and under way from the start; one is given up."""
    host = (LEAD, arrangement.host)
    founded = dates.day(*arrangement.founded)
    yield Deed(founded + timedelta(days=110), host, _stand(arrangement, Status.APPROVED, "Approved with the promise."))
    begins = dates.day(*arrangement.starts) + timedelta(days=40)
    yield Deed(begins, host, _stand(arrangement, Status.DELIVERING, "Under way since the partnership started."))
    if arrangement.slug == three_towns.SLUG:
        yield Deed(dates.day(4, 12, 15), host, _give_up(arrangement))


def decisions(arrangement, dates):
    """Northford's lead decides a fortnight after each bad reading, which comes 28 days after the year."""
    for index in range(1, 5):
        if any(index in one.readings.get(NORTHFORD, {}) for one in arrangement.indicators):
            decided = dates.after(index, 12, 28) + timedelta(days=1)
            yield Deed(decided, (LEAD, NORTHFORD), _accept(arrangement))


def _stand(arrangement, status, reason):
    def stand(world, by, at):
        for one in arrangement.schemes:
            score, why = SCORES.get(status, (None, ""))
            schemes.stand(
                scheme=world.schemes[arrangement.slug, one.reference], status=status, by=by, at=at, reason=reason,
                delivery_score=score, score_reason=why,
            )  # fmt: skip

    return stand


def _give_up(arrangement):
    def give_up(world, by, at):
        schemes.stand(
            scheme=world.schemes[arrangement.slug, "IT-01"], status=Status.UNDELIVERABLE, by=by, at=at,
            reason="The second data centre was never moved, and the partnership ends.",
            replaced_with="General reserves, and each council's own contract from next year",
            delivery_score=1, score_reason="Nothing is left to move.",
        )  # fmt: skip

    return give_up


def _accept(arrangement):
    def accept(world, by, at):
        waiting = Dispute.objects.filter(
            reading__isnull=False, partnership=world.partnerships[arrangement.slug], ended__isnull=True,
            council=world.councils[NORTHFORD],
        ).select_related("reading", "entry__scheme")  # fmt: skip
        for reading, scheme in dict.fromkeys((dispute.reading, dispute.entry.scheme) for dispute in waiting):
            quality.decide(reading=reading, scheme=scheme, outcome="dismissed", reason=ACCEPTED, by=by, at=at)

    return accept
