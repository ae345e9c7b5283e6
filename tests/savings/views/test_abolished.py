"""A council is abolished with a quarter open: who may do what on the day, and every figure after it, by hand.

Southmere banked in April 2026 a saving of £1,000.01, with a document and a budget reduction, and in May one of £300.00
without; it paid Northford £500.00, which both report. On 1 July it passes to Westvale (60%) and Northford (40%) with
the first quarter open and nothing signed off.

Southmere as it was: claimed and counted £1,300.01, of it proven £1,000.01 once somebody signs it off; paid £500.00,
net £800.01. Northford as it was: received £500.00. The partnership: £1,300.01 net.

Carried: of the £1,000.01 60,000.6 pence go to Westvale and 40,000.4 to Northford, so £600.01 and £400.00; of the
£300.00 £180.00 and £120.00; of the charges £300.00 and £200.00. Westvale £780.01 less £300.00 is £480.01 net, Northford
£520.00 less £200.00 plus £500.00 is £820.00, together £1,300.01 again.

Of the cost Northford bears 60% + 40% of Southmere's 40% = 76%, Westvale 60% of it = 24%.
"""

import datetime

import pytest

from partnerships.models import Membership
from savings.reporting import rollups
from savings.reporting.verdicts import verdict_of
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_file, acting, an_entry
from tests.savings.reorganising import drafted
from tests.savings.reporting.ledger import southmere_pays

DAY, ENDING = datetime.date(2026, 7, 1), "/councils/southmere/ending/"
RETURN = "/returns/north-south/STM/2026-27-q1/"
ON_THE_DAY, DAY_AFTER = (datetime.datetime(2026, 7, day, 10, tzinfo=datetime.UTC) for day in (1, 2))
NEXT_YEAR = datetime.datetime(2027, 4, 10, 10, tzinfo=datetime.UTC)


#: No year is complete since it began to bank, nothing was returned, no cost, no prices loaded.
UNTOLD = "cannot_tell", ["G1", "G2", "G3", "G6"]


@pytest.fixture
def open_quarter(cast, time_machine):
    """What Southmere's people leave behind; the plan is proposed by their lead and enacted on the day."""
    time_machine.move_to(NOW, tick=False)
    banked = an_entry(
        cast, by="omar", council="STM", year=2026, month=1, amount_pence=1_000_01, ledger_code="STM26",
        reduction_pence=1_000_01, files=[a_file()],
    )  # fmt: skip
    an_entry(cast, by="omar", council="STM", scheme="ICT-01", year=2026, month=2, amount_pence=300_00)
    southmere_pays(cast, 500_00, year=2026, month=2)
    southmere_pays(cast, 500_00, year=2026, month=2, by="asha", council="NFD")
    return banked


def abolish(cast, sign_in, time_machine):
    plan = drafted(
        cast, vesting_on=DAY, councils=[], passings=[("STM", "WSV", 6_000), ("STM", "NFD", 4_000)]
    ).get_absolute_url()
    sign_in("dev").post(f"{plan}propose/", {"version": "1"})
    time_machine.move_to(ON_THE_DAY, tick=False)
    assert "Enacted." in sign_in("ada").post(f"{plan}enact/", {"version": "1"}, follow=True).text
    count()


def count():
    with as_role("worker"):
        rollups.drain()


def figures(client, address):
    """(claimed, counted, proven, paid, received, net) pence of a page of a council or a partnership."""
    total = client.get(address).context["figures"].total
    return (total.claimed, total.counted, total.proven, total.charges_paid, total.charges_received, total.net_counted)


def verdict_read_by(cast, name, at):
    with acting(cast.people[name], at):
        found = verdict_of(cast.partnership, at.date())
        return found.name, found.verdict.reasons


def test_rights_pass_on_the_day(cast, open_quarter, sign_in, time_machine):
    entry = open_quarter.get_absolute_url()
    for name, answer in (("dev", 200), ("omar", 200), ("cleo", 404)):
        assert sign_in(name).get(entry).status_code == answer
    abolish(cast, sign_in, time_machine)
    for name, answer in (("dev", 404), ("omar", 404), ("cleo", 200), ("ben", 200)):
        client = sign_in(name)
        assert {client.get(address).status_code for address in (entry, RETURN, ENDING)} == {answer}, name
    submits = {"do": "submitted", "nil_costs": "on"}
    assert sign_in("dev").post(RETURN, submits).status_code == 404


def test_the_successors_close_the_quarter_and_are_marked(cast, open_quarter, sign_in, time_machine):
    abolish(cast, sign_in, time_machine)
    time_machine.move_to(DAY_AFTER, tick=False)
    cleo, ben = sign_in("cleo"), sign_in("ben")
    before = {task.what: (task.number, who) for task, who, _ in cleo.get(ENDING).context["tasks"]}
    assert before["Entries without a document"] == (1, "Finance officer")
    assert before["Entries not signed off"] == (2, "Finance lead")
    assert before["Return for April to June 2026, North and South Revenues: to submit"] == (1, "Finance officer")
    cleo.post(RETURN, {"do": "submitted", "nil_costs": "on"})
    refused = cleo.post(RETURN, {"do": "signed_off"}, follow=True).text
    assert "You cannot sign off a return that you submitted" in refused
    ben.post(RETURN, {"do": "signed_off"})
    said = cleo.post(RETURN, {"do": "closed"}, follow=True).text
    for who, did in (("Westvale", "submitted it"), ("Northford", "signed it off"), ("Westvale", "closed it")):
        assert f'{did} <span class="app-quiet">{who}, as successor, for Southmere</span>' in said
    left = [task.what for task, *_ in cleo.get(ENDING).context["tasks"]]
    assert not any("April to June 2026" in what for what in left)


def test_every_figure_after_it(cast, open_quarter, sign_in, time_machine):
    count()
    southmere = (1_300_01, 1_300_01, 0, 500_00, 0, 800_01)
    assert figures(sign_in("dev"), "/councils/southmere/") == southmere
    abolish(cast, sign_in, time_machine)
    time_machine.move_to(DAY_AFTER, tick=False)
    cleo, ben = sign_in("cleo"), sign_in("ben")
    assert figures(cleo, "/councils/southmere/") == southmere
    with as_role("worker"):
        (support,) = open_quarter.supports.all()
    entry = open_quarter.get_absolute_url()
    assert "you do for Westvale, as successor, for Southmere" in cleo.get(entry).text
    said = cleo.post(f"{entry}sign-off/", {"shown": str(support.public_id)}, follow=True).text
    assert 'signed it off <span class="app-quiet">Westvale, as successor, for Southmere</span>' in said
    assert "recorded it <span" not in said
    count()
    assert figures(cleo, "/councils/southmere/") == (1_300_01, 1_300_01, 1_000_01, 500_00, 0, 800_01)
    assert figures(cleo, "/councils/westvale/") == (0, 0, 0, 0, 0, 0)
    assert figures(ben, "/councils/northford/") == (0, 0, 0, 0, 500_00, 500_00)
    assert figures(cleo, "/carried/councils/westvale/") == (780_01, 780_01, 600_01, 300_00, 0, 480_01)
    assert figures(ben, "/carried/councils/northford/") == (520_00, 520_00, 400_00, 200_00, 500_00, 820_00)
    for address in ("/partnerships/north-south/", "/carried/partnerships/north-south/"):
        assert figures(cleo, address) == (1_300_01, 1_300_01, 1_000_01, 500_00, 500_00, 1_300_01), address
    assert verdict_read_by(cast, "cleo", DAY_AFTER) == verdict_read_by(cast, "ben", DAY_AFTER) == UNTOLD


def test_the_cost_is_borne_by_those_that_follow(cast, open_quarter, sign_in, time_machine):
    abolish(cast, sign_in, time_machine)
    with as_role("worker"):
        held = (
            Membership.objects.on(DAY)
            .filter(partnership=cast.partnership)
            .values_list("council__code", "cost_share_bps")
        )
        assert dict(held) == {"NFD": 7_600, "WSV": 2_400}


def test_what_it_banked_is_theirs_to_attest_from_their_first_whole_year(cast, open_quarter, sign_in, time_machine):
    """Southmere's last year is 2026/27, so its successors are asked in 2027/28 of their shares."""
    abolish(cast, sign_in, time_machine)
    time_machine.move_to(NEXT_YEAR, tick=False)
    page = sign_in("cleo").get("/recurring/WSV/2027-28/").text
    assert "£600.01" in page
    assert "£180.00" in page
