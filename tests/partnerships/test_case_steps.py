"""A business case goes draft, submitted, approved, by two people: through the actions, and round them in SQL."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, ProgrammingError

from councils.acts import act
from councils.models import Role
from councils.refusals import Refused
from partnerships import actions as arrangement
from partnerships import case_steps
from partnerships.drafting import take
from partnerships.models import Approval, CaseStep, Volume
from savings.actions import promise
from savings.models import Charge, Entry
from savings.models.typed import BenefitClass, Kind, Recurrence
from tests.adversary.test_one_person import give
from tests.cast import NOW
from tests.database import as_role
from tests.factories import acting

Step = CaseStep.Step


def a_case(cast, *, by="asha", pence=100_00, **fields):
    """A case of one saving for each of the two members, submitted unless told otherwise."""
    lines = [
        {
            "council": cast.councils[code], "scheme_reference": "REV-01", "year": 2026, "kind": Kind.SAVING,
            "benefit_class": BenefitClass.CASH_RELEASING, "recurrence": Recurrence.RECURRING, "amount_pence": pence,
        }
        for code in ("NFD", "STM")
    ]  # fmt: skip
    with acting(cast.people[by]) as how:
        return arrangement.draft(
            partnership=cast.partnership, **{"title": "Promise", "horizon_year": 2030, "lines": lines, **fields}, **how
        )


def approve(cast, case, by="ben", code="NFD"):
    with acting(cast.people[by]) as how:
        return promise.approve(case=case, council=cast.councils[code], **how)


def step(cast, name, case, by, **fields):
    with acting(cast.people[by]) as how:
        return getattr(case_steps, name)(case=case, **how, **fields)


def test_a_draft_is_not_approved_until_it_is_submitted(cast):
    case = a_case(cast, submit=False)
    with pytest.raises(Refused, match="Only a submitted version is approved. This one is a draft."):
        approve(cast, case)
    step(cast, "submit", case, "asha")
    approve(cast, case)
    with pytest.raises(Refused, match="already submitted"):
        step(cast, "submit", case, "asha")


def test_a_returned_one_is_submitted_again_with_an_answer(cast):
    case = a_case(cast)
    with pytest.raises(Refused, match="Say what has to be put right"):
        step(cast, "send_back", case, "ben", council=cast.councils["NFD"], reason=" ")
    step(cast, "send_back", case, "dev", council=cast.councils["STM"], reason="ICT is missing")
    with pytest.raises(Refused, match="This one is returned"):
        approve(cast, case)
    with pytest.raises(Refused, match="what you answer"):
        step(cast, "submit", case, "asha")
    step(cast, "submit", case, "asha", reason="It comes with version 2")
    approve(cast, case)
    with pytest.raises(Refused, match="has already approved"):
        step(cast, "send_back", case, "ben", council=cast.councils["NFD"], reason="Late")


def test_a_draft_is_withdrawn_with_a_reason_and_never_comes_back(cast):
    case = a_case(cast)
    with pytest.raises(Refused, match="Say why it is withdrawn"):
        step(cast, "withdraw", case, "asha", reason="")
    step(cast, "withdraw", case, "ben", reason="Members went another way")  # a colleague of the drafter
    for name, fields in (("submit", {}), ("withdraw", {"reason": "Again"})):
        with pytest.raises(Refused, match="was withdrawn"):
            step(cast, name, case, "asha", **fields)
    with pytest.raises(Refused, match="This one is withdrawn"):
        approve(cast, case)


def test_an_approved_one_is_neither_withdrawn_nor_superseded(cast):
    case = a_case(cast)
    approve(cast, case)
    with pytest.raises(Refused, match="stands"):
        step(cast, "withdraw", case, "asha", reason="Too late")
    a_case(cast, restated_for="scope")  # needs no reason to supersede, because it supersedes nothing
    with acting(cast.people["asha"]):
        assert case_steps.state_of(case) == Step.SUBMITTED


def test_a_later_draft_of_the_same_council_takes_its_place_with_a_reason(cast):
    first = a_case(cast)
    with pytest.raises(Refused, match="Say why this takes the place of version 1"):
        a_case(cast, restated_for="scope")
    second = a_case(cast, restated_for="scope", supersedes="ICT was forgotten")
    with acting(cast.people["asha"]):
        held = first.steps.get(step=Step.SUPERSEDED)
        assert (held.reason, held.later) == ("ICT was forgotten", second)
    with pytest.raises(Refused, match="This one is superseded"):
        approve(cast, first)


def test_another_councils_draft_does_not_push_it_aside(cast):
    first = a_case(cast)
    a_case(cast, by="omar", restated_for="scope")
    approve(cast, first)


def test_somebody_of_two_members_supersedes_for_the_council_that_drafted(cast):
    """Asha records for Southmere as well; Northford, her first council, did not draft version 1."""
    give(cast.people["asha"], cast.councils["STM"], Role.What.FINANCE_OFFICER)
    first = a_case(cast, by="omar")
    a_case(cast, restated_for="scope", supersedes="ICT was forgotten")
    with acting(cast.people["asha"]):
        assert first.steps.get(step=Step.SUPERSEDED).council == cast.councils["STM"]


def test_who_may_not(cast):
    case = a_case(cast, submit=False)
    for name, fields in (("submit", {}), ("withdraw", {"reason": "Ours"})):
        with pytest.raises(Refused, match="council that drafted it"):
            step(cast, name, case, "omar", **fields)
    step(cast, "submit", case, "asha")
    with pytest.raises(Refused, match="A finance lead of Northford Council returns it"):
        step(cast, "send_back", case, "dev", council=cast.councils["NFD"], reason="Not mine")


def test_the_drafter_does_not_return_it(cast):
    case = a_case(cast, by="ben")
    with pytest.raises(Refused, match="You cannot return a business case that you drafted"):
        step(cast, "send_back", case, "ben", council=cast.councils["NFD"], reason="Hm")


def test_an_older_version_is_not_approved_after_a_later_one(cast):
    first = a_case(cast)
    second = a_case(cast, by="omar", restated_for="price")
    approve(cast, second)
    with pytest.raises(Refused, match="already approved a later version"):
        approve(cast, first)


def written(cast, case, name, code, by, at=NOW, **fields):
    """One step written round the actions, by `by` in their own scope."""
    with acting(cast.people[by]) as how, transaction.atomic(), act(**how, verb="forged") as this:
        return take(this, case=case, council=cast.councils[code], step=Step(name), by=how["by"], at=at, **fields)


FORGED = {
    "returned before it is submitted": (False, ("returned", "STM", "dev"), "goes from draft to submitted"),
    "submitted twice": (True, ("submitted", "NFD", "asha"), "goes from draft to submitted"),
    "submitted by another council": (False, ("submitted", "STM", "omar"), "council that drafted it"),
    "withdrawn by another council": (True, ("withdrawn", "STM", "omar"), "council that drafted it"),
    "withdrawn in another's name": (True, ("withdrawn", "NFD", "omar"), "row-level security"),
    "returned by an officer": (True, ("returned", "STM", "omar"), "row-level security"),
    "withdrawn without a reason": (True, ("withdrawn", "NFD", "asha", ""), "partnerships_casestep_reason"),
}


@pytest.mark.parametrize("case", FORGED.values(), ids=FORGED.keys())
def test_the_database_refuses_a_step_out_of_order_or_in_others_names(cast, case):
    submitted, (name, code, by, *reason), words = case
    held = a_case(cast, submit=submitted)
    with pytest.raises((DatabaseError, ProgrammingError), match=words):
        written(cast, held, name, code, by, reason=reason[0] if reason else "Forged")


def test_the_database_refuses_the_drafters_own_return_and_an_approval_of_what_was_returned(cast):
    case = a_case(cast, by="ben")
    with pytest.raises(DatabaseError, match="partnerships_casestep_two_people"):
        written(cast, case, "returned", "NFD", "ben", reason="Hm")
    written(cast, case, "returned", "STM", "dev", reason="Wrong")
    with acting(cast.people["dev"]) as how, pytest.raises(DatabaseError, match="only a submitted business case"):
        with transaction.atomic(), act(**how, verb="forged") as this:
            Approval.objects.create(
                act=this, case=case, partnership=cast.partnership, council=cast.councils["STM"],
                drafted_by=cast.people["ben"], approved_by=cast.people["dev"], approved_at=NOW,
            )  # fmt: skip


def test_the_database_refuses_an_older_version_after_a_later_one_and_a_withdrawal_after_an_approval(cast):
    first, second = a_case(cast), a_case(cast, by="omar", restated_for="price")
    approve(cast, second)
    with pytest.raises(DatabaseError, match="an approved business case stands"):
        written(cast, second, "withdrawn", "STM", "omar", reason="Late")
    with acting(cast.people["ben"]) as how, pytest.raises(DatabaseError, match="a later version is already approved"):
        with transaction.atomic(), act(**how, verb="forged") as this:
            Approval.objects.create(
                act=this, case=first, partnership=cast.partnership, council=cast.councils["NFD"],
                drafted_by=cast.people["asha"], approved_by=cast.people["ben"], approved_at=NOW,
            )  # fmt: skip


@pytest.mark.parametrize("role", ["app", "worker", "owner"])
def test_a_step_is_never_changed(cast, role):
    a_case(cast)
    with as_role(role), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE partnerships_casestep SET step = 'withdrawn'")


def test_approval_posts_each_planned_line_to_the_penny(cast):
    """Compared in SQL, both ways round, for both members: lines against entries and charges against charges."""
    charges = [{"payer": cast.councils["STM"], "receiver": cast.councils["NFD"], "year": 2027, "amount_pence": 12_345}]
    case = a_case(cast, pence=99_999_99, charges=charges)
    for by, code in (("ben", "NFD"), ("dev", "STM")):
        approve(cast, case, by, code)
    entry = "council_id, kind, benefit_class, recurrence, year, month, amount_pence"
    charge = "payer_id, receiver_id, year, amount_pence"
    with as_role("worker"), connection.cursor() as cursor:
        for columns, planned, posted in (
            (entry, "partnerships_plannedline", "savings_entry"),
            (charge, "partnerships_plannedcharge", "savings_charge"),
        ):
            of_case = (
                f"SELECT {columns} FROM {planned} WHERE case_id = %s",
                f"SELECT {columns} FROM {posted} WHERE business_case_id = %s AND series = 'projected'",
            )
            for one, other in (of_case, of_case[::-1]):
                cursor.execute(f"{one} EXCEPT ALL {other}", [case.pk, case.pk])
                assert cursor.fetchall() == []
        assert (Entry.objects.count(), Charge.objects.count()) == (2, 1)


def test_volumes_are_recorded_by_their_council_and_the_latest_holds(cast):
    said = {"year": 2026, "unit": "accounts", "source": "CTB1"}
    plain = a_case(cast)
    with pytest.raises(Refused, match="names no driver"):
        step(cast, "record_volume", plain, "asha", council=cast.councils["NFD"], quantity=1, **said)
    base = [{"council": cast.councils["STM"], "year": 2020, "quantity": 100, "unit": "accounts", "source": "CTB1"}]
    case = a_case(
        cast, volume_driver="Accounts", elasticity_bps=5_000, volumes=base, restated_for="volume", supersedes="A driver"
    )
    with pytest.raises(Refused, match="of Southmere Council records its volumes"):
        step(cast, "record_volume", case, "asha", council=cast.councils["STM"], quantity=1, **said)
    for quantity in (120, 121):
        step(cast, "record_volume", case, "omar", council=cast.councils["STM"], quantity=quantity, **said)
    with pytest.raises(Refused, match="already counted in another unit"):
        step(cast, "record_volume", case, "omar", council=cast.councils["STM"], quantity=1, **said | {"unit": "homes"})
    with acting(cast.people["gwen"]):
        assert [int(row.quantity) for row in Volume.objects.order_by("pk")] == [100, 120, 121]
    with acting(cast.people["cleo"]):
        assert not Volume.objects.exists()


def test_the_database_refuses_anothers_volume_without_its_draft(cast):
    base = [{"council": cast.councils["NFD"], "year": 2020, "quantity": 100, "unit": "accounts", "source": "CTB1"}]
    case = a_case(cast, volume_driver="Accounts", elasticity_bps=5_000, volumes=base)
    row = {**base[0], "council": cast.councils["STM"], "driver": "Accounts", "recorded_by": cast.people["asha"],
           "partnership": cast.partnership, "recorded_at": NOW}  # fmt: skip
    for fields, words in (({}, "row-level security"), ({"case": case}, "comes with the draft of its own")):
        with acting(cast.people["asha"]) as how, pytest.raises(DatabaseError, match=words):
            with transaction.atomic(), act(**how, verb="forged") as this:
                Volume.objects.create(act=this, **row, **fields)
