"""The ledger as a plain model: what is recorded, who may do what next, and what the figures then are.

Nothing here asks the product. A rule of the machine first asks the model whether the deed is allowed, then tries it for
real; the two must agree, and afterwards so must the balances.
"""

from dataclasses import dataclass, field

from .disagreements import Asked, Disagreements, Disputed
from .promises import Case, Promises

OFFICER, LEAD = "finance_officer", "finance_lead"


@dataclass
class Proof:
    uploader: str
    withdrawn: bool = False


@dataclass
class Amount:
    """One entry; `pence` is signed. A reversal has `reverses` and takes its grade from there."""

    council: str
    scheme: str
    kind: str
    benefit_class: str | None
    month: int | None
    pence: int
    recorder: str
    budgeted: bool
    adjustment: bool
    reverses: "Amount | None" = None
    reversed: bool = False
    proofs: list[Proof] = field(default_factory=list)
    outcome: str = ""
    shown: Proof | None = None  # what it was signed off against
    news: bool = False  # a document came after it was returned

    @property
    def standing(self):
        return not self.reversed and self.reverses is None

    @property
    def live(self):
        return [proof for proof in self.proofs if not proof.withdrawn]

    @property
    def cash(self):
        return self.kind == "saving" and self.benefit_class == "cash_releasing"

    @property
    def grade(self):
        """0 self-declared, 1 documented, 2 signed off; EVIDENCE section 3 and rule R8."""
        if self.reverses:
            return self.reverses.grade
        if not self.live:
            return 0
        if self.cash and not self.budgeted:
            return 1
        return 2 if self.outcome == "signed_off" and self.shown in self.live else 1


@dataclass
class Steps:
    """The return of one council and quarter."""

    step: str = "open"
    by: str = ""
    frozen: int = 0  # pence of the quarter's own entries when it was closed


class World(Disagreements, Promises):
    """Two councils, four people, one financial year."""

    def __init__(self, roles):
        self.roles = set(roles)  # (person, council, what)
        self.ever = set(roles)  # what anybody ever was: a drafter drafted for the council they recorded for then
        self.lent: dict[tuple[str, str, str], str] = {}  # of `roles`, those held only for somebody who is away
        self.amounts: list[Amount] = []
        self.returns: dict[tuple[str, int], Steps] = {}
        self.disputes: list[Disputed] = []
        self.asked: list[Asked] = []
        self.cases: list[Case] = []

    def own(self, person, council, what):
        """Held in their own right."""
        return (person, council, what) in self.roles and (person, council, what) not in self.lent

    def absent(self, person, council):
        """Whose work a deputy may not approve; nobody's for a lead in their own right."""
        if self.own(person, council, LEAD):
            return set()
        return {away for (who, where, what), away in self.lent.items() if (who, where, what) == (person, council, LEAD)}

    def may_name_deputy(self, person, council, away, deputy, what):
        theirs = {held for who, where, held in self.roles if (who, where) == (deputy, council)}
        return (
            self.own(away, council, what)
            and (person == away or self.own(person, council, LEAD))
            and deputy not in (away, person)
            and bool(theirs)
            and what not in theirs
        )

    def lend(self, council, away, deputy, what):
        self.roles.add((deputy, council, what))
        self.ever.add((deputy, council, what))
        self.lent[deputy, council, what] = away

    def writes(self, person, council):
        return any((person, council, what) in self.roles for what in (OFFICER, LEAD))

    def leads(self, person, council):
        return (person, council, LEAD) in self.roles

    def closed(self, council, month):
        return self.step_of(council, quarter_of(month)).step == "closed"

    def step_of(self, council, quarter):
        return self.returns.setdefault((council, quarter), Steps())

    def may_record(self, person, council, scheme, kind, month, pence):
        other_basis = any(
            (each.council, each.scheme, each.kind) == (council, scheme, kind)
            and each.standing
            and (each.month is None) != (month is None)
            for each in self.amounts
        )
        return self.writes(person, council) and not other_basis and (pence > 0 or self.closed(council, month))

    def may_attach(self, person, amount):
        return self.writes(person, amount.council) and amount.standing

    def may_sign(self, person, amount):
        return (
            self.leads(person, amount.council)
            and amount.recorder != person
            and amount.recorder not in self.absent(person, amount.council)
            and amount.standing
            and bool(amount.live)
            and all(proof.uploader != person for proof in amount.live)
            and not (amount.cash and not amount.budgeted)
            and amount.outcome != "signed_off"
            and not (amount.outcome == "returned" and not amount.news)
        )

    def may_send_back(self, person, amount):
        return (
            self.leads(person, amount.council)
            and amount.recorder != person
            and amount.standing
            and amount.outcome != "signed_off"
            and not (amount.outcome == "returned" and not amount.news)
        )

    def may_reverse(self, person, amount):
        return self.writes(person, amount.council) and amount.standing

    def may_step(self, person, council, quarter, step):
        now = self.step_of(council, quarter)
        if step == "submitted":
            return self.writes(person, council) and now.step in ("open", "reopened")
        if not self.leads(person, council):
            return False
        if step == "signed_off":
            return now.step == "submitted" and now.by != person and now.by not in self.absent(person, council)
        if step == "closed":
            return now.step == "signed_off"
        if now.by in self.absent(person, council):
            return False
        return now.step in ("submitted", "signed_off", "closed") and not (now.step == "closed" and now.by == person)

    def own_pence(self, council, quarter):
        """What the quarter's own entries come to: no adjustments, no reversals, which are posted later."""
        return sum(
            each.pence
            for each in self.amounts
            if each.council == council
            and quarter_of(each.month) == quarter
            and not each.adjustment
            and not each.reverses
        )

    def savings_in(self, council, quarter):
        return any(
            each.council == council and quarter_of(each.month) == quarter and each.standing and each.kind == "saving"
            for each in self.amounts
        )

    def costs_in(self, council, quarter):
        return any(
            each.council == council and quarter_of(each.month) == quarter and each.standing and each.kind != "saving"
            for each in self.amounts
        )

    def balance(self, council, of):
        return sum(each.pence for each in self.amounts if each.council == council and of(each))


def quarter_of(month):
    """0 to 3; a whole year closes with its fourth (DESIGN 10.12)."""
    return 3 if month is None else (month - 1) // 3
