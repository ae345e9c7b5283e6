"""Councils, other bodies, their names, what came after them and what they spent, from the carried tables."""

from decimal import Decimal

from .loading import basis_points, date_of
from .models import Council, CouncilAlias, Outturn, Succession
from .money import to_pence
from .years import FinancialYear

OUTTURN_RELEASE = "Revenue Outturn Summary, net current expenditure"


def load(loading):
    """Everything of this app, in the order in which rows name each other."""
    load_councils(loading)
    load_bodies(loading)
    ids = council_ids()
    load_aliases(loading, ids)
    load_successions(loading, ids)
    load_outturn(loading)


def council_ids():
    """Database id by register code."""
    return dict(Council.objects.values_list("code", "id"))


def load_councils(loading):
    """In waves: a council can only be added once its county and its combined authority are there."""
    waiting, ids = loading.read("councils"), {"": None}
    while waiting:
        ids |= council_ids()
        ready = [row for row in waiting if {row["county_code"], row["combined_authority_code"]} <= set(ids)]
        if not ready:
            raise ValueError(f"councils.csv names councils that are nowhere: {[row['code'] for row in waiting]}")
        loading.add("councils", Council.objects.all(), [_council(row, ids) for row in ready], key=["code"])
        waiting = [row for row in waiting if row not in ready]


def _council(row, ids):
    as_they_are = ("code", "gss_code", "name", "short_name", "slug", "kind", "nation", "region", "ecode")
    return {column: row[column] for column in as_they_are} | {
        "county_id": ids[row["county_code"]],
        "combined_authority_id": ids[row["combined_authority_code"]],
        "started_on": date_of(row["started_on"]),
        "ended_on": date_of(row["ended_on"]),
        "population_2020": int(row["population_2020"]) if row["population_2020"] else None,
        "latitude": Decimal(row["latitude"]) if row["latitude"] else None,
        "longitude": Decimal(row["longitude"]) if row["longitude"] else None,
    }


def load_bodies(loading):
    """Members of real partnerships that are not councils; their codes begin with X-."""
    columns = ("code", "name", "short_name", "slug", "kind")
    rows = [{column: row[column] for column in columns} for row in loading.read("public_bodies")]
    loading.add("bodies", Council.objects.all(), rows, key=["code"])


def load_aliases(loading, ids):
    rows = [{"council_id": ids[row["code"]], "alias": row["alias"]} for row in loading.read("council_aliases")]
    loading.add("aliases", CouncilAlias.objects.all(), rows, key=["council_id", "alias"])


def load_successions(loading, ids):
    rows = [
        {
            "predecessor_id": ids[row["predecessor_code"]],
            "successor_id": ids[row["successor_code"]],
            "on": date_of(row["on"]),
            "share_bps": basis_points(row["share"]),
            "share_basis": row["share_basis"],
        }
        for row in loading.read("council_successions")
    ]
    loading.add("successions", Succession.objects.all(), rows, key=["predecessor_id", "successor_id", "on"])


def load_outturn(loading):
    """One stored row per line; bodies outside the register keep their code and have no council.

    A line nobody filled in a year did not exist in it and is left out. A line that others filled and this body left
    empty is stored without an amount: not reported is not zero.
    """
    table = loading.read("outturn_england")
    councils = dict(Council.objects.exclude(ecode="").values_list("ecode", "id"))
    lines = {column for column in table[0] if column.endswith("_gbp_k")}
    in_use = {(row["financial_year"], line) for row in table for line in lines if row[line]}
    rows = [
        {
            "council_id": councils.get(row["ecode"]),
            "ecode": row["ecode"],
            "year": FinancialYear.parse(row["financial_year"]).start,
            "line": line.removesuffix("_gbp_k"),
            "amount_pence": to_pence(Decimal(row[line]) * 1000) if row[line] else None,
            "name_in_file": row["local_authority"],
            "release": OUTTURN_RELEASE,
        }
        for row in table
        for line in sorted(lines)
        if (row["financial_year"], line) in in_use
    ]
    key, per = ["ecode", "year", "line", "release"], ["ecode", "year"]
    loading.add("outturn", Outturn.objects.filter(release=OUTTURN_RELEASE), rows, key=key, per=per)
