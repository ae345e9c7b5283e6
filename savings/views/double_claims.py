"""What may be one saving claimed twice: the list to settle, and saying that two are different savings."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from councils.models import Council
from councils.refusals import Refused
from partnerships.models import Membership, Partnership
from savings.actions import distinctions
from savings.forms.acts import DistinctForm
from savings.forms.refusing import add_refusal
from savings.models import Entry
from savings.reporting.double_claim_list import groups, partnerships_of
from savings.reporting.double_claims import ELSEWHERE, TRANSFER

PER_PAGE = 20
MOST_PAIRS = 50


@login_required
@require_http_methods(["GET", "POST"])
def double_claims(request):
    """Every group the reader may see, the latest year first; `?council=` and `?partnership=` (slugs) narrow it."""
    form = None
    if request.method == "POST":
        form = _settle(request)
        if form is None:
            return redirect(request.get_full_path())
    mine = request.rights.councils()
    partnerships = partnerships_of(mine)
    council, partnership = _named(request, "council", Council), _named(request, "partnership", Partnership)
    if partnership:
        partnerships &= {partnership.pk}
    found = groups(partnerships, {council.pk} if council else None)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    led = request.rights.councils("finance_lead")
    leading = partnerships_of(led)
    for group in page.object_list:
        _offer(group, request.person, led, leading, form)
        for side in group.sides:  # a link to what its reader may not do is a dead end
            side.may_reverse = request.rights.may_record(side.row.council_id)
    return render(request, "savings/double_claims/list.html", {
        "page": page, "narrowed": council or partnership, "many": len(found), "form": form, "transfer": TRANSFER,
        "elsewhere": ELSEWHERE,
    })  # fmt: skip


def _named(request, name, model):
    """What the address names by its slug; None when there is no such thing. PostgreSQL takes no NUL."""
    return model.objects.filter(slug=request.GET.get(name, "").replace("\0", "")).first()


def _offer(group, person, led, leading, refused):
    """What this person may do with each side: `side.form` says that it is another saving, `side.why_not` why not."""
    for side in group.sides:
        side.form = side.why_not = side.others = None
        if group.rule == TRANSFER or side.apart or (group.rule != ELSEWHERE and side.row.counts) or not side.entries:
            continue
        others = [each for each in group.sides if each is not side and each.entries]
        may = side.row.council_id in led if group.rule == ELSEWHERE else side.row.partnership_id in leading
        if not others or not may or (group.rule == ELSEWHERE and side is not group.sides[0]):
            continue
        recorders = {entry.recorded_by_id for each in (side, *others) for entry in each.entries}
        if person.pk in recorders:
            side.why_not = "You recorded one of these, so another finance lead says whether they are different savings."
            continue
        side.others = [each.entries[0].public_id for each in others]
        mine = refused is not None and refused.data.get("entry") == str(side.entries[0].public_id)
        side.form = refused if mine else DistinctForm(line=side.entries[0].pk)


def _settle(request):
    """None when it was said and kept; otherwise the form with what is wrong."""
    if not request.rights.signs_off:
        raise PermissionDenied
    entry = _entry(request.POST.get("entry", ""))
    others = [_entry(each) for each in request.POST.getlist("other")[:MOST_PAIRS]]
    leads = request.rights.councils("finance_lead")
    member = Membership.objects.current().filter(partnership=entry.partnership_id, council__in=leads).exists()
    if not others or not member:
        raise PermissionDenied
    form = DistinctForm(request.POST, line=entry.pk)
    if form.is_valid():
        try:
            distinctions.tell_apart(
                entry=entry, others=others, by=request.person, at=request.now, reason=form.cleaned_data["reason"]
            )
            messages.success(request, "Kept: these are different savings. The figures follow within seconds.")
            return None
        except Refused as refusal:
            add_refusal(form, refusal)
    return form


def _entry(public_id):
    try:
        return get_object_or_404(Entry.objects.select_related("scheme"), public_id=uuid.UUID(public_id))
    except ValueError as nonsense:
        raise Http404 from nonsense
