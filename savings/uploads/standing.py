"""What stands in the ledger beside an upload: read in a few queries, whatever the upload's size."""

from collections import defaultdict
from typing import NamedTuple

import polars as pl
from django.db import connection

from councils.models import Council
from councils.plain_text import skeleton
from partnerships.models import Membership, Partnership
from savings.models import BudgetReduction, Scheme, with_amounts

#: What makes two rows the same, as a file says it.
SAID = (
    "council_id", "partnership_id", "scheme_id", "series", "kind", "class", "recurrence", "financial_year", "month",
    "amount", "note", "ledger_code", "document_ref", "external_key",
)  # fmt: skip
SCHEMA = {
    **dict.fromkeys(("council_id", "partnership_id", "scheme_id"), pl.Int64),
    **dict.fromkeys(("series", "kind", "class", "recurrence"), pl.String),
    **dict.fromkeys(("financial_year", "month", "amount"), pl.Int64),
    **dict.fromkeys(("note", "ledger_code", "document_ref", "external_key"), pl.String),
    "stands": pl.Boolean,
}
#: The amounts keep the column's own type: PostgreSQL looks only such a list up by hash, and reads any other whole.
ENTRIES = """
COPY (
    SELECT e.council_id, e.partnership_id, e.scheme_id, e.series, e.kind, coalesce(e.benefit_class, ''), e.recurrence,
        e.year, coalesce(e.month, 0), e.amount_pence, btrim(e.note, E' \\n'), e.ledger_code, e.document_ref,
        coalesce(e.external_key, ''),
        e.reverses_id IS NULL AND NOT EXISTS (SELECT 1 FROM savings_entry r WHERE r.reverses_id = e.id)
    FROM savings_entry e
    WHERE e.council_id = ANY (%s)
        AND (e.year = ANY (%s) AND e.amount_pence = ANY (%s::bigint[]) OR e.external_key = ANY (%s))
) TO STDOUT (FORMAT csv, FORCE_QUOTE *)
"""
#: What has to be recorded one way: by month or as a whole.
BASIS = {"scheme_id": pl.Int64, "financial_year": pl.Int64, "series": pl.String, "kind": pl.String}
BASES = """
SELECT DISTINCT e.scheme_id, e.year, e.series, e.kind, e.month IS NULL FROM savings_entry e
WHERE e.council_id = %s AND e.year = ANY (%s) AND e.scheme_id = ANY (%s) AND e.reverses_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM savings_entry r WHERE r.reverses_id = e.id)
"""


class Budget(NamedTuple):
    pk: int
    code: str
    left: int  # pence that can still be claimed of it


class Known(NamedTuple):
    """The names an upload of one council may use."""

    councils: dict[str, int]  # by code, lower case; all there are
    partnerships: dict[str, Partnership]  # by slug and name, lower case: those the council is or was a member of
    memberships: dict[int, list[Membership]]  # the council's, by partnership
    schemes: dict[tuple[int, str], Scheme]  # by partnership and skeleton of the reference
    budgets: dict[tuple[int, str], Budget]  # by year and skeleton of the code


def known(council: Council, years) -> Known:
    memberships: dict[int, list[Membership]] = defaultdict(list)
    for each in Membership.objects.current().filter(council=council):
        memberships[each.partnership_id].append(each)
    partnerships = {}
    for each in Partnership.objects.filter(pk__in=memberships):
        partnerships[each.name.casefold()] = partnerships[each.slug.casefold()] = each
    schemes = {
        (scheme.partnership_id, skeleton(scheme.reference)): scheme
        for scheme in Scheme.objects.filter(partnership__in=list(memberships))
    }
    reductions = with_amounts(BudgetReduction.objects.filter(council=council, year__in=list(years)))
    budgets = {
        (each.year, skeleton(each.code)): Budget(each.pk, each.code, max(each.stands_at - each.claimed, 0))
        for each in reductions
    }
    codes = {code.casefold(): pk for code, pk in Council.objects.values_list("code", "pk")}
    return Known(codes, partnerships, memberships, schemes, budgets)


def entries(councils, years, amounts, keys) -> pl.DataFrame:
    """The entries of the councils (ids) in the years that are of one of the amounts (pence), and those with the keys,
    whatever their year: `SCHEMA`. No other can be the same as a row of the file, or a duplicate of it.

    Those the reader may see: row-level security answers.
    """
    with connection.cursor() as cursor:
        asked = [list(councils), list(years), list(amounts), list(keys)]
        with cursor.copy(ENTRIES, asked) as copy:
            content = b"".join(bytes(block) for block in copy)
    if not content:
        return pl.DataFrame(schema=SCHEMA)
    text = SCHEMA | {"stands": pl.String}
    found = pl.read_csv(content, has_header=False, schema=text, empty_string_is_null=False)
    return found.with_columns(
        pl.col("stands") == "t", month=pl.when(pl.col("month") == 0).then(None).otherwise(pl.col("month"))
    ).select(*SCHEMA)


def bases(council: Council, years, schemes) -> pl.DataFrame:
    """How the council's entries that stand are recorded in the years, for the schemes (ids): `BASIS`, and `whole`."""
    with connection.cursor() as cursor:
        cursor.execute(BASES, [council.pk, list(years), list(schemes)])
        return pl.DataFrame(cursor.fetchall(), schema=BASIS | {"whole": pl.Boolean}, orient="row")
