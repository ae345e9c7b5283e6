"""A plan for the cast: Southmere passes to a council that is new and to Westvale, six parts to four."""

import datetime

from councils.models import Council
from savings.actions import reorganisations
from tests.cast import NOW
from tests.factories import acting

VESTING = datetime.date(2026, 10, 1)
ON_THE_DAY = NOW.replace(month=10, day=1)
NEW = {"code": "SWS", "name": "South West Shire", "short_name": "South West Shire", "kind": Council.Kind.UNITARY,
       "nation": "England", "region": "South West"}  # fmt: skip


def a_plan(cast, **changed):
    """What `draft` and `revise` take. `passings` may hold (code, code or the new one's, basis points)."""
    passings = changed.pop("passings", [("STM", "SWS", 6_000), ("STM", "WSV", 4_000)])
    return {
        "name": "South West reorganised",
        "vesting_on": VESTING,
        "councils": [dict(NEW)],
        "passings": [
            {"predecessor": cast.councils[code], "to": cast.councils.get(to, to), "share_bps": share,
             "share_basis": "by agreement"}
            for code, to, share in passings
        ],
        **changed,
    }  # fmt: skip


def drafted(cast, by="ada", at=NOW, **changed):
    with acting(cast.people[by], at) as how:
        return reorganisations.draft(**how, **a_plan(cast, **changed))


def proposed(cast, by="dev", at=NOW, **changed):
    plan = drafted(cast, **changed)
    with acting(cast.people[by], at) as how:
        reorganisations.propose(reorganisation=plan, **how)
    return plan


def enacted(cast, by="ada", at=ON_THE_DAY, proposer="dev", **changed):
    plan = proposed(cast, by=proposer, **changed)
    with acting(cast.people[by], at) as how:
        reorganisations.enact(reorganisation=plan, **how)
    return plan
