"""A small ledger with one of everything a report has to say, and the report made of it."""

import io
import subprocess
from types import SimpleNamespace

import pypdf

from savings.actions import disputes, entries
from savings.reports import build
from savings.reports.content import gather
from savings.reports.snapshot import bring_up_to_date, take
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_file, a_proven_entry, acting, an_entry
from tests.savings.reporting.ledger import southmere_claims, southmere_pays

PAYLOADS = ('#read("/etc/passwd")', "{{7*7}}", '#eval("1")', "*bold*", "\\input{/etc/passwd}", "<b>b</b>", "$x^2$ @ref")


def one_of_everything(cast):
    """Signed, unsigned, undocumented, reversed, disputed, a transfer, a double claim, a cost, non-cash, payloads."""
    signed = a_proven_entry(cast, amount_pence=90_000_37, note=" ".join(PAYLOADS))
    an_entry(cast, scheme="ICT-01", amount_pence=4_000_00, files=[a_file(title="#eval(1) *title*")])  # documented only
    unproven = an_entry(cast, amount_pence=2_500_00, year=2024)
    twice = a_proven_entry(cast, scheme="ICT-01", amount_pence=7_000_00, code="R200", year=2024)
    with acting(cast.people["asha"]) as how:
        entries.reverse(entry=twice, reason="Posted twice", **how)
    southmere_claims(cast, amount_pence=90_100_00)  # near the signed one, other side: rule 2
    southmere_pays(cast, 4_100_00)  # near the documented one: a transfer, rule 1
    an_entry(cast, kind="one_off_cost", amount_pence=10_000_01, funded_by="reserves", recurrence="one_off")
    an_entry(cast, scheme="ICT-01", benefit_class="cost_avoidance", amount_pence=1_234_00)
    with acting(cast.people["omar"]) as how:
        disputes.dispute(entry=unproven, council=cast.councils["STM"], reason="That is ours", **how)
    return SimpleNamespace(signed=signed, unproven=unproven, twice=twice)


def content_of(cast, *, council="NFD", at=NOW):
    """As the worker gathers it, inside the test's own transaction."""
    with as_role("worker"):
        bring_up_to_date(cast.partnership)
        taken = take(cast.partnership)._replace(as_at=at)
        return gather(cast.partnership, cast.councils[council], taken)


def files_of(content):
    return build.made(content, build.checked(content))


def words_of(pdf):
    """The text of the whole PDF with every run of white space as one blank."""
    try:
        found = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
        text = found.stdout.decode("utf-8")
    except FileNotFoundError:
        text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(text.split())
