"""From the original promise to the current one: it adds up whatever was drafted, and the original never moves."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councils.years import FinancialYear
from partnerships import actions as arrangement
from savings import promise_bridge
from savings.actions import promise
from savings.reporting import figures
from savings.reporting.bridge import REASONS, bridge, bridge_of
from savings.reporting.promised import Promised
from tests.factories import acting
from tests.savings.reporting.ledger import roll_up

COUNCILS = {pk: SimpleNamespace(pk=pk, name=f"Council {pk}") for pk in (1, 2, 3)}
KINDS = [("saving", "cash_releasing"), ("saving", "cost_avoidance"), ("one_off_cost", None), ("running_cost", None)]


def a_line(case, council, year, kind, pence, scheme="S-1"):
    return SimpleNamespace(
        case_id=case, council_id=council, council=COUNCILS[council], year=year, kind=kind[0], benefit_class=kind[1],
        amount_pence=pence, scheme_reference=scheme, recurrence="recurring", month=None,
    )  # fmt: skip


def a_charge(case, payer, receiver, year, pence):
    return SimpleNamespace(
        case_id=case, payer_id=payer, payer=COUNCILS[payer], receiver_id=receiver, receiver=COUNCILS[receiver],
        year=year, amount_pence=pence,
    )  # fmt: skip


LINE = st.tuples(st.sampled_from([1, 2, 3]), st.integers(2020, 2024), st.sampled_from(KINDS), st.integers(1, 10**9))
CHARGE = st.tuples(st.permutations([1, 2, 3]), st.integers(2020, 2024), st.integers(1, 10**9))
VERSION = st.tuples(st.lists(LINE, min_size=1, max_size=6), st.lists(CHARGE, max_size=3), st.sampled_from(REASONS))


@st.composite
def sequences(draw):
    """Versions, and approvals in any order in which no council goes back to an older version."""
    versions = draw(st.lists(VERSION, min_size=1, max_size=5))
    cases = [
        SimpleNamespace(pk=n, version=n, restated_for=reason if n > 1 else "")
        for n, (_, _, reason) in enumerate(versions, start=1)
    ]
    lines = [a_line(n, *line) for n, (found, _, _) in enumerate(versions, start=1) for line in found]
    charges = [a_charge(n, p[0], p[1], y, a) for n, (_, found, _) in enumerate(versions, start=1) for p, y, a in found]
    approvals, latest = [], dict.fromkeys(COUNCILS, 0)
    for council, nth in draw(st.lists(st.tuples(st.sampled_from([1, 2, 3]), st.integers(1, 5)), max_size=12)):
        if latest[council] < nth <= len(cases):
            latest[council] = nth
            approvals.append(
                SimpleNamespace(
                    pk=len(approvals) + 1, case_id=nth, case=cases[nth - 1], council_id=council,
                    council=COUNCILS[council],
                )
            )  # fmt: skip
    return approvals, lines, charges, latest


def in_force(lines, charges, latest):
    """The plain model: what every council's latest version says, by council and year."""
    found = {}

    def add(council, year, **more):
        found[council, year] = found.get((council, year), Promised()) + Promised(**more)

    for line in lines:
        if latest[line.council_id] == line.case_id:
            cost = line.kind.endswith("cost")
            name = "cost" if cost else "saving" if line.benefit_class == "cash_releasing" else "beside"
            add(line.council_id, line.year, **{name: line.amount_pence})
    for charge in charges:
        if latest[charge.payer_id] == charge.case_id:
            add(charge.payer_id, charge.year, charges=-charge.amount_pence)
            add(charge.receiver_id, charge.year, charges=charge.amount_pence)
    return found


@given(sequences())
def test_any_sequence_adds_up_and_the_original_never_changes(sequence):
    approvals, lines, charges, latest = sequence
    now = in_force(lines, charges, latest)
    found = bridge(approvals, lines, charges)
    for key in found.cells.keys() | now.keys():
        cell = found.of(council=key[0], year=key[1])
        assert cell.now == now.get(key, Promised())
        parts = cell.price.net + cell.volume.net + cell.scope.net + cell.boundary.net
        assert cell.original.net + parts == cell.now.net
    total = found.of()
    assert total.now == sum(now.values(), Promised())
    assert total == sum((found.of(council=council) for council in COUNCILS), type(total)())
    assert total == sum((found.of(year=year) for year in found.years), type(total)())
    for many in range(len(approvals)):  # every earlier moment said the same of the original of whoever had approved
        then = bridge(approvals[:many], lines, charges)
        assert {council: found.originals[council] for council in then.originals} == then.originals


def test_each_difference_belongs_to_the_reason_of_its_version_and_like_reasons_are_added():
    cases = [SimpleNamespace(version=n, restated_for=r) for n, r in enumerate(["", "price", "scope", "price"], start=1)]
    saving = KINDS[0]
    lines = [a_line(n, 1, 2024, saving, pence) for n, pence in ((1, 100), (2, 90), (3, 150), (4, 145))]
    approvals = [
        SimpleNamespace(pk=n, case_id=n, case=case, council_id=1, council=COUNCILS[1])
        for n, case in enumerate(cases, start=1)
    ]
    found = bridge(approvals, lines, []).of()
    assert [found.original.net, found.price.net, found.scope.net, found.now.net] == [100, -15, 60, 145]


def test_a_member_that_comes_in_later_had_no_original_promise():
    cases = [SimpleNamespace(version=1, restated_for=""), SimpleNamespace(version=2, restated_for="boundary")]
    lines = [a_line(1, 1, 2024, KINDS[0], 100), a_line(2, 1, 2024, KINDS[0], 100), a_line(2, 2, 2024, KINDS[0], 40)]
    order = [(1, 0), (1, 1), (2, 1)]
    approvals = [
        SimpleNamespace(pk=n, case_id=nth + 1, case=cases[nth], council_id=council, council=COUNCILS[council])
        for n, (council, nth) in enumerate(order, start=1)
    ]
    found = bridge(approvals, lines, [])
    assert (found.originals[2], found.of().original.net, found.of().boundary.net) == (None, 100, 40)
    assert [each.council.name for each in found.changes] == ["Council 2"]


@pytest.fixture
def restated(cast):
    """Both approved version 1; Northford alone version 2 (price) and both version 3 (scope), with a charge."""
    schemes = {1: ["REV-01"], 2: ["REV-01"], 3: ["REV-01", "ICT-01"]}
    for version, pence in ((1, 20_000_00), (2, 18_000_01), (3, 25_000_00)):
        with acting(cast.people["asha"]) as how:
            case = arrangement.draft(
                **how, partnership=cast.partnership, title="Share revenues", horizon_year=2030,
                restated_for={1: "", 2: "price", 3: "scope"}[version],
                lines=[
                    {"council": cast.councils[code], "scheme_reference": scheme, "kind": "saving", "year": 2025,
                     "benefit_class": "cash_releasing", "recurrence": "recurring", "amount_pence": pence}
                    for code in ("NFD", "STM") for scheme in schemes[version]
                ],
                charges=[{"payer": cast.councils["STM"], "receiver": cast.councils["NFD"], "year": 2025,
                          "amount_pence": version * 7_00}],
            )  # fmt: skip
        for by, code in (("ben", "NFD"), ("dev", "STM"))[: 1 if version == 2 else 2]:
            with acting(cast.people[by]) as how:
                promise.approve(case=case, council=cast.councils[code], **how)
    return cast


def test_promised_now_is_what_the_roll_ups_count(restated):
    roll_up()
    with acting(restated.people["erin"]):
        found = bridge_of(restated.partnership)
        rolled = figures.partnership_figures(restated.partnership, FinancialYear(2026).first_day)
    by_member = {member.id: member.figures.net_promised for member in rolled.members}
    assert {council.pk: found.of(council=council.pk).now.net for council in found.members} == by_member
    northford = found.of(council=restated.councils["NFD"].pk)
    assert (northford.original.net, northford.price.net) == (20_007_00, -1_999_99)
    assert northford.scope.net == 50_021_00 - 20_007_00 + 1_999_99


def test_its_sentence_and_what_changed(restated):
    with acting(restated.people["erin"]):
        found = bridge_of(restated.partnership)
    assert promise_bridge.sentence(found) == (
        "£40,000 net was promised originally and £100,000 is promised now: £2,000 less for price, £62,000 more for "
        "scope."
    )
    changes = [(c.version, c.council.code, c.what, c.before, c.after) for c in found.changes if c.what == "ICT-01"]
    assert changes == [(3, "NFD", "ICT-01", 0, 25_000_00), (3, "STM", "ICT-01", 0, 25_000_00)]
