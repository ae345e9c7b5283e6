"""A quarter end at Northford, from the first amount to the last answer, through the product's own pages.

Every figure was written down in docs/month-end.md before any of it was entered; the pages must say them to the penny.
"""

import io
import re
import uuid

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client

from councils import checkpoints
from savings import checkpointing, jobs, tasks  # noqa: F401  the worker's: it says which kinds of job there are
from savings.actions import letters
from savings.models import Entry, Job, Report
from tests.database import as_role, set_role
from tests.savings.desk import Desk, noon, pdf, plain, roll_up, rows_of
from tests.savings.test_load_demo import AS_OF, told
from tests.savings.views.test_grid import fields

SLUG = "five-rivers-revenues"
HOME, NORTHFORD = f"/partnerships/{SLUG}/", "/councils/northford/"
RETURN = f"/returns/{SLUG}/QNF/2026-27-q2/"
GRID = f"/entries/grid/?council=QNF&partnership={SLUG}&year=2026"
MEMBERS, PARTNERSHIPS = "Member by member", "Partnership by partnership"

pytestmark = pytest.mark.slow


@pytest.fixture
def clock(time_machine):
    cache.clear()
    time_machine.move_to(noon(9, 30, 13), tick=False)
    yield time_machine
    cache.clear()


@pytest.fixture
def begun(django_db_setup, django_db_blocker, clock, settings, tmp_path):
    """The demonstration world as it stands on 30 September 2026, in a database of its own; pages ask as the app."""
    settings.SIGNING_KEY_FILE = tmp_path / "signing_key"
    with django_db_blocker.unblock(), told(django_db_setup, AS_OF):
        set_role(connection, "app")
        yield clock


def scheme(reference):
    with as_role("worker"):
        found = Entry.objects.filter(scheme__reference=reference).select_related("scheme").first()
        return str(found.scheme.public_id)


def entries(reference, **which):
    with as_role("worker"):
        found = Entry.objects.banked().filter(
            council__code="QNF", scheme__reference=reference, year=2026, reverses__isnull=True,
            reversed_by__isnull=True, **which,
        )  # fmt: skip
        return list(found.order_by("month", "pk"))


def member_row(desk, name, prefix=""):
    return of(rows_of(desk.page(prefix + HOME), MEMBERS), name)[1:]


def of(rows, name):
    """The cells of the row that begins with `name`: some say more about a member beneath it."""
    return next(cells for first, cells in rows.items() if first.startswith(name))


def test_a_quarter_end_to_the_penny(begun):
    clock = begun
    priya, thomas = Desk("priya.nair", "northford"), Desk("thomas.adeyemi", "northford")
    before = opening(priya)

    clock.move_to(noon(10, 2), tick=False)
    recording(priya)
    clock.move_to(noon(10, 5), tick=False)
    attesting(priya)
    charging(priya)
    clock.move_to(noon(10, 6), tick=False)
    settling(priya, thomas)
    signing(thomas)
    clock.move_to(noon(10, 7), tick=False)
    answering(priya, thomas)
    clock.move_to(noon(10, 8), tick=False)
    closing(clock, priya, thomas)

    clock.move_to(noon(10, 20), tick=False)
    correcting(priya, thomas)
    clock.move_to(noon(10, 23), tick=False)
    reopening(clock, priya, thomas)
    clock.move_to(noon(10, 28), tick=False)
    confirming(thomas)
    reporting(priya)
    ending(priya, before)


def opening(priya):
    """30 September 2026, as docs/demo.md has it."""
    assert member_row(priya, "Northford Council") == [
        "£1,035,700.00", "£973,700.00", "£913,700.00", "£1,797,000.00", "£1,325,500.00", "£502,200.00", "£442,200.00",
    ]  # fmt: skip
    return rows_of(priya.page(HOME), MEMBERS), rows_of(priya.page(NORTHFORD), PARTNERSHIPS)


def recording(priya):
    """Last quarter copied, one block pasted, one saving with its proof, one cost with its invoice."""
    rb23 = next(name for name in fields(priya.client.get(GRID)) if "running_cost" in name and name.endswith(".6"))
    copied = priya.client.get(GRID + "&copy=2026-27-q2")
    place = priya.save_grid(GRID, copied, "2 new, 0 changed, 0 removed", typed={rb23: "71,846.50"})
    covered(priya, place, "Budget monitoring September 2026", 2)
    page = priya.client.get(GRID)
    block = "RB-09\t\t\t\t3,104.17\t3,104.17\t3,104.16"
    pasted = priya.client.post(GRID, fields(page) | {"do": "paste", "block": block})
    code = f"k.{scheme('RB-09').replace('-', '')}.saving.cash_releasing.one_off"
    place = priya.save_grid(GRID, pasted, "3 new, 0 changed, 0 removed", typed={code: "N-RB09"}, taken_0="9,500")
    covered(priya, place, "Single-person discounts, quarter 2", 3)
    saving = {
        "scheme": scheme("RB-06"), "amount": "69,400.10", "ledger_code": "N-RB06", "reduction": "69,400.10",
        "title_1": "Contract award, enforcement",
    }  # fmt: skip
    priya.record("It looks like one saving claimed twice", **saving, file_1=pdf("award"))
    priya.record("Recorded: £69,400.10 for September 2026", **saving, file_1=pdf("award"), seen="on")
    priya.record(
        "Recorded: £4,250.60 for September 2026", scheme=scheme("RB-20"), kind="one_off_cost", benefit_class="",
        amount="4,250.60", funded_by="reserves", file_1=pdf("invoice"), title_1="Invoice 8841",
    )  # fmt: skip
    for entry in entries("RB-01", month__in=(4, 5)):
        priya.post(f"{entry.get_absolute_url()}attach/", "is attached", file_1=pdf("payroll"), title_1="Payroll")
    roll_up()
    assert member_row(priya, "Northford Council")[:3] == ["£1,126,412.60", "£995,012.50", "£913,700.00"]


def covered(desk, place, title, many):
    desk.post(place, f"“{title}” is attached to {many} entries.", file_1=pdf(title), title_1=title)


def attesting(priya):
    key = f"{scheme('RB-03')}-cash_releasing"
    here = "/recurring/QNF/2026-27/"
    others = dict.fromkeys(re.findall(r'name="([^"]*-said)"', priya.page(here)), "unknown")
    priya.post(
        here, "1 attested, £90,118.27 in all", **others | {
            f"{key}-said": "delivers", f"{key}-amount": "90,118.27", f"{key}-ledger_code": "N-RB03",
            f"{key}-reduction": "90,118.27", f"{key}-file_1": pdf("licences"), f"{key}-title_1": "System licences",
        },
    )  # fmt: skip


def charging(priya):
    """Millhaven's charge is provisional at first; the difference stands until the final amount."""
    hannah, george = Desk("hannah.brook", "millhaven"), Desk("george.whitlock", "stonebeck")
    charge(priya, "QNF", "received", "QMH", "80,000.00", standing="provisional")
    charge(hannah, "QMH", "paid", "QNF", "79,512.40")
    charge(priya, "QNF", "received", "QSB", "67,500.00")
    charge(george, "QSB", "paid", "QNF", "67,500.00")
    assert "£487.60" in priya.words("/charges/differences/")
    address = re.search(r'href="(/charges/[^"]*/final/)"', priya.page("/charges/"))[1]
    token = re.search(r'name="token" value="([^"]*)"', priya.page(address))[1]
    priya.post(address, "Final: ", token=token, amount="79,512.40", note="Caseload settled")
    assert "£487.60" not in priya.words("/charges/differences/")
    roll_up()
    assert member_row(priya, "Northford Council")[4] == "£1,472,512.40"
    assert member_row(priya, "Millhaven District Council")[4] == "−£637,512.40"


def charge(desk, council, direction, other, amount, standing="final"):
    desk.post(
        "/charges/new/", "Reported for", token=str(uuid.uuid4()), council=council, partnership=SLUG, note="",
        direction=direction, other=other, amount=amount, year="2026", month="6", standing=standing,
    )  # fmt: skip


def settling(priya, thomas):
    """RB-06 resembles Stonebeck's RB-02: the smaller in grade is left out until somebody else says they are two."""
    roll_up()
    assert "£69,400.10" in thomas.words("/double-claims/")
    page = priya.page("/double-claims/")
    assert str(entries("RB-06")[0].public_id) not in re.findall(r'name="entry" value="([^"]*)"', page)
    page = thomas.page("/double-claims/")
    found = re.search(
        rf'name="entry" value="({entries("RB-06")[0].public_id})">\s*((?:<input type="hidden" name="other"[^>]*>\s*)+)',
        page,
    )
    others = re.findall(r'value="([^"]*)"', found[2])
    thomas.post(
        "/double-claims/", "these are different savings", entry=found[1], other=others,
        reason="Enforcement agents here, deleted posts there.",
    )  # fmt: skip
    roll_up()
    assert member_row(thomas, "Northford Council")[:3] == ["£1,216,530.87", "£1,154,530.87", "£913,700.00"]


def signing(thomas):
    """One is returned with its reason, nine are signed off at once."""
    (cost,) = entries("RB-20")
    thomas.post(f"{cost.get_absolute_url()}return/", "Returned to Priya Nair", reason="Whose share is this?")
    nine = [
        *entries("RB-01", month__in=(4, 5, 6)), *entries("RB-09"), *entries("RB-06"), *entries("RB-23", month=6),
        *entries("RB-03"),
    ]  # fmt: skip
    thomas.sign_off(nine, "Agreed to budget monitoring", "Signed off: 9 entries, £276,677.37 in all.")


def answering(priya, thomas):
    assert "Whose share is this?" in priya.words("/")
    (cost,) = entries("RB-20")
    assert "Whose share is this?" in priya.words(cost.get_absolute_url())
    priya.post(f"{cost.get_absolute_url()}attach/", "is attached", file_1=pdf("split"), title_1="Split of the invoice")
    thomas.sign_off([cost], "", "Signed off: £4,250.60")


def closing(clock, priya, thomas):
    priya.post(RETURN, "Submitted: Northford, July to September 2026.", do="submitted")
    assert priya.client.post(RETURN, {"do": "signed_off"}).status_code == 403
    clock.move_to(noon(10, 9), tick=False)
    thomas.post(RETURN, "Signed off: Northford, July to September 2026.", do="signed_off")
    leila = deputy(thomas)
    clock.move_to(noon(10, 12), tick=False)
    page = leila.words(RETURN)
    for line in ("0 entries not signed off", "0 entries without a document", "0 entries returned and not put right"):
        assert line in page
    with as_role("worker"):
        checkpointing.make_due(noon(10, 12, 9))  # the day's own
    leila.post(RETURN, "Closed: Northford, July to September 2026.", do="closed", reason="")
    refused = plain(leila.client.post(RETURN, {"do": "reopened", "reason": "Let me see"}).text)
    assert "You closed this quarter, so somebody else has to reopen it." in refused
    with as_role("worker"):
        assert checkpointing.make_due(noon(10, 12, 13)).why == "close"
    roll_up()
    assert member_row(priya, "Northford Council") == [
        "£1,216,530.87", "£1,154,530.87", "£1,118,530.87", "£1,873,097.10", "£1,472,512.40", "£753,946.17",
        "£717,946.17",
    ]  # fmt: skip


def deputy(thomas):
    """Leila Haddad, while Thomas is away."""
    page = thomas.page(f"{NORTHFORD}people/")
    away = re.search(r'<option value="([^"]*)"[^>]*>\s*Thomas Adeyemi, finance lead', page)[1]
    leila = re.search(r'<option value="([^"]*)"[^>]*>\s*Leila Haddad', page)[1]
    days = {"starts_on_0": "10", "starts_on_1": "10", "starts_on_2": "2026",
            "until_0": "16", "until_1": "10", "until_2": "2026"}  # fmt: skip
    thomas.post(
        f"{NORTHFORD}people/", "Leila Haddad stands in for Thomas Adeyemi", do="name", covered=away, deputy=leila,
        reason="Annual leave", token=str(uuid.uuid4()), **days,
    )  # fmt: skip
    return Desk("leila.haddad", "northford")


def correcting(priya, thomas):
    priya.record(
        "Recorded as an adjustment, because its quarter is closed", scheme=scheme("RB-09"), month="5",
        amount="-104.17", ledger_code="N-RB09", file_1=pdf("audit"), title_1="Internal audit",
    )  # fmt: skip
    (late,) = entries("RB-09", adjustment=True)
    thomas.sign_off([late], "As audit found", "Signed off: −£104.17")
    roll_up()
    assert member_row(priya, "Northford Council")[:3] == ["£1,216,426.70", "£1,154,426.70", "£1,118,426.70"]


def reopening(clock, priya, thomas):
    """Leila closed it, so somebody else opens it: Thomas, who is back."""
    clock.move_to(noon(10, 23), tick=False)
    thomas.post(RETURN, "Reopened: Northford, July to September 2026.", do="reopened", reason="Digits transposed")
    (wrong,) = entries("RB-20")
    priya.post(f"{wrong.get_absolute_url()}reverse/", "The two come to nothing", reason="It is 4,520.60")
    priya.record(
        "Recorded: £4,520.60 for September 2026", scheme=scheme("RB-20"), kind="one_off_cost", benefit_class="",
        amount="4,520.60", funded_by="reserves", file_1=pdf("invoice"), title_1="Invoice 8841",
    )  # fmt: skip
    thomas.sign_off(entries("RB-20"), "", "Signed off: £4,520.60")
    priya.post(RETURN, "Submitted: Northford", do="submitted")
    clock.move_to(noon(10, 26), tick=False)
    thomas.post(RETURN, "Signed off: Northford", do="signed_off")
    thomas.post(RETURN, "Closed: Northford", do="closed", reason="")


def confirming(thomas):
    """The letter to Stonebeck's contact, whose link needs no account; £104.17 less than the first letter asked."""
    with as_role("worker"):
        assert letters.write_due(at=noon(10, 28))
    link = re.search(r"/confirm/[^/]+/", mail.outbox[-1].body)[0]
    stranger = Client()
    page = plain(stranger.get(link).text)
    for line in ("£36,000.00", "£9,208.33", "£69,400.10", "£114,608.43"):
        assert line in page, page
    done = stranger.post(link, {"whole": "agree", "without_sharing": "under_quarter"}, follow=True)
    assert "Answer received" in done.text
    assert "Answered" in thomas.words("/confirmations/") or "Agreed" in thomas.words("/confirmations/")
    roll_up()


def reporting(priya):
    """As at the close: what came afterwards is not in it."""
    answer = priya.client.post(
        "/reports/new/", {"partnership": SLUG, "day_0": "12", "day_1": "10", "day_2": "2026"}, follow=True
    )
    assert answer.status_code == 200
    with as_role("worker"):
        report = Report.objects.latest("pk")
        jobs.run(report.job_id)
        assert Job.objects.get(pk=report.job_id).state == "done"
    csv = b"".join(priya.client.get(f"/reports/{report.public_id}/report.csv").streaming_content).decode()
    assert "4250.60" in csv
    assert "4520.60" not in csv
    assert "-104.17" not in csv


def ending(priya, before):
    """Every figure at the end, and none of those before has moved."""
    page = priya.page(HOME)
    said = rows_of(page, MEMBERS)
    assert of(said, "Northford Council")[1:] == [
        "£1,216,426.70", "£1,154,426.70", "£1,118,426.70", "£1,873,367.10", "£1,472,512.40", "£753,572.00",
        "£717,572.00",
    ]  # fmt: skip
    assert of(said, "Millhaven District Council")[-2] == "£520,787.60"
    assert of(said, "Stonebeck District Council")[-2] == "£441,700.00"
    assert of(said, "Eastmere Council")[-2] == "−£17,900.00"
    assert of(said, "The partnership")[1:4] == ["£4,186,626.70", "£4,124,626.70", "£4,066,626.70"]
    assert of(said, "The partnership")[-2] == "£1,698,159.60"
    told = rows_of(priya.page(NORTHFORD), PARTNERSHIPS)
    assert told["All together"][1:4] == ["£828,372.00", "£766,372.00", "£272,972.00"]
    then = "/as-at/2026-09-30"
    assert rows_of(priya.page(then + HOME), MEMBERS) == before[0]
    assert rows_of(priya.page(then + NORTHFORD), PARTNERSHIPS) == before[1]
    with as_role("worker"):
        assert checkpoints.last()
        for command in (["verify_ledger"], ["roll_up", "--check"]):
            call_command(*command, stdout=io.StringIO())
