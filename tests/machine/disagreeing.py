"""The machine's steps between members: disputing an amount, ending that, asking for confirmation and answering."""

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, multiple, rule

from savings.actions import confirmations, disputes
from savings.actions.confirmations import Said
from savings.models import Dispute
from tests.database import as_role

from .disagreements import Asked, Disputed
from .model import quarter_of
from .trying import OTHER, OWN, YEAR, Trying, amounts, councils, quarters, recorders

asked = Bundle("asked")
AUDITOR = "farah"  # of Northford; she writes for neither side
OUTCOMES = ["withdrawn", "withdrawn", "upheld", "upheld", "dismissed"]


class Disagreeing(Trying):
    @rule(
        who=st.sampled_from([2, 2, 3, 3, 0, 1]), amount=amounts, own_side=st.sampled_from([False, False, False, True])
    )
    def dispute(self, who, amount, own_side):
        person, council = OWN[amount.council][who], amount.council if own_side else OTHER[amount.council]
        allowed = self.world.may_dispute(person, council, amount)
        done = self.tried(person, lambda **how: disputes.dispute(
            entry=self.rows[id(amount)], council=self.cast.councils[council], reason="Ours", **how
        ))  # fmt: skip
        assert (done is not None) == allowed
        if done:
            self.world.disputes.append(Disputed(amount, council, person))

    @rule(who=st.sampled_from([0, 1, 1, 2, 3, 4]), place=st.integers(0, 5), outcome=st.sampled_from(OUTCOMES))
    def end_dispute(self, who, place, outcome):
        """One of the latest; also by Northford's auditor, who alone is of neither side where there are two members."""
        if not self.world.disputes:
            return
        dispute = self.world.disputes[-1 - place % len(self.world.disputes)]
        person = (*OWN[dispute.amount.council], AUDITOR)[who]
        allowed = self.world.may_end(person, dispute, outcome, auditor=person == AUDITOR)
        alike = [e for e in self.world.disputes if e.amount is dispute.amount and e.council == dispute.council]
        with as_role("worker"):
            row = Dispute.objects.filter(
                entry=self.rows[id(dispute.amount)], council=self.cast.councils[dispute.council]
            ).select_related("entry", "raised_by").order_by("pk")[[*map(id, alike)].index(id(dispute))]  # fmt: skip
        done = self.tried(
            person, lambda **how: disputes.end_dispute(dispute=row, outcome=outcome, reason="Looked at", **how)
        )
        assert (done is not None) == allowed
        if done:
            dispute.open = False

    @rule(target=asked, who=st.sampled_from([0, 1, 1, 2, 3, 3]), council=councils, quarter=quarters)
    def ask(self, who, council, quarter):
        person = OWN[council][who]
        allowed = self.world.may_ask(person, council, quarter, quarter_of)
        row = self.tried(person, lambda **how: confirmations.ask(
            **how, partnership=self.cast.partnership, council=self.cast.councils[council],
            quarter=YEAR.quarters[quarter],
        ))  # fmt: skip
        assert (row is not None) == allowed
        if row is None:
            return multiple()
        one = Asked(council, quarter, self.world.lines_for(council, quarter, quarter_of))
        self.world.asked.append(one)
        self.rows[id(one)] = row
        return one

    @rule(who=recorders, one=asked, agreed=st.booleans())
    def answer(self, who, one, agreed):
        """Signed in, for the council that was asked, to all its lines at once."""
        person, row = OWN[one.council][who], self.rows[id(one)]
        allowed = self.world.may_answer(person, one)
        with as_role("worker"):
            lines = list(row.lines.order_by("pk"))
        assert sorted(line.amount_pence for line in lines) == sorted(sum(e.pence for e in line) for line in one.lines)
        said = {line.pk: Said("agreed" if agreed else "disputed", reason="" if agreed else "No") for line in lines}
        done = self.tried(
            person, lambda **how: confirmations.answer(request=row, said=said, without_sharing="none", **how)
        )
        assert (done is not None) == allowed
        if done:
            self.world.answer(person, one, agreed)
