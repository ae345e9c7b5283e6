"""The service catalogue, the real partnerships and what has been said about them, from the carried tables.

The partnerships are known from what was published, and claimed by no member yet. Nothing here goes near the ledger.
"""

from decimal import Decimal

from councils.loading import date_of
from councils.money import to_pence
from councils.reference import council_ids

from .models import (
    Audience,
    Ending,
    MapTotal,
    Membership,
    Partnership,
    PartnershipService,
    PublicClaim,
    Service,
    Vehicle,
)


def load(loading):
    """Everything of this app, in the order in which rows name each other."""
    load_services(loading)
    published = loading.read("public_partnerships")
    load_partnerships(loading, published)
    ids = dict(Partnership.objects.values_list("slug", "id"))
    load_audiences(loading, [ids[row["slug"]] for row in published])
    load_shared_services(loading, published, ids)
    load_vehicles(loading, ids)
    load_endings(loading, published, ids)
    load_members(loading, published, ids)
    load_claims(loading, ids)
    load_map_totals(loading)


def load_services(loading):
    loading.add("services", Service.objects.all(), loading.read("services"), key=["slug"])


def load_partnerships(loading, published):
    rows = [
        {
            "slug": row["slug"],
            "name": row["name"],
            "summary": row["summary"],
            "started_on": date_of(row["started"]),
            "started_precision": row["started_precision"],
            "from_public_record": True,
            "founded_by_id": loading.by.pk,
        }
        for row in published
    ]
    loading.add("partnerships", Partnership.objects.all(), rows, key=["slug"])


def load_audiences(loading, partnerships):
    """What was published may be seen by everyone, until the members that claim a partnership decide otherwise."""
    rows = [{"partnership_id": partnership, "who": Audience.Who.PUBLIC.value} for partnership in partnerships]
    loading.add("audiences", Audience.objects.all(), rows, key=["partnership_id", "who"])


def load_shared_services(loading, published, ids):
    services = dict(Service.objects.values_list("slug", "id"))
    rows = [
        {"partnership_id": ids[row["slug"]], "service_id": services[service]}
        for row in published
        for service in row["services"].split()
    ]
    loading.add("shared_services", PartnershipService.objects.all(), rows, key=["partnership_id", "service_id"])


def load_vehicles(loading, ids):
    rows = [
        {
            "partnership_id": ids[row["partnership"]],
            "form": row["vehicle"],
            "starts_on": date_of(row["from"]),
            "as_published": row["as_published"],
        }
        for row in loading.read("public_partnership_vehicles")
    ]
    loading.add("vehicles", Vehicle.objects.all(), rows, key=["partnership_id", "starts_on"])


def load_endings(loading, published, ids):
    rows = [
        {
            "partnership_id": ids[row["slug"]],
            "ended_on": date_of(row["ended"]),
            "ended_precision": row["ended_precision"],
            "why": row["why_ended"],
        }
        for row in published
        if row["ended"]
    ]
    loading.add("endings", Ending.objects.all(), rows, key=["partnership_id"])


def load_members(loading, published, ids):
    """A member whose own dates were not published joined with the partnership and left with it.

    Compared with first versions only: a membership put right since is a later row that replaces its first.
    """
    partnerships, councils = {row["slug"]: row for row in published}, council_ids()
    rows = []
    for row in loading.read("public_partnership_members"):
        partnership = partnerships[row["partnership"]]
        rows.append(
            {
                "partnership_id": ids[row["partnership"]],
                "council_id": councils[row["council"]],
                "role": row["role"] or Membership.Role.UNKNOWN.value,
                "host": row["host"] == "yes",
                "starts_on": date_of(row["from"] or partnership["started"]),
                "starts_precision": row["from_precision"] or partnership["started_precision"],
                "ends_on": date_of(row["to"] or partnership["ended"]),
                "ends_precision": row["to_precision"] or partnership["ended_precision"] or "day",
            }
        )
    stored = Membership.objects.filter(replaces__isnull=True)
    loading.add("members", stored, rows, key=["partnership_id", "council_id", "starts_on"])


def load_claims(loading, ids):
    as_they_are = ("kind", "claimant", "period", "net_or_gross", "statement", "source_title", "source_url")
    rows = [
        {column: row[column] for column in as_they_are}
        | {
            "partnership_id": ids[row["partnership"]],
            "position": int(row["position"]),
            "amount_pence": int(row["amount_pence"]) if row["amount_pence"] else None,
            "amount_as_published": f"£{row['amount_gbp_m']} million" if row["amount_gbp_m"] else "",
            "basis": row["metric_basis"],
            "checked": row["verified"],
        }
        for row in loading.read("public_claims")
    ]
    loading.add("claims", PublicClaim.objects.all(), rows, key=["position"])


def load_map_totals(loading):
    rows = [
        {
            "published": row["published"],
            "arrangements": int(row["arrangements"]) if row["arrangements"] else None,
            "cumulative_pence": _pence(row["cumulative_savings_gbp_m"]),
            "other_pence": _pence(row["other_amount_gbp_m"]),
            "note": row["note"],
            "source_url": row["source_url"],
            "checked": row["verified"],
        }
        for row in loading.read("lga_map_totals")
    ]
    loading.add("map_totals", MapTotal.objects.all(), rows, key=["published"])


def _pence(millions):
    """Pence from a text of £ million, None from an empty one."""
    return to_pence(Decimal(millions) * 1_000_000) if millions else None
