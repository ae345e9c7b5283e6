"""A council that is new here: its steps from nothing to the first signed quarter."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from councils.models import Council
from savings.carried import not_carried
from savings.joining_steps import DONE, steps_of


@login_required
@require_safe
@not_carried
def joining(request, slug):
    """For the council's own people; an administrator sees nothing of a ledger, so nothing of this."""
    council = get_object_or_404(Council, slug=slug)
    if council.pk not in request.rights.councils():
        raise Http404
    steps = steps_of(council, on=timezone.localdate(request.now))
    done = sum(step.state == DONE for step in steps)
    return render(
        request, "savings/joining/page.html", {"council": council, "steps": steps, "done": done, "of": len(steps)}
    )
