"""Who was a member of a partnership from when to when, in which role, and what each bore."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnerships.memberships import members_of
from partnerships.models import Change, Partnership
from partnerships.shares import stretches
from partnerships.sight import sights
from savings import members_tables


@require_safe
def members(request, slug):
    """Names, dates and roles for whoever may see the partnership; shares for its members."""
    partnership = get_object_or_404(Partnership.objects.select_related("ending"), slug=slug)
    today = timezone.localdate(request.now)
    belonging = members_of(partnership, on=today)
    own = request.rights.councils() & {each.council.pk for each in belonging}
    page = {
        "partnership": partnership,
        "belonging": belonging,
        "own": own,
        "history": members_tables.history(belonging, open_to_reader=bool(own)),
        "today": today,
    }
    if own:
        days = stretches([row for each in belonging for row in each.rows])
        page |= {
            "sights": sights(request.rights, [partnership.pk], on=today),
            "shares": members_tables.day_by_day(days, _keys(partnership)),
            "now": next((each for each in days if each.starts_on <= today), None),
        }
    return render(request, "savings/members/page.html", page)


def _keys(partnership):
    """{first day: how the cost is shared from then on}, of the changes that came about."""
    agreed = Change.objects.filter(partnership=partnership, kind=Change.Kind.TERMS, answers__completes=True)
    return {change.starts_on: change.get_cost_key_display() for change in agreed.order_by("pk")}
