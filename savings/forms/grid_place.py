"""Which grid: one council a person records for, one partnership of it, and a financial year, chosen in the address."""

from urllib.parse import urlencode

from councils.models import Council
from councils.rights import RECORDING
from councils.years import FinancialYear
from partnerships.models import Membership

YEARS_BACK = 8


class GridPlace:
    """`found` says whether there is one; `where` is what every reader of cells takes. Unknown choices fall back to
    the first, because somebody else's and none at all must look alike. `preferred` chooses a (council, partnership)
    among them where the address names no partnership. Two queries."""

    def __init__(self, query, *, rights, today, preferred=None):
        mine = rights.councils(*RECORDING)
        self.councils = list(Council.objects.filter(pk__in=mine).order_by("name"))
        members = list(
            Membership.objects.current()
            .kept()
            .filter(council__in=mine)
            .select_related("partnership")
            .order_by("partnership__name")
        )
        this = FinancialYear.containing(today)
        self.years = [FinancialYear(this.start - back) for back in range(YEARS_BACK + 1)]
        self.year = next((year for year in self.years if str(year.start) == query.get("year")), this)
        with_any = [council for council in self.councils if any(each.council_id == council.pk for each in members)]
        self.councils = with_any or self.councils
        if preferred and not query.get("partnership"):
            places = [
                (council, each.partnership) for council in self.councils for each in members
                if each.council_id == council.pk and query.get("council") in (None, council.code)
            ]  # fmt: skip
            if chosen := preferred(places, self.year):
                query = {"council": chosen[0].code, "partnership": chosen[1].slug}
        self.council = _chosen(self.councils, "code", query.get("council"))
        of_it = {each.partnership_id: each.partnership for each in members
                 if self.council and each.council_id == self.council.pk}  # fmt: skip
        self.partnerships = list(of_it.values())
        self.partnership = _chosen(self.partnerships, "slug", query.get("partnership"))
        self.found = bool(self.council and self.partnership)

    @property
    def where(self):
        return {"council": self.council, "partnership": self.partnership, "year": self.year}

    @property
    def query(self):
        return urlencode({"council": self.council.code, "partnership": self.partnership.slug, "year": self.year.start})


def _chosen(known, field, wanted):
    return next((each for each in known if getattr(each, field) == wanted), known[0] if known else None)
