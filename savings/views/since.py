"""What changed since somebody last looked at a council or partnership, and the button that says they have read it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from councils.models import Council
from partnerships.models import Membership, Partnership
from savings.models import Seen
from savings.reporting.since import MOST_ACTS, heads_now, last_seen, news


@login_required
@require_http_methods(["GET", "POST"])
def of_council(request, slug):
    council = get_object_or_404(Council, slug=slug)
    if not request.rights.may_see(council.pk):
        raise Http404
    return _answer(request, council, council=council)


@login_required
@require_http_methods(["GET", "POST"])
def of_partnership(request, slug):
    partnership = get_object_or_404(Partnership, slug=slug)
    if not Membership.objects.filter(partnership=partnership, council__in=request.rights.councils()).exists():
        raise Http404
    return _answer(request, partnership, partnership=partnership)


def _answer(request, thing, **which):
    if request.method == "POST":
        Seen.objects.create(person=request.person, heads=heads_now(**which), at=request.now, **which)
        messages.success(request, "Marked as read. What happens from now on is listed here.")
        return redirect(request.path)
    return render(request, "savings/since/page.html", {
        "thing": thing, "news": news(person=request.person, **which), "seen": last_seen(request.person, **which),
        "most": MOST_ACTS,
    })  # fmt: skip
