"""What must add up in the ledger whatever happened, for `verify_ledger`: one sentence for each thing wrong."""

import hashlib
from collections.abc import Iterator

from django.db import connection

from savings.documents import path_of
from savings.models import Document, ReportFile
from savings.reporting import rows

QUERIES = {
    "entry {0}: its reversal is not equal and opposite": """
        SELECT e.id FROM savings_entry e JOIN savings_entry r ON r.reverses_id = e.id
        WHERE r.amount_pence <> -e.amount_pence ORDER BY 1""",
    "budget reduction {0}: the total kept of its claims is not what they come to": """
        SELECT b.id FROM savings_budgetreduction b LEFT JOIN savings_budgettotal t ON t.reduction_id = b.id
        LEFT JOIN (SELECT budget_reduction_id AS id, sum(amount_pence) AS pence FROM savings_entry
                   WHERE budget_reduction_id IS NOT NULL AND series = 'banked' GROUP BY 1) e ON e.id = b.id
        WHERE coalesce(t.claimed_pence, 0) <> coalesce(e.pence, 0)
           OR t.council_id <> b.council_id ORDER BY 1""",
    "budget reduction {0}: claims come to more than was taken out": """
        SELECT b.id FROM savings_budgetreduction b JOIN savings_entry e ON e.budget_reduction_id = b.id
        WHERE e.series = 'banked' GROUP BY b.id HAVING sum(e.amount_pence) > coalesce(
            (SELECT c.amount_pence FROM savings_budgetcorrection c WHERE c.reduction_id = b.id
             ORDER BY c.sequence DESC LIMIT 1), b.amount_pence) ORDER BY 1""",
    "decision {0}: made by the person who recorded the entry": """
        SELECT d.id FROM savings_decision d JOIN savings_entry e ON e.id = d.entry_id
        WHERE e.recorded_by_id = d.decided_by_id ORDER BY 1""",
    "distinction {0}: made by a person who recorded one of the two": """
        SELECT DISTINCT d.id FROM savings_distinction d JOIN savings_entry e ON e.year = d.year
            AND ((e.council_id, e.scheme_id) = (d.council_id, d.scheme_id)
              OR (e.council_id, e.scheme_id) = (d.other_council_id, d.other_scheme_id))
        WHERE e.recorded_by_id = d.decided_by_id AND e.act_id < d.act_id
          AND e.series = 'banked' AND e.kind = 'saving' ORDER BY 1""",
    "distinction across partnerships {0}: made by a person who recorded one of the two": """
        SELECT DISTINCT d.id FROM savings_distinctionacross d JOIN savings_entry e
            ON e.council_id = d.council_id AND e.year = d.year AND e.scheme_id IN (d.scheme_id, d.other_scheme_id)
        WHERE e.recorded_by_id = d.decided_by_id AND e.act_id < d.act_id
          AND e.series = 'banked' AND e.kind = 'saving' ORDER BY 1""",
    "entry {0}: of a scheme, case or budget that is not its partnership's or council's": """
        SELECT e.id FROM savings_entry e
        LEFT JOIN savings_scheme s ON s.id = e.scheme_id AND s.partnership_id = e.partnership_id
        LEFT JOIN savings_budgetreduction b ON b.id = e.budget_reduction_id
        WHERE s.id IS NULL OR (e.budget_reduction_id IS NOT NULL
            AND (b.council_id, b.year) IS DISTINCT FROM (e.council_id, e.year)) ORDER BY 1""",
}

#: What is wrong with a row of promises_posted.sql, by which side it stands on and what it is.
PROMISES = {
    ("posted", "line"): "savings_entry row {}: projected, but not as the approved business case plans it",
    ("posted", "charge"): "savings_charge row {}: projected, but not as the approved business case plans it",
    ("planned", "line"): "partnerships_plannedline row {}: its approval did not post it as it is planned",
    ("planned", "charge"): "partnerships_plannedcharge row {}: its approval did not post it as it is planned",
}


def balances() -> Iterator[str]:
    """Reads the ledger with one statement a rule; call as a role that sees everything."""
    for sentence, query in QUERIES.items():
        with connection.cursor() as cursor:
            cursor.execute(query)
            yield from (sentence.format(*row) for row in cursor.fetchall())
    yield from rows("promises_posted", lambda side, what, row: PROMISES[side, what].format(row))


def stored_files() -> Iterator[str]:
    """Every document's and report's bytes are still those whose digest the ledger sealed."""
    for name, model in (("document", Document), ("report file", ReportFile)):
        for sha256, pk in model.objects.order_by("pk").values_list("sha256", "pk").iterator():
            place = path_of(sha256)
            if not place.exists():
                yield f"{name} {pk}: its file is missing"
                continue
            with place.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                    yield f"{name} {pk}: its file was changed"
