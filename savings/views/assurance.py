"""What holds the ledger to what it said: checkpoints to keep elsewhere, and when it was last verified."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from councils import checkpoints
from councils.models import Checkpoint, CheckpointMail, CheckpointWish, Verification
from councils.refusals import Refused
from councils.rights import AUDITOR, LEAD
from savings.actions import assurance as actions
from savings.assurance_table import NONE_YET, CheckpointTable
from savings.checkpointing import file_name

SHOWN = 15
FROM_NOW_ON = "Each checkpoint will be sent to you from now on."
NO_MORE = "No more checkpoints are sent to you."


@login_required
@require_http_methods(["GET", "POST"])
def assurance(request):
    """The page; posting `wanted` (yes or no) asks to be sent checkpoints, or to be sent no more."""
    if request.method == "POST":
        wanted = request.POST.get("wanted") == "yes"
        try:
            actions.wish(by=request.person, at=request.now, wanted=wanted)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, FROM_NOW_ON if wanted else NO_MORE)
        return redirect("savings:assurance")
    latest = list(Checkpoint.objects.order_by("-pk")[:SHOWN])
    wish = CheckpointWish.objects.filter(person=request.person).order_by("-pk").first()
    mail = CheckpointMail.objects.filter(user__person=request.person).order_by("-pk").select_related("user").first()
    return render(request, "savings/assurance/page.html", {
        "table": CheckpointTable(latest, empty_text=NONE_YET),
        "latest": latest[0] if latest else None,
        "streams": len(checkpoints.heads_of(latest[0])) if latest else 0,
        "verification": Verification.objects.exclude(ended_at=None).order_by("-pk").first(),
        "may_ask": bool(request.rights.councils(AUDITOR, LEAD)),
        "wanted": bool(wish and wish.wanted),
        "mail": mail,
        "email": request.user.email,
    })  # fmt: skip


@login_required
@require_safe
def checkpoint_file(request, public_id):
    """One checkpoint, to the byte as it was signed and as it is mailed."""
    found = get_object_or_404(Checkpoint, public_id=public_id)
    response = HttpResponse(checkpoints.as_text(found), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{file_name(found)}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
