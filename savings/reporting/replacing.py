"""Which version of a promise is in force for a council, and what another version does to it when it is approved."""

from typing import NamedTuple

from councils.models import Council
from partnerships.models import Approval, BusinessCase

from .promised import promise


class Replacing(NamedTuple):
    """What approving a case for `council` changes. Nets are signed pence to the horizon of each version."""

    council: Council
    before: BusinessCase | None  # in force for it now; None: nothing is promised to it yet
    net_before: int
    net: int
    takes_force: bool  # False when a later version is approved already, which goes on being in force


def in_force(partnership):
    """The version in force by council id: the highest that its finance lead has approved. One query."""
    approvals = Approval.objects.filter(partnership=partnership).select_related("case").order_by("case__version")
    return {approval.council_id: approval.case for approval in approvals}


def replacing(case, found, councils, forces):
    """One `Replacing` for each of `councils`; `found` is the `Promise` of `case`, `forces` comes from `in_force`.

    Two queries for each other version that is in force for one of them.
    """
    befores = {before.pk: before for council in councils if (before := forces.get(council.pk))}
    promises = {pk: _promise_of(before) for pk, before in befores.items()}
    return [_one(case, found, council, forces.get(council.pk), promises) for council in councils]


def _one(case, found, council, before, promises):
    return Replacing(
        council=council,
        before=before,
        net_before=promises[before.pk].of(council=council).net if before else 0,
        net=found.of(council=council).net,
        takes_force=before is None or before.version < case.version,
    )


def _promise_of(case):
    return promise(case.lines.select_related("council"), case.charges.select_related("payer", "receiver"))
