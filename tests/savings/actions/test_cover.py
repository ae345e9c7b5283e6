"""Cover for absence: lent until a day, by whoever holds it, to act in one's own name and never for one's own."""

import datetime

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from councils.acts import act
from councils.models import Person, Role
from councils.refusals import Refused
from councils.rights import rights_of
from councils.years import FinancialYear, Quarter
from savings.actions import confirmations, cover, decision, returns
from savings.models import Cover, Distinction, Return
from savings.models.confirmation import Without
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_file, acting, an_entry
from tests.savings.confirming import ask
from tests.savings.reporting.ledger import roll_up, southmere_claims
from tests.savings.reporting.test_double_claims import claimed_in_both, told_apart

TODAY = NOW.date()
A_WEEK = datetime.timedelta(days=7)
LEAD, OFFICER = Role.What.FINANCE_LEAD, Role.What.FINANCE_OFFICER


def name(cast, *, by="ben", covered="ben", deputy="asha", what=LEAD, at=NOW, **fields):
    with acting(cast.people[by], at) as how:
        return cover.name_deputy(
            council=cast.councils["NFD"], covered=cast.people[covered], deputy=cast.people[deputy], what=what,
            **{"starts_on": TODAY, "until": TODAY + A_WEEK, "reason": "Annual leave", **how, **fields},
        )  # fmt: skip


def leads(cast, who, on):
    with as_role("worker"):
        return rights_of(cast.people[who].pk, on=on).may_sign_off(cast.councils["NFD"].pk)


def an_unsigned(cast, by, **fields):
    return an_entry(cast, by=by, files=[a_file()], ledger_code="R1", reduction_pence=9_000_00, **fields)


def test_a_deputy_has_the_duties_until_the_last_day_and_then_not(cast):
    assert not leads(cast, "gwen", TODAY)
    name(cast, deputy="gwen")
    assert leads(cast, "gwen", TODAY + A_WEEK)
    assert not leads(cast, "gwen", TODAY + A_WEEK + datetime.timedelta(days=1))


def test_a_deputy_signs_off_in_their_own_name(cast):
    entry = an_unsigned(cast, "asha")
    name(cast, deputy="gwen")
    with acting(cast.people["gwen"]) as how:
        assert decision.sign_off(entry=entry, **how).decided_by == cast.people["gwen"]


def test_a_deputy_does_not_sign_off_what_they_recorded(cast):
    entry = an_unsigned(cast, "asha")
    name(cast)
    with pytest.raises(Refused, match="recorded yourself"), acting(cast.people["asha"]) as how:
        decision.sign_off(entry=entry, **how)


def test_a_deputy_does_not_sign_off_what_the_absent_recorded(cast):
    entry = an_unsigned(cast, "ben")
    name(cast)
    with pytest.raises(Refused, match="stand in for the person who recorded"), acting(cast.people["asha"]) as how:
        decision.sign_off(entry=entry, **how)


def test_nor_the_return_that_the_absent_submitted(cast):
    quarter = {"partnership": cast.partnership, "council": cast.councils["NFD"],
               "quarter": Quarter(FinancialYear(2025), 1)}  # fmt: skip
    with acting(cast.people["ben"]) as how:
        returns.step(step=Return.Step.SUBMITTED, nil_savings=True, nil_costs=True, **quarter, **how)
    name(cast)
    with pytest.raises(Refused, match="stand in for the person"), acting(cast.people["asha"]) as how:
        returns.step(step=Return.Step.SIGNED_OFF, **quarter, **how)


def test_a_deputy_names_no_deputy(cast):
    """The loop: Ben to Asha, Asha to Gwen, and Gwen signs off what Ben or Asha recorded."""
    name(cast)
    for covered in ("asha", "ben"):
        with pytest.raises(Refused, match="own right|names none"):
            name(cast, by="asha", covered=covered, deputy="gwen")


def test_an_officer_lends_their_own_role_and_no_other(cast):
    name(cast, by="asha", covered="asha", deputy="gwen", what=OFFICER)
    with as_role("worker"):
        assert rights_of(cast.people["gwen"].pk, on=TODAY).may_record(cast.councils["NFD"].pk)
    with pytest.raises(Refused, match="Only a finance lead"):
        name(cast, by="asha", covered="ben", deputy="gwen")


def test_a_lead_names_a_deputy_for_somebody_who_is_ill(cast):
    assert name(cast, covered="asha", deputy="erin", what=OFFICER).covered == cast.people["asha"]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"deputy": "ben"}, "themselves"),
        ({"deputy": "farah"}, "auditor"),
        ({"deputy": "dev"}, "same council"),
        ({"deputy": "cleo"}, "same council"),
        ({"covered": "asha"}, "does not hold"),
        ({"what": Role.What.AUDITOR}, "does not hold"),
        ({"starts_on": TODAY - A_WEEK}, "today or later"),
        ({"until": TODAY - A_WEEK}, "before the first"),
        ({"until": TODAY + 60 * A_WEEK}, "a year at most"),
        ({"reason": " "}, "Say why"),
        ({"by": "dev"}, "Only a finance lead"),
        ({"by": "gwen"}, "Only a finance lead"),
    ],
)
def test_what_is_refused_writes_nothing(cast, given, why):
    with pytest.raises(Refused, match=why):
        name(cast, **given)
    with as_role("worker"):
        assert not Cover.objects.exists()


def test_cover_is_ended_early_by_the_covered_with_a_reason(cast):
    made = name(cast, deputy="gwen")
    with pytest.raises(Refused, match="ends it"), acting(cast.people["gwen"]) as how:
        cover.end_cover(cover=made, reason="x", **how)
    with pytest.raises(Refused, match="Say why"), acting(cast.people["ben"]) as how:
        cover.end_cover(cover=made, reason=" ", **how)
    with acting(cast.people["ben"]) as how:
        cover.end_cover(cover=made, reason="Back early", **how)
    assert not leads(cast, "gwen", TODAY)
    with pytest.raises(Refused, match="already ended"), acting(cast.people["ben"]) as how:
        cover.end_cover(cover=made, reason="Again", **how)


def raw_role(cast, who, to, **fields):
    with acting(cast.people[who]) as how, act(verb="x", **how) as this:
        Role.objects.create(act=this, person=cast.people[to], council=cast.councils["NFD"], what=LEAD,
                            starts_on=TODAY, **fields)  # fmt: skip


def test_round_the_actions_a_deputy_gives_no_role(cast):
    """`role_given_check` taken away, this row is written: the wall only asks whether somebody leads."""
    name(cast)
    with pytest.raises(IntegrityError, match="passes nothing on"), transaction.atomic():
        raw_role(cast, "asha", "gwen")


def test_round_the_actions_a_lead_gives_no_role_to_somebody_who_was_not_asked(cast):
    """A role begins by an invitation that is accepted; the control takes the trigger away."""
    with pytest.raises(IntegrityError, match="begins by an invitation"), transaction.atomic():
        raw_role(cast, "ben", "gwen")
        now("role_comes_by_invitation")
    with as_role("owner"), connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER role_comes_by_invitation ON councils_role")
    raw_role(cast, "ben", "gwen")


def now(constraint):
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {constraint} IMMEDIATE")


def test_round_the_actions_an_officer_gives_no_role_without_cover(cast):
    with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
        raw_role(cast, "asha", "gwen", ends_on=TODAY + A_WEEK)
    with (
        pytest.raises(IntegrityError, match="passes nothing on"),
        transaction.atomic(),
        acting(cast.people["asha"]) as how,
        act(verb="x", **how) as this,
    ):
        Role.objects.create(act=this, person=cast.people["gwen"], council=cast.councils["NFD"], what=OFFICER,
                            starts_on=TODAY, ends_on=TODAY + A_WEEK)  # fmt: skip


@pytest.mark.parametrize(
    ("by", "covered", "deputy", "why"),
    [("asha", "ben", "gwen", "named by"), ("ben", "ben", "farah", "not its auditor"),
     ("ben", "ben", "dev", "same council"),
     ("ben", "asha", "gwen", "own right"), ("ben", "ben", "ben", "savings_cover_two_people|own right")],
)  # fmt: skip
def test_round_the_actions_no_such_cover(cast, by, covered, deputy, why):
    people = cast.people
    with (
        pytest.raises(IntegrityError, match=why), transaction.atomic(), acting(people[by]) as how,
        act(verb="x", **how) as this,
    ):  # fmt: skip
        Cover.objects.create(
            act=this, council=cast.councils["NFD"], covered=people[covered], deputy=people[deputy], what=LEAD,
            starts_on=TODAY, ends_on=TODAY + A_WEEK, reason="x", named_by=people[by],
        )  # fmt: skip


def test_nor_finds_distinct_what_the_absent_recorded(cast):
    one, other = an_entry(cast, by="ben", amount_pence=90_000_00), southmere_claims(cast, amount_pence=90_500_00)
    roll_up()
    name(cast, deputy="gwen")
    with (
        pytest.raises(IntegrityError, match="stand in for the person who recorded"), transaction.atomic(),
        acting(cast.people["gwen"]) as how, act(verb="x", **how) as this,
    ):  # fmt: skip
        Distinction.objects.create(
            act=this, partnership=cast.partnership, year=2025, council=one.council, scheme=one.scheme,
            other_council=other.council, other_scheme=other.scheme, reason="x", decided_by=cast.people["gwen"],
            decided_at=NOW,
        )  # fmt: skip


def test_nor_across_partnerships(cast):
    there, *_ = claimed_in_both(cast)
    roll_up()
    name(cast, deputy="gwen")
    name(cast, covered="asha", deputy="gwen", what=OFFICER)
    with pytest.raises(Refused, match="stand in for the person who recorded"):
        told_apart(cast, there, by="gwen")
    assert told_apart(cast, there, by="ben")


def appoint(cast, who, council, what=LEAD):
    with as_role("worker"):
        system = Person.objects.get(system=True)
        with act(by=system, at=NOW, verb="appointed", subject="a role of a test") as this:
            Role.objects.create(act=this, person=cast.people[who], council=cast.councils[council], what=what,
                                starts_on=datetime.date(2020, 4, 1))  # fmt: skip


def test_nor_answers_for_what_the_absent_claimed_elsewhere(cast):
    """Asha records for Northford and leads Southmere's finances; whoever stands in for her does not confirm it."""
    appoint(cast, "asha", "STM")
    an_entry(cast, by="asha")
    request = ask(cast)
    with acting(cast.people["dev"]) as how:
        said = {line.pk: confirmations.Said("agreed") for line in request.lines.all()}
        cover.name_deputy(council=cast.councils["STM"], covered=cast.people["asha"], deputy=cast.people["omar"],
                          what=LEAD, starts_on=TODAY, until=TODAY + A_WEEK, reason="Leave", **how)  # fmt: skip
    with pytest.raises(Refused, match="stand in for a person"), acting(cast.people["omar"]) as how:
        confirmations.answer(request=request, said=said, without_sharing=Without.NONE, **how)
    with acting(cast.people["dev"]) as how:  # the control
        assert confirmations.answer(request=request, said=said, without_sharing=Without.NONE, **how)
