"""The list of councils, and a council's page: its figures for its own people, the register for everybody."""

from django.db.models import Count
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from councils import areas, carrying, register, register_words
from councils.chips import chips
from councils.endings import ending_soon
from councils.filters import CouncilFilter
from councils.models import Council
from councils.tables import CouncilTable
from councils.years import FinancialYear
from partnerships.memberships import memberships_of
from partnerships.sight import sights
from savings import addressing, charts, figure_rows, figure_tables, gap_tables
from savings.actions.invitations import may_invite
from savings.bridge import bridge
from savings.lasting import lasting
from savings.reporting import confirmed, figures, needs
from savings.reporting.gaps import by_year, gaps_of

PER_PAGE = 50


@require_safe
def councils(request):
    """Everybody's: every council there is or was since 2009, and the other bodies that share services with them."""
    today = timezone.localdate(request.now)
    filter_form = CouncilFilter(request.GET, on=today)
    found = filter_form.narrow(
        Council.objects.with_end().annotate(memberships_shown=Count("memberships__partnership", distinct=True))
    )
    table = CouncilTable(found, on=today)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    return render(
        request,
        "savings/councils/list.html",
        {
            "filter_form": filter_form,
            "chips": chips(filter_form, request),
            "table": table,
            "count": table.paginator.count,
        },
    )


@require_safe
def council(request, slug):
    """For its own people where it stands; for everybody else what the register and the public record hold."""
    council = get_object_or_404(Council.objects.select_related("county", "combined_authority"), slug=slug)
    today = timezone.localdate(request.now)
    entry = register.register_entry(council, on=today)
    page = {
        "council": council,
        "register": entry,
        "facts": register_words.facts(council, on=today),
        "within_heading": "Its districts" if council.kind == Council.Kind.COUNTY else "Its councils",
        "has_area": areas.has_area(council),
        "within_now": areas.parted(entry.within, on=today)[0],
        "within_once": areas.parted(entry.within, on=today)[1],
        "memberships": memberships_of(council, on=today),
    }
    page["carries"] = carrying.matters([council.pk], on=today)
    if request.carried and council.has_ended(today) and entry.successors:
        page["introduction"] = register_words.introduction(council, entry, on=today)
        return render(request, "savings/councils/passed_on.html", page)
    if not request.rights.may_see(council.pk):
        introduction = register_words.introduction(council, entry, on=today)
        page["may_invite"] = request.rights.administers and bool(may_invite(request.person, council, today))
        return render(request, "savings/councils/register.html", page | {"introduction": introduction})
    page["sights"] = sights(request.rights, [each.partnership.pk for each in page["memberships"]], on=today)
    page |= position(council, page["memberships"], today) | ends(council, request.rights, entry, today)
    page["memberships"] = [each for each in page["memberships"] if not each.kept]
    return render(request, "savings/councils/position.html", page)


def position(council, memberships, today):
    """Everything the page says in figures: fourteen queries, however many entries there are."""
    through = FinancialYear.containing(today)
    found = figures.council_figures(council, today)
    fresh = figures.freshness(on=today, council=council)
    rows = figure_rows.of_partnerships(memberships, found.partnerships, council=council)
    opens = addressing.opened(council=council)
    carried = carrying.reading() is not None  # what is told of single claims is not shared out
    said = confirmed.of_council(council, today)
    return {
        "said": said,
        "said_total": confirmed.total(said),
        "figures": found,
        "through": through,
        "sentence": figures.sentence(found.total, council.short_name, found.since),
        "chart": charts.cumulative(found.points, now=through.start),
        "by_partnership": figure_tables.nets(
            rows, found.total, first="Partnership", caption=f"Partnership by partnership, each net, to {through.label}"
        ),
        "losing": losing(memberships, today),
        "disputed": needs.disputed([council.pk]).count(),
        "disputed_url": addressing.entries(council=council.slug, standing="disputed"),
        "taken_apart": figure_tables.taken_apart(found.total, opens),
        "costs": figure_tables.costs(found.total, opens),
        "beside": figure_tables.beside(found.total, opens),
        "year_by_year": figure_tables.year_by_year(
            found.years, through=through.start, opens_of=figure_tables.opens_by_year(council=council)
        ),
        "lasting": None if carried else lasting(found.points, on=today, council=council),
        "gap": gap_tables.gap_met(by_year(gaps_of(council)), found.years, through=through.start),
        "opens": opens,
        "bridge": None
        if carried
        else bridge([each.partnership.pk for each in memberships], through=through.start, council=council),
        "fresh": fresh,
        "as_at": fresh.as_at,
    }


def ends(council, rights, entry, today):
    """Whether it has ended or is to end, and which of those it follows its people may act for. At most one query."""
    if council.has_ended(today):
        return {"ends": "ended", "follows": []}
    follows = [each.other for each in entry.predecessors if each.other.pk in rights.inherited]
    return {"ends": "ahead" if ending_soon([council.pk], on=today) else "", "follows": follows}


def losing(memberships, today):
    """Members of the council's partnerships that are worse off, the council itself among them; worst first."""
    kept = {each.partnership.pk: each.partnership for each in memberships if each.kept}
    found = figures.by_member(kept, today)
    worse = [
        {"partnership": kept[pk], "member": member, "loss": -member.figures.net_counted}
        for pk, members in found.items()
        for member in members
        if member.figures.net_counted < 0
    ]
    return sorted(worse, key=lambda each: -each["loss"])
