"""Whatever two councils and four people do, in whatever order: the ledger says what a plain model says.

Every step is tried for real, as the person, through the actions that pages call; the model says beforehand whether it
is allowed. Then balances, grades and returns must be the model's, nobody has approved their own work, what was closed
has not moved, nothing is reversed twice, members sum to their partnership, facts equal the ledger, and every seal and
chain verifies.
"""

import datetime

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from councils.acts import act
from councils.models import Role
from councils.refusals import Refused
from councils.scope import scope
from councils.verification import verify
from councils.years import FinancialYear
from savings.actions import decision, entries, evidence, returns
from savings.balances import balances
from savings.models import Decision, Entry, EntryState, Return, Support
from savings.models.typed import closing_with
from savings.reporting import figures, rollups
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_file, acting

from .model import LEAD, OFFICER, Amount, Proof, World

YEAR = FinancialYear(2025)
COUNCILS = ("NFD", "STM")
PEOPLE = ("asha", "ben", "omar", "dev")
START = {("asha", "NFD", OFFICER), ("ben", "NFD", LEAD), ("omar", "STM", OFFICER), ("dev", "STM", LEAD)}
REFUSED = (Refused, IntegrityError, ProgrammingError)

people, councils = st.sampled_from(PEOPLE), st.sampled_from(COUNCILS)
#: Officer and lead of the amount's own council, then of the other: mostly somebody who may.
recorders, signers = st.sampled_from([0, 0, 0, 1, 1, 1, 2, 3]), st.sampled_from([1, 1, 1, 1, 0, 2, 3])
OWN = {"NFD": ("asha", "ben", "omar", "dev"), "STM": ("omar", "dev", "asha", "ben")}
kinds = st.sampled_from(
    [("saving", "cash_releasing"), ("saving", "cash_releasing"), ("saving", "cost_avoidance"), ("one_off_cost", None)]
)
months = st.sampled_from([None, 1, 2, 5, 12])
quarters = st.integers(0, 3)
steps = st.sampled_from(["submitted", "signed_off", "closed", "reopened"])


class Machine(RuleBasedStateMachine):
    amounts = Bundle("amounts")
    cast = None  # the standing cast; set by the test
    world_of = World

    @initialize()
    def begin(self):
        self.point = transaction.atomic()
        self.point.__enter__()
        self.world, self.at, self.codes = self.world_of(START), NOW, 0
        self.rows = {}  # id of the model's amount -> entry

    def teardown(self):
        if not hasattr(self, "point"):
            return
        try:
            self.everything_holds()
        finally:
            transaction.set_rollback(True)
            self.point.__exit__(None, None, None)

    def tried(self, person, deed):
        """Do it as `person`; None when it was refused, whoever refused it."""
        self.at += datetime.timedelta(minutes=1)
        try:
            with acting(self.cast.people[person], self.at) as how, transaction.atomic():
                return deed(**how)
        except REFUSED:
            return None

    @rule(
        target=amounts, who=recorders, council=councils, scheme=st.sampled_from(["REV-01", "ICT-01"]), kind=kinds,
        month=months, pence=st.integers(-3, 40).filter(bool), coded=st.sampled_from([True, True, False]),
        proven=st.sampled_from(["", "recorder", "colleague"]),
    )  # fmt: skip
    def record(self, who, council, scheme, kind, month, pence, coded, proven):
        (kind, benefit_class), pence, person = kind, pence * 7_001, OWN[council][who]
        budgeted = coded and benefit_class == "cash_releasing" and pence > 0
        self.codes += 1
        allowed = self.world.may_record(person, council, scheme, kind, month, pence)
        entry = self.tried(person, lambda **how: entries.record(
            **how, council=self.cast.councils[council], partnership=self.cast.partnership,
            scheme=self.cast.schemes[scheme], kind=kind, benefit_class=benefit_class, year=YEAR, month=month,
            amount_pence=pence, ledger_code=f"B{self.codes}" if budgeted else "",
            reduction_pence=pence if budgeted else None, files=[a_file()] if proven == "recorder" else (),
        ))  # fmt: skip
        assert (entry is not None) == allowed
        if entry is None:
            return multiple()
        amount = Amount(
            council, scheme, kind, benefit_class, month, pence, person, budgeted, self.world.closed(council, month)
        )
        if proven == "recorder":
            amount.proofs.append(Proof(person))
        self.world.amounts.append(amount)
        self.rows[id(amount)] = entry
        if proven == "colleague":
            self.attach_by(OWN[council][1 - who] if who < 2 else person, amount)
        return amount

    @rule(who=recorders, amount=amounts)
    def attach(self, who, amount):
        self.attach_by(OWN[amount.council][who], amount)

    def attach_by(self, person, amount):
        allowed = self.world.may_attach(person, amount)
        done = self.tried(
            person, lambda **how: evidence.attach(entry=self.rows[id(amount)], files=[a_file()], **how) or True
        )
        assert bool(done) == allowed
        if done:
            amount.proofs.append(Proof(person))
            amount.news = True

    @rule(who=recorders, amount=amounts)
    def withdraw(self, who, amount):
        person = OWN[amount.council][who]
        last = next((proof for proof in reversed(amount.proofs) if not proof.withdrawn), None)
        if last is None:
            return
        with as_role("worker"):
            support = decision.active_supports(self.rows[id(amount)]).last()
        done = self.tried(person, lambda **how: evidence.withdraw(support=support, reason="Wrong file", **how))
        assert (done is not None) == self.world.writes(person, amount.council)
        last.withdrawn = done is not None

    @rule(who=signers, amount=amounts)
    def sign(self, who, amount):
        person = OWN[amount.council][who]
        allowed = self.world.may_sign(person, amount)
        done = self.tried(person, lambda **how: decision.sign_off(entry=self.rows[id(amount)], **how))
        assert (done is not None) == allowed
        if done:
            amount.outcome, amount.shown, amount.news = "signed_off", amount.live[-1], False

    @rule(who=signers, amount=amounts)
    def send_back(self, who, amount):
        person = OWN[amount.council][who]
        allowed = self.world.may_send_back(person, amount)
        done = self.tried(
            person, lambda **how: decision.return_to_recorder(entry=self.rows[id(amount)], reason="Why?", **how)
        )
        assert (done is not None) == allowed
        if done:
            amount.outcome, amount.shown, amount.news = "returned", None, False

    @rule(target=amounts, who=recorders, amount=amounts)
    def reverse(self, who, amount):
        person = OWN[amount.council][who]
        allowed = self.world.may_reverse(person, amount)
        entry = self.tried(person, lambda **how: entries.reverse(entry=self.rows[id(amount)], reason="Wrong", **how))
        assert (entry is not None) == allowed
        if entry is None:
            return multiple()
        amount.reversed = True
        reversal = Amount(
            amount.council, amount.scheme, amount.kind, amount.benefit_class, amount.month, -amount.pence, person,
            amount.budgeted, amount.adjustment, reverses=amount,
        )  # fmt: skip
        self.world.amounts.append(reversal)
        self.rows[id(reversal)] = entry
        return reversal

    @rule(who=signers, council=councils, quarter=quarters, step=steps)
    def step(self, who, council, quarter, step):
        person = OWN[council][who]
        allowed = self.world.may_step(person, council, quarter, step)
        nil = {
            "nil_savings": not self.world.savings_in(council, quarter),
            "nil_costs": not self.world.costs_in(council, quarter),
        }
        done = self.tried(person, lambda **how: returns.step(
            **how, partnership=self.cast.partnership, council=self.cast.councils[council],
            quarter=YEAR.quarters[quarter], step=step, reason="Because", **(nil if step == "submitted" else {}),
        ))  # fmt: skip
        assert (done is not None) == allowed
        if done:
            now = self.world.step_of(council, quarter)
            now.step, now.by = step, person
            now.frozen = self.world.own_pence(council, quarter)

    @rule(person=people, council=councils, what=st.sampled_from([OFFICER, LEAD]), gives=st.booleans())
    def change_role(self, person, council, what, gives):
        """By the administrator: to be made finance lead later does not make one's own work somebody else's."""
        if gives == ((person, council, what) in self.world.roles):
            return
        self.at += datetime.timedelta(minutes=1)
        ada, today = self.cast.people["ada"], self.at.date()
        with (
            scope(person_id=ada.pk, on=today),
            act(by=ada, at=self.at, verb="changed roles", register=True) as this,
        ):
            named = {"person": self.cast.people[person], "council": self.cast.councils[council], "what": what}
            if gives:
                Role.objects.create(act=this, starts_on=today, **named)
            else:
                old = Role.objects.in_force(today).get(**named)
                Role.objects.create(act=this, starts_on=old.starts_on, ends_on=today, replaces=old, **named)
        (self.world.roles.add if gives else self.world.roles.discard)((person, council, what))

    @invariant()
    def balances_are_the_models(self):
        if not hasattr(self, "world"):
            return
        with as_role("worker"):
            told = {
                (code, kind): pence
                for code, kind, pence in Entry.objects.banked()
                .filter(partnership=self.cast.partnership)
                .values_list("council__code", "kind")
                .annotate(pence=_sum())
            }
        for council in COUNCILS:
            for kind in ("saving", "one_off_cost"):
                assert told.get((council, kind), 0) == self.world.balance(council, lambda each, k=kind: each.kind == k)

    @invariant()
    def what_was_closed_has_not_moved(self):
        if not hasattr(self, "world"):
            return
        for (council, quarter), now in self.world.returns.items():
            if now.step != "closed":
                continue
            with as_role("worker"):
                own = Entry.objects.banked().filter(
                    closing_with(YEAR.quarters[quarter]), council=self.cast.councils[council], adjustment=False,
                    partnership=self.cast.partnership, reverses__isnull=True,
                )  # fmt: skip
                assert own.total() == now.frozen

    def everything_holds(self):
        with as_role("worker"):
            self._grades()
            self._two_people()
            rollups.drain()
            assert rollups.check() == []
            assert [*balances()] == []
            assert verify().problems == []
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        with acting(self.cast.people["erin"], self.at):
            found = figures.partnership_figures(self.cast.partnership, self.at.date())
        for council in COUNCILS:
            claimed = self.world.balance(council, lambda each: each.cash)
            mine = next((m.figures for m in found.members if m.id == self.cast.councils[council].pk), None)
            assert (mine.claimed if mine else 0) == claimed
        for place, name in enumerate(found.total._fields):
            assert sum(member.figures[place] for member in found.members) == found.total[place], name

    def _grades(self):
        for amount in self.world.amounts:
            entry = self.rows[id(amount)]
            state = EntryState.objects.filter(entry_id=entry.reverses_id or entry.pk).first()
            assert (state.grade if state else 0) == amount.grade
            assert Entry.objects.filter(reverses=entry).count() == int(amount.reversed)

    def _two_people(self):
        for decided in Decision.objects.filter(partnership=self.cast.partnership).select_related("entry"):
            assert decided.decided_by_id != decided.entry.recorded_by_id
            assert not Support.objects.filter(pk=decided.support_id, document__uploaded_by=decided.decided_by).exists()
        signed = Return.objects.filter(partnership=self.cast.partnership, step="signed_off")
        assert not any(each.stepped_by_id == each.previous_by_id for each in signed)


def _sum():
    from django.db.models import Sum

    return Sum("amount_pence")


def play(cast, *, runs, length, machine=Machine, phases=tuple(Phase)):
    machine.cast = cast
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs, stateful_step_count=length, deadline=None, derandomize=True, print_blob=True,
            suppress_health_check=list(HealthCheck), phases=phases,
        ),
    )  # fmt: skip


def test_the_ledger_says_what_a_plain_model_says(cast):
    play(cast, runs=8, length=25)


@pytest.mark.slow
def test_it_does_so_two_hundred_times_fifty_steps(cast):
    play(cast, runs=200, length=50)


class Trusting(World):
    """A control: in this world one may sign off one's own work."""

    def may_sign(self, person, amount):
        recorder, amount.recorder = amount.recorder, "somebody else"
        try:
            return super().may_sign(person, amount)
        finally:
            amount.recorder = recorder


class Forgetful(World):
    """A control: in this world what was reversed still counts."""

    def balance(self, council, of):
        return super().balance(council, lambda each: of(each) and not each.reverses)


@pytest.mark.slow
@pytest.mark.parametrize("world", [Trusting, Forgetful])
def test_a_model_that_is_wrong_is_found_out(cast, world):
    class Wrong(Machine):
        world_of = world

    with pytest.raises(AssertionError):
        play(cast, runs=100, length=30, machine=Wrong, phases=[Phase.generate])
