"""The area of a county or a combined authority: its councils together, each once, as far as the reader may see."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from councils import areas, carrying
from councils.models import Council
from councils.years import FinancialYear
from savings import area_rows, charts, figure_tables
from savings.reporting import figures
from savings.reporting.area_record import kept_by, of_the_past, record_of


@require_safe
def area(request, slug):
    """Everybody's; only figures that the reader may see anyway are in it, and the page says so. Fifteen queries."""
    council = get_object_or_404(Council.objects.with_end(), slug=slug)
    if not areas.has_area(council):
        raise Http404
    today = timezone.localdate(request.now)
    found = areas.area_of(council)
    page = {
        "council": council,
        "area": found,
        "carries": carrying.matters([each.pk for each in found.everybody], on=today),
    }
    page["within_now"], page["within_once"] = areas.parted(found.within, on=today)
    return render(request, "savings/councils/area.html", page | position(found, today))


def position(area, today):
    """What the page says in figures, and what it leaves out."""
    through, holders, sources = FinancialYear.containing(today), area.holders, area.sources
    found = figures.area_figures(sources, holders, today)
    known = {each.pk: each for each in area.everybody}
    councils = [known.get(pk) or other for pk, other in carrying.named(holders).items()]
    kept = kept_by(sources)
    rows = area_rows.of_councils(councils, found.councils, area=area, on=today)
    shown = [each for each in rows if each.recorded or each.figures.net_promised]
    return {
        "figures": found,
        "through": through,
        "paid_outside": -found.total.charges,
        "sentence": figures.sentence(found.total, f"the councils of {area.council.short_name}", found.since),
        "chart": charts.cumulative(found.points, now=through.start),
        "by_council": figure_tables.by_member(
            shown, found.total, first="Council", caption=f"Council by council, to {through.label}",
            together="All of them together",
        ),
        "by_partnership": figure_tables.nets(
            area_rows.of_partnerships(found.partnerships), found.total, first="Partnership",
            caption=f"Partnership by partnership, the councils of the area only, each net, to {through.label}",
        ),
        "silent_here": [each for each in councils if each not in [row.council for row in shown] and each.pk in kept],
        "not_shown": [each for each in councils if each not in [row.council for row in shown] and each.pk not in kept],
        "follow_others": [each for each in councils if each.pk in area.follow_others],
        **of_the_past(sources),
        **record_of(known.values(), councils, today),
    }  # fmt: skip
