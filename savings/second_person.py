"""Who other than the person who took the last step of a return may take the next, and the way out when nobody may."""

from councils.models import Role
from savings.models import Cover, Return

Step = Return.Step


def other_leads(council, person_id, on):
    """People who are a finance lead of `council` on the day and do not stand in for `person_id`, by name. Two queries.

    PostgreSQL asks the same: nobody takes the second step after themselves, nor after whom they stand in for.
    """
    stands_in = Cover.objects.on(on).filter(council=council, covered=person_id, what=Role.What.FINANCE_LEAD)
    roles = Role.objects.in_force(on).filter(council=council, what=Role.What.FINANCE_LEAD)
    roles = roles.exclude(person=person_id).exclude(person__in=set(stands_in.values_list("deputy", flat=True)))
    return sorted({role.person.name for role in roles.select_related("person")})


def way_out(one, on):
    """In a sentence or three who must do what, when nobody is left who may take the next step of `one`; else empty."""
    if one.state not in (Step.CLOSED, Step.SUBMITTED) or other_leads(one.council, one.last.stepped_by_id, on):
        return ""
    name, council = one.last.stepped_by.name, one.council.short_name
    appoint = (
        f"An administrator has to appoint a second finance lead of {council}; a deputy who stands in for {name} "
        "is not a second person."
    )
    if one.state == Step.CLOSED:
        return (
            f"{name} closed this quarter and {council} has no other finance lead, so nobody can reopen it today. "
            f"{appoint} Until then it stays closed, and what was missed is recorded now, as an adjustment."
        )
    return (
        f"{name} submitted this return and {council} has no other finance lead, so nobody can sign it off today. "
        f"{appoint} Or {name} reopens it and an officer of {council} submits it anew."
    )
