"""Holding the rows of an upload against the ledger: each is new, the same, a duplicate, bad or left out.

- *same*: the ledger says exactly this already (and is visible to whoever asks), so nothing is to be done;
- *duplicate*: the file says it twice, or the ledger has that amount for that scheme and period in other words;
- *bad*: something is wrong with it; every problem of every row is found at once;
- *left out*: a line of totals, or one of the template in which nothing was filled in.

Only *new* rows are ever written. Row numbers are those of the file.
"""

import datetime
from collections import defaultdict
from difflib import get_close_matches
from typing import NamedTuple

import polars as pl
from django.utils import timezone

from councils.money import pounds
from councils.plain_text import skeleton
from councils.refusals import Refused
from councils.years import FinancialYear
from savings.actions.entries import COSTS, refuse_stranger
from savings.actions.periods import closed_quarters, quarter_of_period
from savings.models.typed import Kind, Recurrence, Series

from . import cells, standing
from .entry_columns import COLUMNS
from .files import Rows

NEW, SAME, DUPLICATE, BAD, LEFT_OUT = "new", "same", "duplicate", "bad", "left_out"
TOTALS = r"^\W*(sub[ -]?|grand )?totals?\b"
PROBLEM = {"row": pl.Int64, "column": pl.String, "code": pl.String, "message": pl.String}
#: What two rows have in common that are one amount in other words.
ALIKE = ("council_id", "scheme_id", "series", "kind", "class", "recurrence", "financial_year", "month", "amount")
IN_OTHER_WORDS = (
    "The ledger has this amount for this scheme and period already, in other words. If this is another one, give it an "
    "external_key of its own."
)
TWICE = "The file says this twice. If both are meant, give each an external_key of its own."


class Checked(NamedTuple):
    """`rows`: `row`, what each says (`standing.SAID`), `budget_id` and `outcome`, in the file's order. `problems`: as
    `PROBLEM`, by row."""

    rows: pl.DataFrame
    problems: pl.DataFrame

    def count(self, outcome: str) -> int:
        return self.rows.filter(pl.col("outcome") == outcome).height

    def pence(self, outcome: str) -> int:
        return int(self.rows.filter(pl.col("outcome") == outcome)["amount"].sum() or 0)

    @property
    def new(self) -> pl.DataFrame:
        return self.rows.filter(pl.col("outcome") == NEW)


def check(found: Rows, *, council, at: datetime.datetime) -> Checked:
    """Check the rows of a file for `council` at the moment `at`, inside the scope of whoever asks. Writes nothing."""
    return _Check(found, council, at).checked()


class _Check:
    def __init__(self, found: Rows, council, at):
        self.council, self.at = council, at
        totals = _totals(found.frame) | _unfilled()
        self.left_out = found.frame.filter(totals).select("row")
        written = found.frame.filter(~totals)
        self.rows, problems = cells.read(written, COLUMNS)
        self.found = [problems]
        over = [row for row in found.extra_cells if row in set(written["row"])]
        self._say(
            over, "", "extra_cells", "This row has more cells than the header. Put amounts with commas in quotes."
        )
        years = self.rows["financial_year"].drop_nulls().unique().to_list()
        self.known = standing.known(council, years)
        self.years = years

    def checked(self) -> Checked:
        self._named()
        self._typed()
        rows, ledger = self._beside_the_ledger()
        self.rows = rows
        unread = self._bad()
        open_rows = rows.filter(~pl.col("same") & ~pl.col("row").is_in(unread))
        self._foreign(open_rows)
        self._amounts(open_rows)
        self._periods(open_rows)
        self._keys(open_rows, ledger)
        self._bases(open_rows.filter(~pl.col("row").is_in(self._bad())))
        twice = self._twice(open_rows, ledger)
        budgets = self._budgets(open_rows.filter(~pl.col("row").is_in([*self._bad(), *twice])))
        return self._outcome(rows, twice, budgets)

    def _say(self, rows, column, code, message):
        rows = list(rows)
        if rows:
            said = {"row": rows, "column": column, "code": code, "message": message}
            self.found.append(pl.DataFrame(said, schema=PROBLEM))

    def _bad(self) -> list[int]:
        return pl.concat(self.found)["row"].unique().to_list()

    def _rows_where(self, column, value) -> list[int]:
        return self.rows.filter(pl.col(column) == value)["row"].to_list()

    # --- names ----------------------------------------------------------------------------------------------------

    def _named(self):
        """Ids in place of names; a name that is not known is a problem of each row that has it."""
        councils, partnerships = {}, {}
        for code in self.rows["council"].unique().to_list():
            pk = self.known.councils.get((code or "").casefold())
            if not code:
                self._say(self._rows_where("council", code), "council", "missing", "Say which council: its code.")
            elif pk is None:
                near = _near(code, {each: each.upper() for each in self.known.councils})
                said = f"There is no council {code}.{near}"
                self._say(self._rows_where("council", code), "council", "unknown_council", said)
            councils[code] = pk
        for name in self.rows["partnership"].unique().to_list():
            found = self.known.partnerships.get((name or "").casefold())
            if not name:
                self._say(self._rows_where("partnership", name), "partnership", "missing", "Say which partnership.")
            elif found is None:
                near = _near(name, {each: found.slug for each, found in self.known.partnerships.items()})
                said = f"{self.council.short_name} has no partnership “{name}”.{near}"
                self._say(self._rows_where("partnership", name), "partnership", "unknown_partnership", said)
            partnerships[name] = found.pk if found else None
        self.rows = self.rows.with_columns(
            council_id=pl.col("council").replace_strict(councils or {"": None}, return_dtype=pl.Int64),
            partnership_id=pl.col("partnership").replace_strict(partnerships or {"": None}, return_dtype=pl.Int64),
        )
        self._schemes()

    def _schemes(self):
        references = defaultdict(list)
        for (partnership, _), scheme in self.known.schemes.items():
            references[partnership].append(scheme.reference)
        named = self.rows.select("partnership_id", "scheme").unique()
        ids = []
        for partnership, reference in named.iter_rows():
            found = self.known.schemes.get((partnership, skeleton(reference or "")))
            ids.append((partnership, reference, found.pk if found else None))
            if found or (partnership is None and reference):
                continue
            mine = self.rows.filter(
                pl.col("partnership_id").eq_missing(partnership) & pl.col("scheme").eq_missing(reference)
            )["row"]
            if not reference:
                self._say(mine, "scheme", "missing", "Say which scheme: its reference.")
            else:
                near = _near(reference, {each.casefold(): each for each in references[partnership]})
                self._say(mine, "scheme", "unknown_scheme", f"This partnership has no scheme {reference}.{near}")
        schema = {"partnership_id": pl.Int64, "scheme": pl.String, "scheme_id": pl.Int64}
        known = pl.DataFrame(ids, schema=schema, orient="row")
        self.rows = self.rows.join(
            known, on=["partnership_id", "scheme"], how="left", nulls_equal=True, maintain_order="left"
        )

    def _typed(self):
        """What a row has to say besides its names; what follows from it is filled in."""
        rows, kind = self.rows, pl.col("kind")
        problems = {(row, column) for row, column in pl.concat(self.found).select("row", "column").iter_rows()}

        def missing(column, where, message):
            mine = rows.filter(where)["row"].to_list()
            self._say([row for row in mine if (row, column) not in problems], column, "missing", message)

        for column, message in (
            ("series", "Say whether it is banked or a forecast."),
            ("kind", "Say what it is: a saving, a one-off cost, a running cost or income."),
            ("financial_year", "Say which financial year, like 2024/25."),
            ("amount", "Enter an amount in pounds, like 1234.50."),
        ):
            missing(column, pl.col(column).is_null(), message)
        missing("class", kind.eq("saving") & pl.col("class").is_null(), "Say what class of saving this is.")
        unclassed = rows.filter(kind.ne("saving") & pl.col("class").is_not_null())["row"]
        self._say(unclassed, "class", "class", "Only a saving has a class. Leave this empty.")
        given = pl.col("recurrence").is_null() & kind.is_in([Kind.SAVING, Kind.INCOME])
        missing("recurrence", given, "Say whether it comes back: recurring, one_off or time_limited.")
        cost = (
            pl.when(kind == Kind.ONE_OFF_COST).then(pl.lit(Recurrence.ONE_OFF.value))
            .when(kind == Kind.RUNNING_COST).then(pl.lit(Recurrence.RECURRING.value))
        )  # fmt: skip
        self.rows = rows.with_columns(
            pl.col("recurrence").fill_null(cost), pl.col("class").fill_null(""),
            *(pl.col(name).fill_null("") for name in ("note", "ledger_code", "document_ref", "external_key")),
        )  # fmt: skip

    # --- beside the ledger ----------------------------------------------------------------------------------------

    def _beside_the_ledger(self):
        """The rows, each knowing whether it is the `same`; and the ledger's. As many are the same as the ledger has."""
        councils = self.rows["council_id"].drop_nulls().unique().to_list()
        keys = self.rows.filter(pl.col("external_key") != "")["external_key"].unique().to_list()
        amounts = self.rows["amount"].drop_nulls().unique().to_list()
        ledger = standing.entries(councils or [self.council.pk], self.years, amounts, keys)
        nth = pl.int_range(pl.len()).over(standing.SAID).alias("nth")
        there = ledger.select(*standing.SAID, nth, pl.lit(True).alias("same"))
        rows = self.rows.with_columns(nth).join(
            there, on=[*standing.SAID, "nth"], how="left", nulls_equal=True, maintain_order="left"
        )
        return rows.with_columns(pl.col("same").fill_null(False)), ledger.filter(
            pl.col("council_id") == self.council.pk
        )

    def _foreign(self, rows):
        for pk in rows.filter(pl.col("council_id") != self.council.pk)["council_id"].unique().to_list():
            code = next(code for code, each in self.known.councils.items() if each == pk).upper()
            said = f"This row is of {code}, and this upload is for {self.council.code}. {code} uploads its own."
            self._say(rows.filter(pl.col("council_id") == pk)["row"], "council", "other_council", said)

    def _amounts(self, rows):
        promised = rows.filter(pl.col("series") == Series.PROJECTED)["row"]
        self._say(
            promised, "series", "projected", "A promise comes from an approved business case, not from here."
        )  # fmt: skip
        negative = rows.filter((pl.col("amount") < 0) & (pl.col("series") != Series.PROJECTED))["row"]
        said = "An amount is positive, a cost too. To undo an entry, reverse it on its page."
        self._say(negative, "amount", "negative", said)

    def _periods(self, rows):
        """Years and months: the council was a member, it has begun, and its quarter is open."""
        today = timezone.localdate(self.at)
        closed = closed_quarters(self.council)
        costs = pl.col("kind").is_in([str(each) for each in COSTS])
        asked = rows.with_columns(cost=costs).group_by("partnership_id", "financial_year", "month", "cost", "series")
        by_pk = {each.pk: each for each in self.known.partnerships.values()}
        for (partnership, year, month, cost, series), mine in asked:
            start, where = FinancialYear(year), by_pk[partnership]
            try:
                refuse_stranger(
                    council=self.council, partnership=where, year=start, month=month, cost=cost,
                    memberships=self.known.memberships[partnership],
                )  # fmt: skip
            except Refused as refusal:
                self._say(mine["row"], "financial_year", "not_a_member", str(refusal))
                continue
            if series != Series.BANKED:
                continue
            first = start.first_day if month is None else start.month_first_day(month)
            quarter = quarter_of_period(start, month)
            if first > today:
                said = "That has not begun yet. Make it a forecast, or correct the period."
                self._say(mine["row"], "month" if month else "financial_year", "not_begun", said)
            elif (partnership, quarter.first_day) in closed:
                said = (
                    f"{quarter.months_label} is closed for {self.council.short_name} in {where.name}. Record it as an "
                    "adjustment with the form for one entry, or have the return reopened."
                )
                self._say(mine["row"], "month" if month else "financial_year", "closed", said)

    def _keys(self, rows, ledger):
        """An `external_key` names one entry of the council, here and in the ledger."""
        keyed = rows.filter(pl.col("external_key") != "")
        taken = ledger.filter(pl.col("external_key") != "")["external_key"].unique()
        said = (
            "The ledger has an entry with this key that says something else. Reverse that one and give this another "
            "key, or correct the row."
        )
        self._say(keyed.filter(pl.col("external_key").is_in(taken))["row"], "external_key", "key_taken", said)
        nth = keyed.with_columns(
            nth_key=pl.int_range(pl.len()).over("external_key"), nth_row=pl.int_range(pl.len()).over(standing.SAID)
        )
        again = nth.filter((pl.col("nth_key") > 0) & (pl.col("nth_row") == 0))["row"]
        self._say(again, "external_key", "key_twice", "Another row of this file has this key. Give each its own.")

    def _bases(self, rows):
        """A scheme's year is recorded by month or as a whole, never both."""
        basis = list(standing.BASIS)
        here = rows.select("row", *basis, pl.col("month").is_null().alias("whole"))
        there = standing.bases(self.council, self.years, here["scheme_id"].unique().to_list())
        both = pl.concat([here.drop("row").unique(), there]).unique()
        mixed = both.group_by(basis).len().filter(pl.col("len") > 1)
        said = "A scheme’s year is recorded by month or as a whole, never both. Here, or with the ledger, it is both."
        self._say(here.join(mixed, on=basis)["row"].sort(), "month", "basis", said)

    def _twice(self, rows, ledger) -> dict[int, str]:
        """Rows said twice in the file, or that the ledger has in other words: row to why."""
        again = rows.with_columns(again=pl.int_range(pl.len()).over(standing.SAID)).filter(pl.col("again") > 0)["row"]
        alike = ledger.filter("stands").select(ALIKE).unique()
        bare = rows.filter(pl.col("external_key") == "").join(alike, on=ALIKE, how="semi", nulls_equal=True)["row"]
        return dict.fromkeys(bare.to_list(), IN_OTHER_WORDS) | dict.fromkeys(again.to_list(), TWICE)

    def _budgets(self, rows) -> pl.DataFrame:
        """`row`, `budget_id` and `code` of the savings that name a budget; claims never exceed what was taken out."""
        schema = {"row": pl.Int64, "budget_id": pl.Int64, "code": pl.String}
        coded = rows.filter((pl.col("kind") == Kind.SAVING) & (pl.col("ledger_code") != ""))
        found = []
        for (year, code), mine in coded.group_by("financial_year", "ledger_code", maintain_order=True):
            budget = self.known.budgets.get((year, skeleton(code)))
            if budget is None:
                codes = {each: budget.code for (of, each), budget in self.known.budgets.items() if of == year}
                near = _near(code, codes)
                said = (
                    f"Budget {code} is not recorded for {FinancialYear(year).label}.{near} Record what was "
                    "taken out of it first, or leave this empty."
                )  # fmt: skip
                self._say(mine["row"], "ledger_code", "unknown_budget", said)
                continue
            found.append(mine.select("row", "amount", "series", budget_id=pl.lit(budget.pk), code=pl.lit(budget.code)))
        if not found:
            return pl.DataFrame(schema=schema)
        named = pl.concat(found)
        left = {each.pk: each for each in self.known.budgets.values()}
        for (pk,), mine in named.filter(pl.col("series") == Series.BANKED).group_by("budget_id"):
            budget, claims = left[pk], mine["amount"].sum()
            if claims > budget.left:
                said = (
                    f"The rows of this file claim {pounds(claims)} of budget {budget.code}, of which "
                    f"{pounds(budget.left)} is left. Check the amounts and the code."
                )
                self._say(mine["row"], "ledger_code", "overclaimed", said)
        return named.select(*schema)

    def _outcome(self, rows, twice, budgets) -> Checked:
        bad = self._bad()
        problems = pl.concat(self.found).filter(~pl.col("row").is_in(rows.filter("same")["row"].to_list()))
        clear = {row: why for row, why in twice.items() if row not in set(bad)}
        said = pl.DataFrame(
            {"row": list(clear), "column": "", "code": DUPLICATE, "message": list(clear.values())}, schema=PROBLEM
        )
        outcome = (
            pl.when("same").then(pl.lit(SAME)).when(pl.col("row").is_in(bad)).then(pl.lit(BAD))
            .when(pl.col("row").is_in(list(clear))).then(pl.lit(DUPLICATE)).otherwise(pl.lit(NEW))
        )  # fmt: skip
        rows = rows.join(budgets, on="row", how="left", maintain_order="left").with_columns(
            ledger_code=pl.col("code").fill_null(pl.col("ledger_code")), outcome=outcome
        )
        kept = rows.select("row", "council", "partnership", "scheme", *standing.SAID, "budget_id", "outcome")
        left = self.left_out.with_columns(outcome=pl.lit(LEFT_OUT))
        every = pl.concat([kept, left], how="diagonal").sort("row")
        return Checked(every, pl.concat([problems, said]).sort("row", "column"))


def _totals(frame: pl.DataFrame) -> pl.Expr:
    """Lines of totals: nothing says what they are of, and one of their cells says “total”."""
    nameless = pl.all_horizontal(pl.col(name).str.strip_chars() == "" for name in ("series", "kind", "financial_year"))
    names = [name for name in frame.columns if name != "row"]
    says = pl.any_horizontal(pl.col(name).str.to_lowercase().str.contains(TOTALS) for name in names)
    return nameless & says


def _unfilled() -> pl.Expr:
    """Lines of the template that nobody filled in: all that a person adds is empty."""
    added = ("amount", "note", "ledger_code", "document_ref", "external_key")
    return pl.all_horizontal(pl.col(name).str.strip_chars() == "" for name in added)


def _near(written: str, shown: dict[str, str]) -> str:
    """` Did you mean X?`, X being how the nearest of the names (lower case: as shown) is written; or empty."""
    near = get_close_matches(written.casefold(), list(shown), n=1, cutoff=0.6)
    return f" Did you mean {shown[near[0]]}?" if near else ""
