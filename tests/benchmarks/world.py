"""Ledgers of any size, made the honest way: as the application, every trigger and policy on, 100,000 rows an act."""

import datetime
import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from django.db import connection, connections, transaction
from django.db.utils import load_backend

from councils.acts import act
from councils.sealing import leaf_expression
from partnerships.models import Vehicle
from savings.actions import quality
from savings.actions import schemes as schemes_of
from savings.models import BudgetReduction, Entry
from savings.models.typed import BenefitClass, Recurrence
from tests import cast as standing
from tests import database
from tests.factories import acting, found_together

ROWS_AN_ACT = 100_000
MUST_BE_ON = {"act_noted", "append_only", "never_emptied", "entry_check"}

#: Asha's entries for Northford, by month over five years and the partnership's schemes; every tenth claims on a budget.
INSERT = """
INSERT INTO savings_entry (act_id, council_id, partnership_id, scheme_id, series, kind, benefit_class, recurrence, year,
    month, posted_quarter, amount_pence, note, ledger_code, budget_reduction_id, recorded_by_id, recorded_at)
SELECT %(act)s, %(council)s, %(partnership)s, (%(schemes)s::bigint[])[1 + i %% cardinality(%(schemes)s::bigint[])],
    'banked', 'saving', 'cash_releasing', 'recurring', 2021 + (i / 12) %% 5, 1 + i %% 12, '2026-04-01',
    100 + i %% 90000,
    'Posted from the monthly budget monitoring', CASE WHEN i %% 10 = 0 THEN 'R' || (i / 12) %% 5 ELSE '' END,
    CASE WHEN i %% 10 = 0 THEN (%(reductions)s::bigint[])[1 + (i / 12) %% 5] END, %(person)s, %(at)s
FROM generate_series(1, %(rows)s) AS i
"""


class World:
    """One database of its own, with a connection that stays open beside those of other worlds."""

    def __init__(self, name: str) -> None:
        database.clone(name)
        settings = database.settings_for(name)
        self.name, self.connection = name, load_backend(settings["ENGINE"]).DatabaseWrapper(settings, "default")
        with self.here(), database.as_role("worker"):
            self.cast = standing.find_cast()
            guards()

    @contextmanager
    def here(self) -> Iterator["World"]:
        """Inside it, the product works on this world."""
        before = connections["default"]
        connections["default"] = self.connection
        try:
            yield self
        finally:
            connections["default"] = before

    def backend(self) -> int:
        with self.here(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return cursor.fetchone()[0]


def guards() -> None:
    """Raises unless every trigger a benchmark is about is on, and the policies are forced."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = 'savings_entry'::regclass AND tgenabled = 'A'")
        missing = MUST_BE_ON - {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT relforcerowsecurity FROM pg_class WHERE oid = 'savings_entry'::regclass")
        assert not missing, f"not as in the product: {missing}"
        assert cursor.fetchone()[0], "row-level security is not forced"


def reductions(cast, *, partnership=None) -> list[int]:
    """Five budget reductions of Northford, one a year from 2021, so large that nothing exceeds them."""
    with acting(cast.people["asha"]) as how, act(**how, verb="recorded", subject="five budgets") as this:
        return [
            BudgetReduction.objects.create(
                act=this, council=cast.councils["NFD"], year=2021 + place, code=f"R{place}", amount_pence=10**14,
                recorded_by=how["by"],
            ).pk
            for place in range(5)
        ]  # fmt: skip


def load(cast, rows: int, *, partnership=None, schemes=None, council="NFD", by="asha", budgets=(), explain=False):
    """`rows` entries in acts of at most 100,000; with `explain`, yields {trigger: seconds} of each statement."""
    found = []
    partnership = partnership or cast.partnership
    for first in range(0, rows, ROWS_AN_ACT):
        with acting(cast.people[by]) as how, act(**how, verb="recorded", subject="a large upload") as this:
            named = {
                "act": this.pk, "council": cast.councils[council].pk, "partnership": partnership.pk,
                "schemes": [scheme.pk for scheme in schemes or cast.schemes.values()],
                "reductions": list(budgets) or [None], "person": how["by"].pk, "at": how["at"],
                "rows": min(ROWS_AN_ACT, rows - first),
            }  # fmt: skip
            with connection.cursor() as cursor:
                cursor.execute(("EXPLAIN (ANALYZE, TIMING OFF) " if explain else "") + INSERT, named)
                if explain:
                    found.append(_times(row for (row,) in cursor.fetchall()))
    return found


def spread(cast, rows: int, *, partnerships: int, budgets=()):
    """`rows` entries over that many partnerships of Northford and Southmere; returns the cast with the last of them."""
    for number in range(partnerships):
        with acting(cast.people["ben"], standing.FOUNDED) as how:
            partnership = found_together(
                cast, **how, slug=f"bench-{number}", name=f"Shared service {number}",
                started_on=datetime.date(2021, 4, 1),
                form=Vehicle.Form.JOINT_COMMITTEE, services=[cast.schemes["REV-01"].service],
                members=[
                    {"council": cast.councils["NFD"], "role": "provider", "host": True, "cost_share_bps": 6_000},
                    {"council": cast.councils["STM"], "role": "receiver", "cost_share_bps": 4_000},
                ],
            )  # fmt: skip
            days = quality.agree(
                **how, partnership=partnership, name="Days", unit="days", higher_is_better=False,
                baseline=Decimal(21), tolerance=Decimal(4),
            )  # fmt: skip
            scheme = schemes_of.propose(
                **how, partnership=partnership, service=cast.schemes["REV-01"].service, reference="REV-01",
                title="One manager in place of two", owner="Head of revenues",
                benefit_class=BenefitClass.CASH_RELEASING, recurrence=Recurrence.RECURRING, indicator=days,
            )  # fmt: skip
        load(cast, rows // partnerships, partnership=partnership, schemes=[scheme], budgets=budgets)
    return cast._replace(partnership=partnership, schemes={"REV-01": scheme})


def _times(lines) -> dict[str, float]:
    times = {}
    for line in lines:
        if trigger := re.match(r"Trigger (\w+)(?: on \w+)?: time=([\d.]+)", line):
            times[trigger[1]] = float(trigger[2]) / 1000
        elif whole := re.match(r"Execution Time: ([\d.]+)", line):
            times["whole"] = float(whole[1]) / 1000
    return times


@contextmanager
def rolled_back():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def seal_statement() -> str:
    """What the trigger of `savings_entry` computes, over as many rows as the parameter says."""
    return (
        f"SELECT string_agg({leaf_expression(Entry)}, ''::bytea ORDER BY n.id) "
        "FROM (SELECT * FROM savings_entry LIMIT %s) n"
    )
