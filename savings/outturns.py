"""Which lines of outturn a member may start its baseline from: those of the partnership's services, newest first."""

from collections import defaultdict

from councils.models import Outturn

YEARS = 15


def outturns_of(partnership, councils):
    """By council id, at most `YEARS` years of each line its services are reported on, newest first. Two queries.

    Where two publications give one year, the one loaded last holds.
    """
    lines = {each.service.outturn_line for each in partnership.services.select_related("service")} - {""}
    rows = Outturn.objects.filter(council__in=councils, line__in=lines, amount_pence__gt=0).order_by("pk")
    latest = {(row.council_id, row.line, row.year): row for row in rows}
    found: defaultdict[int | None, list[Outturn]] = defaultdict(list)
    for row in sorted(latest.values(), key=lambda row: (-row.year, row.line)):
        if len(found[row.council_id]) < YEARS * len(lines):
            found[row.council_id].append(row)
    return dict(found)
