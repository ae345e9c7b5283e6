"""What waits for a finance lead: what only a second person can do."""

from django.urls import reverse
from django.utils import timezone

from savings.reporting import needs
from savings.reporting.awaiting import signable
from savings.reporting.double_claim_list import to_settle

from .need import Item, Need


def for_leads(councils, person, today):
    if not councils:
        return
    yield Need(
        title="To sign off",
        text="Recorded by others for your council and documented; not proven until you have seen the documents.",
        url=reverse("savings:sign-off-queue"), action="Open the queue",
        number=needs.bounded(signable(person, councils)),
    )  # fmt: skip
    yield Need(
        title="Double claims to settle",
        text="These look like one saving claimed twice or like charges received. They are left out or disputed.",
        url=reverse("savings:double-claims"), action="See which one counts",
        number=to_settle(councils),
    )  # fmt: skip
    offers = needs.to_join(councils)
    yield Need(
        title="Offers of membership",
        text="Your council is asked to join a partnership. It is no member until you accept.",
        url=offers[0].get_absolute_url() if offers else "", action="Read the first",
        number=len(offers),
        items=[
            Item(f"{each.offering.short_name} asks {each.council.short_name}", each.get_absolute_url(),
                 f"on {timezone.localtime(each.offered_at):%-d %B %Y}")
            for each in offers[: needs.SHOWN]
        ],
    )  # fmt: skip
    changes = needs.to_agree(councils, today)
    yield Need(
        title="Changes to agree to",
        text="Another member proposes to change what was agreed. Nothing changes until your council has answered.",
        url=changes[0].get_absolute_url() if changes else "", action="Read the first",
        number=len(changes),
        items=[Item(str(each), each.get_absolute_url(), each.partnership.name) for each in changes[: needs.SHOWN]],
    )  # fmt: skip
    leavers = needs.leaving_soon(councils, today)
    yield Need(
        title="Members that leave",
        text="Another member has given notice. Restate the promise without it, and say what its going costs you.",
        url=reverse("partnerships:leave", args=[leavers[0].partnership.slug]) if leavers else "",
        action="See the first",
        number=len(leavers),
        items=[
            Item(f"{each.council.short_name} leaves on {each.leaves_on:%-d %B %Y}",
                 reverse("partnerships:leave", args=[each.partnership.slug]), each.partnership.name)
            for each in leavers[: needs.SHOWN]
        ],
    )  # fmt: skip
    cases = needs.to_approve(councils, person, today)
    yield Need(
        title="Business cases to approve",
        text="Approving one posts its promise for your council, and then it is frozen.",
        url=cases[0].case.get_absolute_url() if cases else "", action="Read the first",
        number=len(cases),
        items=[
            Item(str(case), case.get_absolute_url(), f"{case.partnership.name}, for {council.short_name}")
            for case, council in cases[: needs.SHOWN]
        ],
    )  # fmt: skip
    quality = needs.quality_to_decide(councils)
    yield Need(
        title="Quality to decide",
        text="A reading is worse than tolerated, so these savings are shown as disputed until a finance lead decides.",
        url=_decide(*quality[0]) if quality else "", action="Decide the first",
        number=len(quality),
        items=[
            Item(str(scheme), _decide(reading, scheme), f"{reading.indicator.name}, {reading.council.short_name}")
            for reading, scheme in quality[: needs.SHOWN]
        ],
    )  # fmt: skip


def _decide(reading, scheme):
    return reverse("savings:quality-decide", args=[scheme.public_id, reading.public_id])
