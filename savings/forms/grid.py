"""What a grid sends: the cells as typed, and what each was when the page was made.

Names: `w.ROW` holds the marks of a row's thirteen cells, `v.ROW.MONTH` what was typed in one, `k.ROW` the ledger code
for its new entries; `choose.ROW.MONTH` and `seen.ROW.MONTH` answer a clash. A cell that was not sent is unchanged.
"""

from typing import NamedTuple

from django import forms

from councils.fields import MoneyField, PlainField
from councils.money import MoneyError, parse_pounds, to_pounds
from councils.refusals import Refused
from savings.actions.grid import Change, Place
from savings.standing_cells import MONTHS_AND_WHOLE, RowKey, pence_of

from . import pasted

MOST_ROWS = 150
LONGEST = 100  # characters of a ledger code


class Sent(NamedTuple):
    values: dict[Place, str]
    marks: dict[Place, str]
    codes: dict[RowKey, str]
    suggested: set[Place]
    unanswered: set[Place]  # clashes shown and not chosen
    yielded: set[Place]  # clashes in which the other's value holds


def read(post) -> Sent:
    """Raises `Refused` when the page it came from cannot have been ours."""
    sent = Sent({}, {}, {}, set(), set(), set())
    for text, row in _rows(post):
        marks = post[f"w.{text}"].split(",")
        if len(marks) != len(MONTHS_AND_WHOLE):
            raise _stale()
        sent.codes[row] = post.get(f"k.{text}", "").strip()[:LONGEST]
        for month, mark in zip(MONTHS_AND_WHOLE, marks, strict=True):
            _cell(post, sent, (row, month), f"{text}.{month}", mark)
    return sent


def _rows(post):
    try:
        rows = [(name[2:], RowKey.parse(name[2:])) for name in post if name.startswith("w.")]
    except ValueError:
        raise _stale() from None
    if len(rows) > 2 * MOST_ROWS:
        raise _stale()
    return rows


def _stale():
    return Refused("This page is no longer good. Open it again; nothing was saved.")


def _cell(post, sent, place, name, mark):
    try:
        pence_of(mark)
    except ValueError:
        raise _stale() from None
    sent.marks[place] = mark
    if (typed := post.get(f"v.{name}")) is not None:
        sent.values[place] = typed.strip()
    if f"s.{name}" in post:
        sent.suggested.add(place)
    if (seen := post.get(f"seen.{name}")) is not None:
        choice = post.get(f"choose.{name}")
        if choice == "mine":
            sent.marks[place] = seen
        elif choice == "theirs":
            sent.yielded.add(place)
        else:
            sent.unanswered.add(place)


def changes(sent: Sent) -> tuple[list[Change], dict[Place, str]]:
    """(changes, what is wrong cell by cell): what was typed beside what was there. A typed nought empties a cell."""
    found, wrong = [], {}
    for place, typed in sent.values.items():
        if place in sent.yielded:
            continue
        try:
            pence = (parse_pounds(typed, allow_zero=True) or None) if typed else None
        except MoneyError as refusal:
            wrong[place] = str(refusal)
            continue
        mark = sent.marks[place]
        if pence != pence_of(mark):
            found.append(Change(*place, pence, mark, sent.codes.get(place[0], "")))
    return found, wrong


def shown(pence: int | None) -> str:
    """An amount as a box shows it: `1200`, `1200.50`; empty for None."""
    return "" if pence is None else str(to_pounds(pence)).removesuffix(".00")


def _amount(cell):
    parse_pounds(cell, allow_zero=True)
    return cell


def block(text, references, months) -> pasted.Pasted:
    """Lines pasted from a spreadsheet: a scheme's reference, then its months in order. Cells stay as typed."""
    columns = [
        pasted.Column("scheme", pasted.one_of({each: each for each in references}, "a scheme of this grid")),
        *(pasted.Column(month, _amount, optional=True) for month in months),
    ]
    return pasted.read(text, columns)


class CheckForm(forms.Form):
    """Why, and what was taken out of budgets that are new; `codes` are those the page asked about."""

    reason = PlainField(
        label="Why are amounts already recorded changed?", required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One reason for all of them. It stays beside each reversal.",
    )  # fmt: skip

    def __init__(self, *args, codes=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.codes = {}
        for code in codes[:MOST_ROWS]:
            self.ask_about(code)

    def ask_about(self, code):
        """One more budget that nobody has said anything about."""
        name = f"taken_{len(self.codes)}"
        self.codes[name] = code
        self.fields[name] = MoneyField(label=f"Taken out of budget {code} in the year")

    def ask_why(self, *, certain):
        """Say on the page whether the reason is needed for certain, or only if one's own side of a clash is chosen."""
        self.fields["reason"].required = certain
        if not certain:
            self.fields["reason"].help_text = "Needed only if your amount takes the place of what is there."

    def reductions(self):
        return {code: self.cleaned_data[name] for name, code in self.codes.items()}
