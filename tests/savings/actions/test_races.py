"""At the same moment, in real connections: one outcome each, the other told in words, and controls that end wrong."""

import uuid

import pytest
from django.db import connection
from django.urls import reverse

from councils.years import FinancialYear
from partnerships import actions as arrangement
from partnerships.models import Volume
from savings.actions import charges, decision, disputes, entries, returns
from savings.balances import balances
from savings.models import Charge, Cover, Decision, Dispute, DisputeOutcome, Entry, Note, Report, Return, Scheme
from savings.models.typed import BenefitClass, Kind, Recurrence
from tests.cast import NOW
from tests.database import as_role, set_role
from tests.factories import a_file, acting, an_entry
from tests.savings.actions.test_returns import Q4, second_lead, signed_off
from tests.savings.racing import Said, at_once, identical_posts
from tests.savings.views import (
    test_case_baselines,
    test_charges,
    test_entries,
    test_notes_and_people,
    test_schemes,
)

pytestmark = pytest.mark.usefixtures("_on_a_day_of_the_cast")


@pytest.fixture
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW, tick=True)


@pytest.fixture
def cast(committed_cast):
    """The cast with a second finance lead, where commits are real."""
    second_lead(committed_cast)
    return committed_cast


def without_asking_again():
    """The control's world: the guard of 0017 taken away."""
    as_superuser("DROP TRIGGER one_at_a_time ON councils_event")


def as_superuser(*statements):
    with connection.cursor() as cursor:
        cursor.execute("RESET SESSION AUTHORIZATION")
        for statement in statements:
            cursor.execute(statement)
    set_role(connection, "app")


def recording(cast, **fields):
    """An action that records £10 for Northford, as `an_entry` does but inside the scope it is called in."""
    usual = {
        "council": cast.councils["NFD"], "partnership": cast.partnership, "scheme": cast.schemes["REV-01"],
        "kind": Kind.SAVING, "benefit_class": BenefitClass.CASH_RELEASING, "year": FinancialYear(2025), "month": None,
        "amount_pence": 10_00,
    }  # fmt: skip
    return lambda how: entries.record(**how, **{**usual, **fields})


# --- two people sign off and return the same entry ---------------------------------------------------------------


def documented(cast):
    return an_entry(cast, files=[a_file()], ledger_code="R1", reduction_pence=1_000_00)


def signing(entry):
    return lambda how: decision.sign_off(entry=entry, **how)


def returning(entry):
    return lambda how: decision.return_to_recorder(entry=entry, reason="Which month?", **how)


def decisions():
    with as_role("worker"):
        return list(Decision.objects.order_by("pk").values_list("outcome", flat=True))


@pytest.mark.parametrize(
    ("first", "second", "outcome", "words"),
    [
        (signing, returning, "signed_off", "It has been signed off meanwhile."),
        (returning, signing, "returned", "It was returned, and nothing has been attached since."),
        (signing, signing, "signed_off", "It has been signed off already."),
    ],
)
def test_of_two_decisions_on_one_entry_the_first_stands(cast, first, second, outcome, words):
    entry = documented(cast)
    _, said = at_once((cast.people["ben"], first(entry)), (cast.people["hana"], second(entry)))
    assert words in said
    assert decisions() == [outcome]


def test_control_without_the_lock_both_decisions_stand(cast, monkeypatch):
    entry = documented(cast)
    monkeypatch.setattr(decision, "_one_at_a_time", lambda entry: None)
    at_once((cast.people["ben"], signing(entry)), (cast.people["hana"], returning(entry)))
    assert decisions() == ["signed_off", "returned"]


def test_two_leads_who_sign_the_same_queue_in_bulk_do_not_lock_each_other_out(cast):
    ids = [documented(cast).public_id, an_entry(cast, scheme="ICT-01", files=[a_file()], ledger_code="R2",
                                                reduction_pence=1_000_00).public_id]  # fmt: skip

    def bulk(order):
        def act_on_each(how):
            chosen = {entry.public_id: entry for entry in Entry.objects.filter(public_id__in=ids)}
            decision.hold(chosen.values())
            return [signing(chosen[public_id])(how) for public_id in order]

        return act_on_each

    done, said = at_once((cast.people["ben"], bulk(ids)), (cast.people["hana"], bulk(ids[::-1])))
    assert len(done) == 2
    assert isinstance(said, Said)
    assert decisions() == ["signed_off", "signed_off"]


# --- two claims on the last pound --------------------------------------------------------------------------------


def last_pound(cast):
    an_entry(cast, amount_pence=90_00, month=1, ledger_code="R1", reduction_pence=100_00)
    claim = {"ledger_code": "R1", "amount_pence": 10_00, "month": 2}
    return at_once(
        (cast.people["asha"], recording(cast, **claim)),
        (cast.people["ben"], recording(cast, **claim, scheme=cast.schemes["ICT-01"])),
    )


def overclaimed():
    with as_role("worker"):
        return list(balances())


def test_of_two_claims_on_the_last_pound_one_is_told(cast):
    entry, said = last_pound(cast)
    assert entry.amount_pence == 10_00
    assert said.startswith("Claims on that budget would come to more than was taken out of it.")
    assert overclaimed() == []


def test_control_without_the_row_lock_the_budget_is_claimed_twice_over(cast):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('entry_check'::regproc)")
        (source,) = cursor.fetchone()
    kept = source[
        source.index("INSERT INTO savings_budgettotal") : source.index("IF FOUND THEN PERFORM ledger_refuse('cl")
    ]
    added_up = """
        SELECT b.id INTO v FROM savings_budgetreduction b WHERE b.id = ANY (v_held) AND reduction_amount(b.id) < (
            SELECT sum(e.amount_pence) FROM savings_entry e
            WHERE e.budget_reduction_id = b.id AND e.series = 'banked') LIMIT 1;
    """
    as_superuser(source.replace(kept, added_up))
    last_pound(cast)
    assert [each for each in overclaimed() if "claims come to more" in each] != []


# --- close against record ----------------------------------------------------------------------------------------


def closing(cast):
    return lambda how: returns.step(
        **how, partnership=cast.partnership, council=cast.councils["NFD"], quarter=Q4, step=Return.Step.CLOSED
    )


def into_a_closed_quarter():
    """Banked amounts of Northford's fourth quarter that came after it was closed and are no adjustments."""
    with as_role("worker"):
        shut = Return.objects.get(step="closed")
        return Entry.objects.filter(adjustment=False, act_id__gt=shut.act_id, year=2025).count()


def test_what_is_recorded_while_its_quarter_closes_is_refused_in_words(cast):
    signed_off(cast)
    shut, said = at_once((cast.people["ben"], closing(cast)), (cast.people["asha"], recording(cast, month=12)))
    assert shut.step == "closed"
    assert said.startswith("Somebody closed or reopened that quarter at the same moment.")
    with as_role("worker"):
        assert not Entry.objects.exists()
    with acting(cast.people["asha"]) as how:  # and then it is what it says: an adjustment
        assert recording(cast, month=12)(how).adjustment


def test_a_quarter_that_closes_while_something_is_recorded_closes_with_it(cast):
    signed_off(cast)
    entry, shut = at_once((cast.people["asha"], recording(cast, month=12)), (cast.people["ben"], closing(cast)))
    assert shut.step == "closed"
    assert shut.act_id > entry.act_id
    assert into_a_closed_quarter() == 0


def test_control_without_asking_again_an_amount_slips_into_the_closed_quarter(cast):
    signed_off(cast)
    without_asking_again()
    shut, entry = at_once((cast.people["ben"], closing(cast)), (cast.people["asha"], recording(cast, month=12)))
    assert (shut.step, entry.adjustment) == ("closed", False)
    assert into_a_closed_quarter() == 1


def test_two_who_record_in_one_quarter_both_do(cast):
    both = at_once((cast.people["asha"], recording(cast, month=12)), (cast.people["ben"], recording(cast, month=12)))
    assert [entry.month for entry in both] == [12, 12]


def test_a_charge_in_a_quarter_that_closes_is_refused_in_words(cast):
    """Today's quarter is not over; a charge is posted in it, so it is the charge's quarter that is closed by force."""
    first = FinancialYear(2026).quarters[0]
    for step, by in (("submitted", "asha"), ("signed_off", "ben")):
        with acting(cast.people[by], NOW.replace(month=7)) as how:
            returns.step(**how, partnership=cast.partnership, council=cast.councils["NFD"], quarter=first, step=step)

    def close(how):
        return returns.step(
            **how, partnership=cast.partnership, council=cast.councils["NFD"], quarter=first, step="closed"
        )

    def charge(how):
        return charges.report_charge(
            **how, council=cast.councils["NFD"], partnership=cast.partnership, payer=cast.councils["STM"],
            receiver=cast.councils["NFD"], year=FinancialYear(2026), month=1, amount_pence=5_00,
        )  # fmt: skip

    shut, said = at_once((cast.people["ben"], close), (cast.people["asha"], charge))
    assert shut.step == "closed"
    assert said.startswith("Somebody closed or reopened that quarter at the same moment.")


# --- monthly or whole --------------------------------------------------------------------------------------------


def by_month_and_whole(cast):
    return at_once((cast.people["asha"], recording(cast, month=1)), (cast.people["ben"], recording(cast, month=None)))


def test_a_year_is_not_recorded_by_month_and_whole_at_once(cast):
    entry, said = by_month_and_whole(cast)
    assert entry.month == 1
    assert said.startswith("This scheme already has amounts for that year recorded the other way.")


def test_control_without_asking_again_it_is_recorded_both_ways(cast):
    without_asking_again()
    assert [entry.month for entry in by_month_and_whole(cast)] == [1, None]


# --- other things two people do at once --------------------------------------------------------------------------


def test_a_reversal_while_it_is_signed_off_is_no_deadlock(cast):
    entry = documented(cast)
    reversal, decided = at_once(
        (cast.people["asha"], lambda how: entries.reverse(entry=entry, reason="Twice", **how)),
        (cast.people["ben"], signing(entry)),
    )
    assert reversal.reverses_id == entry.pk
    assert decided == "This entry has been reversed meanwhile: there is nothing left to decide."
    assert decisions() == []


def test_of_two_reversals_one_is_told(cast):
    entry = documented(cast)
    _, said = at_once(*[
        (cast.people[name], lambda how: entries.reverse(entry=entry, reason="Twice", **how)) for name in ("asha", "ben")
    ])  # fmt: skip
    assert said == "This entry is already reversed."


# --- twenty identical posts --------------------------------------------------------------------------------------

TIMES = 20


def a_new_entry(cast):
    token = str(uuid.uuid4())
    return "asha", test_entries.NEW, lambda: test_entries.filled(cast, token=token)


def a_new_charge(cast):
    form = test_charges.filled()
    return "omar", test_charges.NEW, lambda: form


def a_new_scheme(cast):
    return "asha", test_schemes.NEW, test_schemes.filled


def a_sign_off(cast):
    entry = documented(cast)
    with as_role("worker"):
        shown = str(entry.supports.get().public_id)
    return "ben", reverse("savings:entry-sign-off", args=[entry.public_id]), lambda: {"shown": shown, "reason": ""}


def a_return_to_the_recorder(cast):
    entry = documented(cast)
    return "ben", reverse("savings:entry-return", args=[entry.public_id]), lambda: {"reason": "Which month?"}


def a_reversal(cast):
    entry = documented(cast)
    return "asha", reverse("savings:entry-reverse", args=[entry.public_id]), lambda: {"reason": "Twice"}


def a_dispute(cast):
    entry = documented(cast)
    return "omar", reverse("savings:entry-dispute", args=[entry.public_id]), lambda: {"reason": "Half is ours"}


def an_end_of_a_dispute(cast):
    entry = documented(cast)
    with acting(cast.people["omar"]) as how:
        raised = disputes.dispute(entry=entry, council=cast.councils["STM"], reason="Half is ours", **how)
    form = {"outcome": "upheld", "reason": "We agree"}
    return "ben", reverse("savings:dispute-end", args=[raised.public_id]), lambda: form


def a_step_of_a_return(cast):
    form = {"do": "submitted", "nil_savings": "on", "nil_costs": "on", "complete": "on"}
    return "asha", "/returns/north-south/NFD/2025-26-q4/", lambda: form


def a_report(cast):
    form = {"partnership": "north-south", "council": "NFD"}
    return "asha", "/reports/new/", lambda: form


def a_note(cast):
    form = test_notes_and_people.said("Agreed with the provider")
    return "asha", reverse("savings:notes", args=["entry", str(documented(cast).public_id)]), lambda: form


def a_deputy(cast):
    form = test_notes_and_people.deputy_form(cast)
    return "ben", test_notes_and_people.HERE, lambda: form


def a_volume(cast):
    with acting(cast.people["ben"]) as how:
        line = {
            "council": cast.councils["NFD"], "scheme_reference": "REV-01", "year": 2026, "kind": Kind.SAVING,
            "benefit_class": BenefitClass.CASH_RELEASING, "recurrence": Recurrence.RECURRING, "amount_pence": 100_00,
        }  # fmt: skip
        base = [{"council": cast.councils["NFD"], "unit": "accounts", "year": 2020,
                 "quantity": 100, "source": "CTB1"}]  # fmt: skip
        arrangement.draft(
            partnership=cast.partnership, title="Case", horizon_year=2030, lines=[line], volume_driver="Accounts",
            elasticity_bps=5_000, volumes=base, **how,
        )  # fmt: skip
    form = test_case_baselines.a_volume(council="northford", quantity="144", year="2026")
    return "asha", test_case_baselines.VOLUMES, lambda: form


#: What is posted: how, the rows it makes, and the words told to whoever came second.
POSTS = {
    "an entry": (a_new_entry, Entry, ("That form was sent twice. It was recorded once",)),
    "a charge": (a_new_charge, Charge, ("That form was sent before.",)),
    "a scheme": (
        a_new_scheme,
        Scheme.objects.filter(reference="REV-02"),
        ("already has a scheme with that reference",),
    ),
    "a sign-off": (a_sign_off, Decision, ("It has been signed off already.",)),
    "a return": (a_return_to_the_recorder, Decision, ("It has been returned already",)),
    "a reversal": (a_reversal, Entry.objects.filter(reverses__isnull=False), ("already reversed",)),
    "a dispute": (a_dispute, Dispute, ("disputes this entry already",)),
    "a dispute's end": (an_end_of_a_dispute, DisputeOutcome, ("has already ended",)),
    "a step": (a_step_of_a_return, Return, ("next step at the same moment", "in that order")),
    "a note": (a_note, Note, ("That form was sent before.",)),
    "a deputy": (a_deputy, Cover, ("That form was sent before.",)),
    "a volume": (a_volume, Volume.objects.filter(year=2026), ("That form was sent before.",)),
    "a report": (a_report, Report, None),  # asking again gives the one under way
}


@pytest.mark.parametrize("what", POSTS)
def test_of_twenty_identical_posts_one_has_an_effect_and_nineteen_are_told(cast, what, sends_nothing):
    prepare, rows, words = POSTS[what]
    name, address, form = prepare(cast)
    answers = identical_posts(cast.users[name], address, form, times=TIMES)
    assert {status for status, _ in answers} <= {200, 302}
    with as_role("worker"):
        assert getattr(rows, "objects", rows).all().count() == 1
    if words:
        told = [text for _, text in answers if any(each in text for each in words)]
        assert len(told) == TIMES - 1


@pytest.fixture
def sends_nothing(monkeypatch):
    """The doorbell is not what is tried here, and twenty threads would each wait for a broker."""
    monkeypatch.setattr("savings.doorbell._send", lambda task, given: None)
