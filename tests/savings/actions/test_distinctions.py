"""Two claims are told apart only where a rule took them for one, by a second person, and that can be taken back."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from councils.acts import act
from councils.as_at import as_at
from councils.refusals import Refused
from savings.actions import distinctions, entries
from savings.analysis.parameters import CURRENT
from savings.analysis.tolerance import near
from savings.models import Distinction, DistinctionAcross, Mark
from savings.reporting import lines
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_file, acting, an_entry
from tests.savings.reporting.ledger import fact, roll_up, southmere_claims
from tests.savings.reporting.test_double_claims import claimed_in_both, second_partnership, told_apart

LATER = NOW + datetime.timedelta(days=2)


def claimed_twice(cast):
    return an_entry(cast, amount_pence=90_000_00), southmere_claims(cast, amount_pence=90_500_00)


def apart(cast, one, *others, by="ben", at=NOW):
    with acting(cast.people[by], at) as how:
        distinctions.tell_apart(entry=one, others=others, reason="Two posts.", **how)
        return Distinction.objects.order_by("-pk").first()


def withdrawn(cast, said, by="ben", at=NOW, reason="One post after all."):
    with acting(cast.people[by], at) as how:
        return distinctions.withdraw(distinction=said, reason=reason, **how)


def raw(cast, said, *, by="ben", at=NOW, **changes):
    """Round the action: another row about the pair of `said`."""
    same = {
        f"{name}_id": getattr(said, f"{name}_id")
        for name in ("partnership", "council", "scheme", "other_council", "other_scheme")
    }
    with act(by=cast.people[by], at=at, verb="found distinct") as this:
        return Distinction.objects.create(**{
            "act": this, "year": said.year, "sequence": 2, "apart": False, "reason": "One",
            "decided_by": cast.people[by], "decided_at": at, **same, **changes,
        })  # fmt: skip


def test_withdrawn_one_of_them_counts_again_and_what_was_said_stays(cast):
    one, other = claimed_twice(cast)
    said = apart(cast, other, one)
    roll_up()
    assert fact(cast, "STM")["counted"] == 90_500_00
    withdrawn(cast, said)
    with as_role("worker"):
        assert Mark.objects.filter(partnership=cast.partnership, year=2025).exists()
    roll_up()
    assert "counted" not in fact(cast, "STM")
    with as_role("worker"):
        assert [(each.sequence, each.apart) for each in Distinction.objects.order_by("pk")] == [(1, True), (2, False)]


def test_it_can_be_said_anew(cast):
    one, other = claimed_twice(cast)
    withdrawn(cast, apart(cast, other, one))
    assert apart(cast, one, other).sequence == 3
    roll_up()
    assert fact(cast, "STM")["counted"] == 90_500_00


def test_as_at_the_day_between_the_earlier_answer_stands(cast, time_machine):
    time_machine.move_to(NOW, tick=False)
    one, other = claimed_twice(cast)
    said = apart(cast, other, one)
    time_machine.move_to(LATER, tick=False)
    withdrawn(cast, said, at=LATER)
    with acting(cast.people["ben"], LATER):
        assert lines.read(cast.partnership.pk, 2025).distinct == []
        with as_at(NOW + datetime.timedelta(days=1)):
            assert len(lines.read(cast.partnership.pk, 2025).distinct) == 1
            assert Distinction.objects.standing().count() == 1


def test_across_partnerships_it_is_withdrawn_for_both(cast):
    there, *_ = claimed_in_both(cast)
    said = told_apart(cast, there)
    roll_up()
    assert "disputed" not in fact(cast)
    withdrawn(cast, said)
    roll_up()
    assert fact(cast)["disputed"] == 90_000_00
    assert fact(there)["disputed"] == 90_500_00
    told_apart(cast, there)
    roll_up()
    assert "disputed" not in fact(there)


def test_it_is_withdrawn_once_with_a_reason(cast):
    one, other = claimed_twice(cast)
    said = apart(cast, other, one)
    with pytest.raises(Refused, match="Say why"):
        withdrawn(cast, said, reason=" ")
    withdrawn(cast, said)
    with pytest.raises(Refused, match="withdrawn already"):
        withdrawn(cast, said)


@pytest.mark.parametrize(("changes", "words"), [
    ({"sequence": 3, "apart": True}, "follows the one before it"),
    ({"sequence": 1, "apart": True}, "savings_distinction_once"),
    ({"sequence": 2, "apart": True}, "savings_distinction_turns"),
    ({"decided_by": "asha", "by": "asha"}, "recorded neither"),
])  # fmt: skip
def test_the_database_keeps_the_turns(cast, changes, words):
    one, other = claimed_twice(cast)
    said = apart(cast, other, one)
    by = changes.pop("by", "ben")
    changes = {name: cast.people[value] if name == "decided_by" else value for name, value in changes.items()}
    with as_role("worker"), pytest.raises(IntegrityError, match=words), transaction.atomic():
        raw(cast, said, by=by, **changes)


def test_the_one_who_recorded_a_claim_does_not_withdraw_either(cast):
    one, other = claimed_twice(cast)
    said = apart(cast, other, one, by="ben")
    an_entry(cast, by="dev", council="STM", month=None, amount_pence=1_00)
    with pytest.raises(Refused, match="somebody else"):
        withdrawn(cast, said, by="dev")


@pytest.mark.parametrize("fields", [
    {"scheme": "ICT-01"}, {"amount_pence": 50_000_00}, {"benefit_class": "cost_avoidance"},
])  # fmt: skip
def test_lines_that_no_rule_caught_are_not_told_apart(cast, fields):
    one = an_entry(cast, amount_pence=90_000_00)
    other = southmere_claims(cast, **{"amount_pence": 90_500_00, **fields})
    with pytest.raises(Refused, match="No rule takes these for one saving"):
        apart(cast, one, other)
    with as_role("worker"), pytest.raises(IntegrityError, match="no rule takes"), transaction.atomic():
        lower, upper = sorted((one, other), key=lambda each: (each.scheme_id, each.council_id))
        raw(cast, Distinction(
            partnership=cast.partnership, year=2025, council_id=lower.council_id, scheme_id=lower.scheme_id,
            other_council_id=upper.council_id, other_scheme_id=upper.scheme_id,
        ), sequence=1, apart=True)  # fmt: skip


def test_a_reversed_claim_is_told_apart_from_nothing(cast):
    one, other = claimed_twice(cast)
    with acting(cast.people["asha"]) as how:
        entries.reverse(entry=one, reason="Not ours", **how)
    with pytest.raises(Refused, match="No rule takes"):
        apart(cast, other, one)


def test_across_partnerships_too_a_rule_must_have_caught_them(cast):
    there = second_partnership(cast)
    an_entry(cast, amount_pence=90_000_00)
    an_entry(there, scheme="NW-01", amount_pence=50_000_00)
    with pytest.raises(Refused, match="No rule takes"):
        told_apart(cast, there)
    with as_role("worker"):
        assert not DistinctionAcross.objects.exists()


@pytest.mark.parametrize("refs", [("", ""), ("J-1", "J-2")])
def test_the_same_bytes_are_one_claim_whatever_reference_was_typed(cast, refs):
    made = [
        an_entry(cast, scheme=scheme, amount_pence=5_000_00, files=[a_file()], document_ref=ref)
        for scheme, ref in zip(("REV-01", "ICT-01"), refs, strict=True)
    ]
    roll_up()
    assert (fact(cast)["claimed"], fact(cast)["counted"]) == (10_000_00, 5_000_00)
    apart(cast, *made)
    roll_up()
    assert fact(cast)["counted"] == 10_000_00


@pytest.mark.parametrize("large", [1_00, 99_000_00, 100_000_00, 100_000_01, 250_000_00])
def test_the_database_and_the_analysis_call_the_same_amounts_near(large, db):
    gap = max(large * CURRENT.tolerance_bps // 10_000, CURRENT.tolerance_pence)
    with connection.cursor() as cursor:
        for other in (large - gap - 1, large - gap, large - gap + 1, large, -large):
            cursor.execute("SELECT claims_near(%s, %s)", [large, other])
            assert cursor.fetchone()[0] == near(large, other), other
