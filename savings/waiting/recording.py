"""What waits for whoever records: what came back, what lacks proof, what other members ask."""

from django.urls import reverse
from django.utils import timezone

from savings import words
from savings.models.typed import Series
from savings.reporting import needs

from .need import Item, Need, ledger


def for_recorders(councils):
    if not councils:
        return
    back = needs.returned(councils)
    yield Need(
        title="Sent back to be put right",
        text="A finance lead returned these. Attach a document that answers, or reverse the entry and record it anew.",
        url=ledger(councils, standing="returned"), action="See all that were returned",
        number=needs.bounded(back),
        items=[Item(words.spoken(e), e.get_absolute_url(), f"{e.returner}: “{e.why}”") for e in back[: needs.SHOWN]],
    )  # fmt: skip
    cases = list(needs.to_finish(councils)[: needs.MOST])
    yield Need(
        title="Business cases to finish",
        text="Returned to be put right, or drafted and not submitted. Nobody can approve them as they stand.",
        url=reverse("partnerships:list"), action="See the partnerships",
        number=len(cases),
        items=[
            Item(str(case), case.get_absolute_url(), f"{case.returner}: “{case.why}”" if case.why else "a draft")
            for case in cases[: needs.SHOWN]
        ],
    )  # fmt: skip
    yield Need(
        title="Without a document",
        text="Nobody can sign these off until something proves them.",
        url=ledger(councils, series=Series.BANKED, standing="undocumented"), action="Attach what is missing",
        number=needs.bounded(needs.undocumented(councils)),
    )  # fmt: skip
    yield Need(
        title="Disputed",
        text="Another member says the amount is wrong, or quality did not hold. Each is counted and shown as disputed.",
        url=ledger(councils, standing="disputed"), action="See what is disputed",
        number=needs.bounded(needs.disputed(councils)),
    )  # fmt: skip


def for_confirming(councils, today):
    """What other members ask this person's councils."""
    if not councils:
        return
    asked = needs.to_confirm(councils, today)
    yield Need(
        title="Do you agree?",
        text="Members ask whether your council agrees with what they banked.",
        url=f"{reverse('savings:confirmations')}?state=waiting", action="See all that waits",
        number=len(asked),
        items=[
            Item(f"{words.quarter(each.quarter)}, {each.partnership.name}", each.get_absolute_url(),
                 f"for {each.council.short_name}, until {timezone.localtime(each.expires_at):%-d %B %Y}")
            for each in asked[: needs.SHOWN]
        ],
    )  # fmt: skip
