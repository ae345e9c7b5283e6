"""How a return is spoken of: where it stands, what comes next, and who may do it."""

from typing import NamedTuple

from savings.models import Return
from savings.reporting.quarters import OPEN, MemberQuarter

Step = Return.Step

STATES = {
    OPEN: "Open",
    Step.SUBMITTED: "Submitted",
    Step.SIGNED_OFF: "Signed off",
    Step.CLOSED: "Closed",
    Step.REOPENED: "Reopened",
}
COLOURS = {  # of the tag; its words say the same
    OPEN: "govuk-tag--grey",
    Step.SUBMITTED: "govuk-tag--yellow",
    Step.SIGNED_OFF: "govuk-tag--turquoise",
    Step.CLOSED: "govuk-tag--green",
    Step.REOPENED: "govuk-tag--orange",
}
DID = {
    Step.SUBMITTED: "submitted it",
    Step.SIGNED_OFF: "signed it off",
    Step.CLOSED: "closed it",
    Step.REOPENED: "reopened it",
}


class Next(NamedTuple):
    """The next step and who may take it."""

    what: str
    who: str


def next_step(one: MemberQuarter) -> Next:
    """`Sign it off`, by `a finance lead of Northford other than Asha Rao`."""
    council = one.council.short_name
    if one.last is None or one.state == Step.REOPENED:
        if not one.ended:
            return Next(
                f"Submit it after {one.quarter.months_label} has ended", f"an officer or finance lead of {council}"
            )
        return Next("Submit it", f"an officer or finance lead of {council}")
    if one.state == Step.SUBMITTED:
        return Next("Sign it off", f"a finance lead of {council} other than {one.last.stepped_by.name}")
    if one.state == Step.SIGNED_OFF:
        return Next("Close it", f"a finance lead of {council}")
    return Next("Nothing", f"a finance lead of {council} other than {one.last.stepped_by.name} could reopen it")


class Row(NamedTuple):
    """A return as a list prints it."""

    one: MemberQuarter
    state: str
    colour: str
    next: Next


def row(one: MemberQuarter) -> Row:
    return Row(one, STATES[one.state], COLOURS[one.state], next_step(one))
