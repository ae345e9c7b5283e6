"""What the forms of the ledger offer to choose from, each choice with a line of help where its name is not enough."""

from councils.widgets import HintedRadios
from partnerships.models import Membership
from savings.models import Scheme
from savings.models.typed import BenefitClass, Kind, Recurrence, Series

SERIES = {
    Series.BANKED: "It has happened and shows in the ledger",
    Series.FORECAST: "You expect it; it is never added to what is banked",
}
KINDS = {
    Kind.SAVING: "Spending that stopped or shrank because of sharing",
    Kind.ONE_OFF_COST: "Paid once to make sharing happen, such as redundancy or moving systems",
    Kind.RUNNING_COST: "Paid every year because of sharing, such as a partnership manager",
    Kind.INCOME: "Money from others; shown beside savings and never added to them",
}
CLASSES = {
    BenefitClass.CASH_RELEASING: "Money taken out of a budget; only this counts in the headline",
    BenefitClass.NON_CASH_RELEASING: "Time or capacity freed and used for something else",
    BenefitClass.COST_AVOIDANCE: "A cost that would have come and now will not",
    BenefitClass.SERVICE_REDUCTION: "Less is provided",
    BenefitClass.FUNDING_SHIFT: "Somebody else pays instead",
}
RECURRENCES = {
    Recurrence.RECURRING: "Comes back every year, and is recorded again each year with new proof",
    Recurrence.ONE_OFF: "Once only",
    Recurrence.TIME_LIMITED: "Comes back until a date that is known",
}


def hinted(hints, ask):
    """A field's choices in the order of `hints`, each with its line of help; `ask` is said when none is chosen."""
    radios = HintedRadios({"class": "govuk-radios--small"}, hints=hints)
    choices = [(choice.value, choice.label) for choice in hints]
    return {"choices": choices, "widget": radios, "error_messages": {"required": ask}}


def hinted_texts(texts, ask):
    """The same for choices that are no enumeration: `{value: (label, line of help)}`."""
    hints = {value: hint for value, (_, hint) in texts.items()}
    radios = HintedRadios({"class": "govuk-radios--small"}, hints=hints)
    choices = [(value, label) for value, (label, _) in texts.items()]
    return {"choices": choices, "widget": radios, "error_messages": {"required": ask}}


def schemes_of(councils, partnership=""):
    """Schemes of the partnerships in which one of `councils` (ids) is or was a member, by partnership and reference."""
    members = Membership.objects.current().filter(council__in=councils)
    if "\0" in partnership:
        return Scheme.objects.none()  # PostgreSQL takes no such character, and no address has one
    if partnership:
        members = members.filter(partnership__slug=partnership)
    schemes = Scheme.objects.filter(partnership__in=members.values("partnership")).select_related("partnership")
    return schemes.order_by("partnership__name", "reference")


def grouped(schemes):
    """Choices by partnership: `[("North and South Revenues", [(id, "REV-01 One manager"), …]), …]`."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for key, scheme in schemes.items():
        groups.setdefault(scheme.partnership.name, []).append((key, str(scheme)))
    return list(groups.items())
