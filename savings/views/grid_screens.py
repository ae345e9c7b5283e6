"""The two screens of a grid: the grid itself, and the step before the ledger: what saving would do, in words, and where
two people met."""

from collections import Counter

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from councils.money import pounds
from councils.years import MONTHS
from savings import grid_page
from savings.actions import grid as action
from savings.forms.grid import shown
from savings.models import BudgetReduction
from savings.models.typed import BenefitClass, Kind
from savings.reporting.radar import Typed, resembles
from savings.standing_cells import MONTHS_AND_WHOLE, pence_of, standing_cells


def grid_screen(request, place, sent=grid_page.NOTHING, *, errors=None, refused="", added=None, complaints=(),
                pasted="", copied=None):  # fmt: skip
    """The grid with what was typed still in it; `errors` by cell, `refused` and `complaints` above it."""
    today = timezone.localdate(request.now)
    shown = grid_page.grid(**place.where, today=today, sent=sent, errors=errors, added=added)
    year = place.where["year"]
    begun = [quarter for quarter in year.quarters if quarter.first_day <= today]
    return render(request, "savings/grid/page.html", {
        "place": place, "grid": shown, "resembles": (), "refused": refused, "complaints": complaints, "pasted": pasted,
        "copied": copied, "kinds": Kind.choices, "quarters": begun, "months": MONTHS,
        "wrong": bool(refused or complaints or shown.errors),
    })  # fmt: skip


def check_screen(request, place, sent, changes, form):
    """Reads the cells anew, so what it says is true now; saving asks once more."""
    where = place.where
    cells = standing_cells(**where)
    clashes, left = _clashes(sent, changes, cells), None
    if clashes:
        met = {(each["change"].row, each["change"].month) for each in clashes}
        rest = [change for change in changes if (change.row, change.month) not in met]
        left = action.plan(rest, cells)
    else:
        left = action.plan(changes, cells)
    try:
        action.check(left, cells=cells, at=request.now, **where)
    except action.NotBooked as refusal:
        return grid_screen(request, place, sent, errors=refusal.cells)
    if not (left.something or clashes):
        messages.info(request, "Nothing is left to save: the grid says what the ledger says.")
        return redirect(f"{reverse('savings:grid')}?{place.query}")
    schemes = {scheme.public_id: scheme for scheme in where["partnership"].schemes.all()}
    for code in _unknown(left, where):
        if code not in form.codes.values():
            form.ask_about(code)
    say = _Said(schemes, where["year"])
    form.ask_why(certain=bool(left.changed or left.removed))
    return render(request, "savings/grid/check.html", {
        "place": place, "form": form, "clashes": [say.clash(each) for each in clashes],
        "new": [say.change(change) for change in left.new],
        "changed": [say.change(change, cell) for change, cell in left.changed],
        "removed": [say.change(change, cell) for change, cell in left.removed],
        "rows": _hidden(sent, changes, cells), "wrong": bool(form.errors),
        "asks_why": bool(left.changed or left.removed or clashes),
        "signed": sum(entry.state.grade >= 2 for _, cell in (*left.changed, *left.removed) for entry in cell.entries
                      if getattr(entry, "state", None)),
        "unanswered": bool(sent.unanswered), "resembles": resembling(changes, where),
    })  # fmt: skip


def resembling(changes, where):
    """What the cash-releasing savings among `changes` would resemble, by scheme; see `savings.reporting.radar`."""
    more: Counter = Counter()
    for change in changes:
        if change.row.kind == Kind.SAVING and change.row.benefit_class == BenefitClass.CASH_RELEASING:
            more[change.row.scheme] += (change.pence or 0) - (pence_of(change.was) or 0)
    if not more:
        return []
    schemes = where["partnership"].schemes.select_related("service").filter(public_id__in=more).order_by("reference")
    typed = [Typed(scheme, more[scheme.public_id]) for scheme in schemes]
    return resembles(council=where["council"], partnership=where["partnership"].pk, year=where["year"], typed=typed)


def _clashes(sent, changes, cells):
    found = []
    for change in changes:
        try:
            action.plan([change], cells)
        except action.NotBooked as refusal:
            ((_, cell),) = refusal.clashes.items()
            found.append({"change": change, "cell": cell})
    return found


def _unknown(wanted, where):
    """Codes that savings name and that no budget of the council and year is known by."""
    named = {change.ledger_code for change in wanted.new if change.row.kind == Kind.SAVING}
    named |= {change.ledger_code for change, cell in wanted.changed
              if change.row.kind == Kind.SAVING and not cell.entries[-1].ledger_code}  # fmt: skip
    named.discard("")
    known = BudgetReduction.objects.filter(council=where["council"], year=where["year"].start, code__in=named)
    return sorted(named - set(known.values_list("code", flat=True)))


class _Said:
    def __init__(self, schemes, year):
        self.schemes, self.year = schemes, year

    def change(self, change, cell=None):
        return {
            "scheme": self.schemes[change.row.scheme],
            "what": grid_page.row_words(change.row),
            "when": grid_page.month_words(self.year, change.month),
            "now": "" if change.pence is None else pounds(change.pence),
            "before": pounds(cell.pence) if cell and cell.entries else "",
            "code": change.ledger_code,
        }

    def clash(self, each):
        change, cell = each["change"], each["cell"]
        last = cell.entries[-1] if cell.entries else None
        was = change.was and pounds(int(change.was.partition(":")[0]))
        return self.change(change, cell) | {
            "name": f"{change.row.text}.{change.month}", "was": was or "nothing", "mark": cell.mark, "last": last,
        }  # fmt: skip


def _hidden(sent, changes, cells):
    """The rows that changed, as hidden fields: marks, what was typed, ledger code. What did not change is not sent."""
    rows: dict = {}
    for change in changes:
        rows.setdefault(change.row, {})[change.month] = change
    return [
        {
            "name": row.text,
            "marks": ",".join(
                months[month].was if month in months else sent.marks.get((row, month), "") for month in MONTHS_AND_WHOLE
            ),
            "code": sent.codes.get(row, ""),
            "cells": [(f"{row.text}.{month}", shown(change.pence)) for month, change in months.items()],
        }
        for row, months in rows.items()
    ]
