"""Somebody at work in the demonstration world: their browser, their day, and the figures their pages show."""

import datetime
import html
import re
import uuid

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from councils.models import User
from savings.demo.dates import LONDON
from savings.reporting import rollups
from tests.database import as_role
from tests.factories import PDF
from tests.savings.views.test_grid import fields

FIGURES = ("claimed", "counted", "proven", "costs", "charges", "net counted", "net proven")


def pdf(name):
    return SimpleUploadedFile(f"{name}.pdf", PDF + name.encode(), content_type="application/pdf")


def noon(month, day, hour=12):
    return datetime.datetime(2026, month, day, hour, tzinfo=LONDON)


def plain(page):
    """The words of a page with every run of white space as one blank."""
    text = re.sub(r"<(script|style|head)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


class Desk:
    """One person's. What they send has to be taken: `post` fails unless the page afterwards says `said`."""

    def __init__(self, name, council):
        self.email, self.browser, self.day = f"{name}@{council}.example", Client(), None

    @property
    def client(self):
        """Signed in; anew each day, as a session lasts no longer."""
        if self.day != timezone.localdate():
            with as_role("worker"):
                self.browser.force_login(User.objects.get(email=self.email))
            self.day = timezone.localdate()
        return self.browser

    def page(self, address):
        answer = self.client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return answer.text

    def words(self, address):
        return plain(self.page(address))

    def post(self, address, said, **form):
        answer = self.client.post(address, form, follow=True)
        text = plain(answer.text)
        assert said in text, text[:3000]
        return answer

    def record(self, said, **form):
        """One amount on the form for one entry, in September 2026 unless `form` says otherwise."""
        usual = {
            "token": str(uuid.uuid4()), "council": "QNF", "series": "banked", "year": "2026", "month": "6",
            "benefit_class": "cash_releasing", "recurrence": "one_off", "ledger_code": "", "reduction": "",
            "funded_by": "", "document_ref": "", "note": "", "kind": "saving",
        }  # fmt: skip
        return self.post("/entries/new/", said, **usual | form)

    def save_grid(self, address, page, said, typed=None, **answers):
        """Check what the grid `page` holds and `typed` says, save it, and return the page of what was saved."""
        check = self.client.post(address, fields(page) | (typed or {}) | {"do": "check"})
        assert said in plain(check.text), plain(check.text)[:3000]
        codes = re.findall(r'name="code" value="([^"]*)"', check.text)
        saved = self.client.post(address, fields(check) | {"do": "save", "reason": "", "code": codes} | answers)
        assert saved.status_code == 302, plain(saved.text)[:3000]
        return saved["Location"]

    def sign_off(self, entries, reason, said):
        """In bulk, from the queue, with what the page showed of each."""
        page = self.page("/sign-off/")
        shown = dict(re.findall(r'name="(shown-[^"]*)" value="([^"]*)"', page))
        ticked = [str(entry.public_id) for entry in entries]
        assert {f"shown-{each}" for each in ticked} <= set(shown)
        return self.post("/sign-off/", said, entries=ticked, do="sign", reason=reason, **shown)


def rows_of(page, caption):
    """`{first cell: the other cells}` of the table with that caption, as plain text."""
    for table in re.findall(r"<table.*?</table>", page, flags=re.DOTALL):
        if caption in plain(table):
            rows = re.findall(r"<tr.*?</tr>", table, flags=re.DOTALL)
            cells = [
                [plain(cell) for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", row, flags=re.DOTALL)] for row in rows
            ]
            return {row[0]: row[1:] for row in cells if row and row[1:]}
    raise AssertionError(f"no table “{caption}”")


def roll_up():
    with as_role("worker"):
        rollups.drain()
