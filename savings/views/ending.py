"""A council that is to be abolished, or was: what must be closed, by whom, by when, and what becomes of the rest."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from councils.endings import ending_of
from councils.models import Council, Role
from councils.succession import shared_out
from partnerships.memberships import memberships_of
from savings.carried import not_carried
from savings.left_open import left_open
from savings.reporting import figures


@login_required
@require_safe
@not_carried
def ending(request, slug):
    """For its own people, and after the day for those of its successors; nobody else's row (404)."""
    council = get_object_or_404(Council, slug=slug)
    if not request.rights.may_see(council.pk):
        raise Http404
    today = timezone.localdate(request.now)
    found = ending_of(council, on=today)
    if found is None:
        return render(request, "savings/ending/none.html", {"council": council})
    open_now = left_open(found, on=today)
    total = figures.council_figures(council, today).total
    return render(request, "savings/ending/page.html", {
        "council": council,
        "ending": found,
        "left": open_now,
        "tasks": [(task, Role.What(task.who).label, _when(task, found)) for task in open_now.tasks],
        "total": total,
        "banked_to": _parts(total.counted, found.heirs),
        "memberships": [
            each for each in memberships_of(council, on=today) if each.kept
        ],
        "own_heirs": {heir.council for heir in found.heirs} & request.rights.councils(),
    })  # fmt: skip


def _when(task, ending):
    """How the day of a task stands to today and to the end."""
    if task.by < ending.today:
        return "late"
    return "after" if task.after and not ending.passed else ""


def _parts(pence, heirs):
    """(heir, pence) of what was counted: as carried, but for odd pennies, which follow each grade by itself."""
    return list(zip(heirs, shared_out(pence, [heir.share_bps for heir in heirs]), strict=True)) if heirs else []
