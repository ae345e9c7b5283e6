"""The machine's steps on entries and returns: record, attach, withdraw, sign, send back, reverse, close and reopen."""

from hypothesis import strategies as st
from hypothesis.stateful import multiple, rule

from savings.actions import decision, entries, evidence, returns
from tests.database import as_role
from tests.factories import a_file

from .model import Amount, Proof
from .trying import OWN, YEAR, Trying, amounts, councils, months, quarters, recorders, signers

kinds = st.sampled_from(
    [("saving", "cash_releasing"), ("saving", "cash_releasing"), ("saving", "cost_avoidance"), ("one_off_cost", None)]
)
steps = st.sampled_from(["submitted", "signed_off", "closed", "reopened"])


class Recording(Trying):
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
