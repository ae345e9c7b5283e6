"""Every template piece on a few pages that only the tests see, so that the look can be checked before any real page.

The pages are answered inside the browser's own request routing: no server, no database, the policy of the settings.
"""

import datetime
import mimetypes
from pathlib import Path
from urllib.parse import urlsplit

import django_tables2 as tables
from csp.utils import build_policy
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory

from councils.chips import chips
from councils.columns import GovukTable, MoneyColumn, NumberColumn
from councils.fields import DayField, MoneyField
from councils.widgets import HintedRadios

ADDRESS = "http://guide.test"
PAGES = Path(__file__).parent / "pages"
NOW = datetime.datetime(2026, 11, 23, 15, 31, tzinfo=datetime.UTC)
LONG_AGO = datetime.date(2019, 4, 1)
MESSAGES = [Message(constants.SUCCESS, "The saving is recorded."), Message(constants.ERROR, "You cannot sign it off.")]
RECURRENCE = {"recurring": "Recurring", "one_off": "One-off", "limited": "Time-limited"}


class SavingForm(forms.Form):
    """One field of every sort a page of ours asks for."""

    partnership = forms.ChoiceField(
        choices=[("", "Choose a partnership"), ("a", "Northford and Westmere revenues"), ("b", "Three Rivers IT")]
    )
    amount = MoneyField(
        label="How much was saved", help_text="Pounds and pence, before any cost. Costs have their own line."
    )
    saved_on = DayField(label="When was it banked", help_text="For example, 27 3 2026.")
    recurrence = forms.ChoiceField(
        label="Does it come back?",
        choices=list(RECURRENCE.items()),
        widget=HintedRadios(hints={"recurring": "Every year, until you say otherwise.", "one_off": "This once only."}),
    )
    shown_to = forms.MultipleChoiceField(
        label="Who may see it", choices=[("m", "Members"), ("s", "The sector")], widget=forms.CheckboxSelectMultiple
    )
    evidence = forms.FileField(label="Evidence", help_text="A PDF, spreadsheet or picture of up to 10 MB.")
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=300, required=False)
    ledger_code = forms.CharField(widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}), required=False)
    sure = forms.BooleanField(label="I have seen the document myself")
    came_from = forms.CharField(widget=forms.HiddenInput, initial="guide")


class FilterForm(forms.Form):
    search = forms.CharField(label="Search", required=False)
    kind = forms.ChoiceField(choices=[("", "Any"), ("saving", "Saving"), ("cost", "Cost")], required=False)
    year = forms.ChoiceField(choices=[("", "All years"), ("2024", "2024/25")], required=False)
    council = forms.ChoiceField(choices=[("", "Every member"), ("n", "Northford")], required=False)


class LedgerTable(GovukTable):
    caption = "Entries of Northford and Westmere revenues, newest first"
    row_header = "reference"
    reference = tables.Column()
    scheme = tables.Column()
    council = tables.Column()
    year = tables.Column(verbose_name="Year")
    grade = tables.TemplateColumn('{% include "govuk/_grade.html" with grade=value only %}', orderable=False)
    share = NumberColumn(verbose_name="Posts")
    amount = MoneyColumn(footer="£4,321,000.00")


class StackedTable(LedgerTable):
    stacked = True
    caption = "The same entries, as cards on a phone"

    class Meta:
        prefix = "cards-"


ENTRIES = [
    {
        "reference": f"NWR-{number:03}",
        "scheme": "Delete one head of service" if number % 2 else "One revenues system instead of two",
        "council": "Northford Borough Council" if number % 3 else "Westmere District Council",
        "year": "2024/25",
        "grade": number % 4,
        "share": number,
        "amount": (-1) ** number * 123_456_00 * number,
    }
    for number in range(1, 60)
]
YEARS = ["2019/20", "2020/21", "2021/22", "2022/23", "2023/24", "2024/25"]
LINE = {"type": "scatter", "mode": "lines", "x": YEARS}
CHART = {
    "id": "curve",
    "title": "Promise and proof, year by year",
    "sentence": "By 2024/25 the promise was £2.4m; £1.2m of it is proven, and the gap has widened since 2022/23.",
    "caption": "Cumulative net savings since 2019/20, nominal",
    "headers": ["Year", "Promised", "Counted", "Proven"],
    "rows": [[year, f"£{n * 400}k", f"£{n * 270}k", f"£{n * 200}k"] for n, year in enumerate(YEARS, 1)],
    "figure": {
        "data": [
            {
                "name": "Promised",
                **LINE,
                "y": [n * 4e5 for n in range(1, 7)],
                "line": {"dash": "dash", "color": "#5a6663"},
            },
            {
                "name": "Claimed",
                **LINE,
                "y": [n * 3e5 for n in range(1, 7)],
                "line": {"dash": "dot", "color": "#b3540a"},
            },
            {
                "name": "Counted",
                **LINE,
                "mode": "lines+markers",
                "y": [n * 2.6e5 for n in range(1, 7)],
                "line": {"color": "#2c5fa8"},
            },
            {"name": "Proven", **LINE, "y": [n * 2e5 for n in range(1, 7)], "line": {"width": 4, "color": "#0b5d52"}},
        ],
        "layout": {"yaxis": {"tickprefix": "£", "tickformat": "~s", "rangemode": "tozero"}},
    },
}


def table_of(kind, request, rows=ENTRIES):
    """A table sorted and paged as the request says, ten rows to a page."""
    table = kind(rows, request=request)
    table.order_by = request.GET.getlist(table.prefixed_order_by_field)
    return table.paginate(page=int(request.GET.get(table.prefixed_page_field, 1)), per_page=10)


def request_for(url, *, signed_in=True):
    request = RequestFactory().get(url)
    request.demo_world = True
    if signed_in:
        request.person_name, request.person_council = "Asha Verma", "Northford Borough Council"
        names = ["Start", "Councils", "Partnerships", "Ledger", "Sign-off", "Reports"]
        request.nav = [{"label": name, "url": f"/{name.lower()}", "current": name == "Ledger"} for name in names]
    return request


def context_for(request):
    filters = FilterForm({"kind": "saving", "search": "head of service"})
    bound = SavingForm(
        {"amount": "1e999", "saved_on_0": "31", "saved_on_1": "2", "saved_on_2": "2026", "note": "as typed"}
    )
    return {
        "request": request,
        "as_at": NOW,
        "chart": CHART,
        "saving_form": SavingForm(),
        "form": bound if "errors" in request.path else None,
        "filter_form": filters,
        "chips": chips(filters, request),
        "clear_url": request.path,
        "table": table_of(LedgerTable, request),
        "cards": table_of(StackedTable, request),
        "empty": table_of(LedgerTable, request, rows=[]),
        "page": Paginator(range(200), 10).page(4),
        "rows": [{"key": "Start", "value": LONG_AGO, "action_url": "#"}, {"key": "Exit cost", "value": None}],
        "verdicts": ["pays", "pays_unproven", "not_yet", "does_not_pay", "cannot_tell"],
        "messages": MESSAGES,
    }


def draw(url):
    """The HTML of a page of the guide, or of an error page by its number."""
    name = urlsplit(url).path.strip("/") or "pieces"
    request = request_for(url, signed_in=not name[0].isdigit())
    if name[0].isdigit():
        return render_to_string(f"{name}.html", {}, request=request)
    page = engines["django"].from_string((PAGES / f"{name}.html").read_text("utf-8"))
    return page.render(context_for(request), request)


def answer(route):
    """Playwright's route handler: static files from where Django finds them, everything else a page."""
    path = urlsplit(route.request.url).path
    if path.startswith("/static/"):
        found = finders.find(path.removeprefix("/static/"))
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        route.fulfill(body=Path(found).read_bytes(), content_type=kind) if found else route.fulfill(status=404)
        return
    route.fulfill(
        body=draw(route.request.url),
        content_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": build_policy()},
    )
