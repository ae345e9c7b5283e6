"""The machine's steps on the promise: draft or restate, submit, and approve for one council."""

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, multiple, rule

from partnerships import actions as arrangement
from partnerships import case_steps
from savings.actions import promise
from savings.models.typed import BenefitClass, Kind, Recurrence

from .promises import Case
from .trying import COUNCILS, OWN, Trying, councils, people, signers

cases = Bundle("cases")


class Promising(Trying):
    @rule(target=cases, person=people, pounds=st.integers(1, 9), submit=st.sampled_from([True, True, False]))
    def draft(self, person, pounds, submit):
        """The first promises, each later one restates; both councils have one line in it."""
        case = Case(len(self.world.cases) + 1, person, {code: pounds * 10_000 + i for i, code in enumerate(COUNCILS)})
        allowed = self.world.may_draft(person)
        lines = [
            {
                "council": self.cast.councils[code], "scheme_reference": "REV-01", "year": 2025, "kind": Kind.SAVING,
                "benefit_class": BenefitClass.CASH_RELEASING, "recurrence": Recurrence.RECURRING, "amount_pence": pence,
            }
            for code, pence in case.pence.items()
        ]  # fmt: skip
        row = self.tried(person, lambda **how: arrangement.draft(
            **how, partnership=self.cast.partnership, title="Promise", horizon_year=2030, lines=lines, submit=submit,
            restated_for="scope" if case.version > 1 else "", supersedes="Better",
        ))  # fmt: skip
        assert (row is not None) == allowed
        if row is None:
            return multiple()
        self.world.draft(case)
        case.state = "submitted" if submit else "draft"
        self.rows[id(case)] = row
        return case

    @rule(person=people, case=cases)
    def submit(self, person, case):
        allowed = self.world.may_submit(person, case)
        done = self.tried(person, lambda **how: case_steps.submit(case=self.rows[id(case)], **how))
        assert (done is not None) == allowed
        if done:
            case.state = "submitted"

    @rule(who=signers, council=councils, case=cases)
    def approve(self, who, council, case):
        person = OWN[council][who]
        allowed = self.world.may_approve(person, council, case)
        done = self.tried(person, lambda **how: promise.approve(
            case=self.rows[id(case)], council=self.cast.councils[council], **how
        ))  # fmt: skip
        assert (done is not None) == allowed
        if done:
            case.approved.append(council)
