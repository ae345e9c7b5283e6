"""Quarterly returns: which are owed and how far they have come, and the page on which one is stepped on."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from councils.refusals import Refused
from councils.rights import RECORDING
from councils.years import Quarter, YearError
from partnerships.sight import sights
from savings import addressing
from savings.actions import returns as actions
from savings.differing import differing
from savings.forms.refusing import add_refusal
from savings.forms.returns import FORMS
from savings.marked import marks
from savings.models import Return
from savings.models.typed import Series
from savings.reporting import closing
from savings.reporting.calendar import dates_of, days_of
from savings.reporting.changes import changes_in
from savings.reporting.notes import notes_about
from savings.reporting.quarters import member_quarter, quarters_of
from savings.return_words import DID, row
from savings.second_person import way_out

MOST = 60  # rows of one pile on one page
MOST_TOGETHER = 12  # councils whose returns are offered to be stepped on together
BEFORE, TO_CLOSE, CLOSED = "Before this record began, not owed", "Signed off, to be closed", "Closed"
SHOWN = {BEFORE: 0, TO_CLOSE: 8, CLOSED: 0}  # rows in sight, the others folded away; of other piles all
Step = Return.Step


@login_required
@require_safe
def returns(request):
    """Overdue first, oldest first; what is done comes last, newest first."""
    found = quarters_of(request.rights.councils(), today=timezone.localdate(request.now))
    piles = [
        ("Overdue", [one for one in found if one.overdue]),
        ("Due", [one for one in found if one.due]),
        ("Not ended yet", [one for one in found if not one.ended]),
        (BEFORE, [one for one in found if one.before_record][::-1]),
        (TO_CLOSE, [one for one in found if one.state == Step.SIGNED_OFF][::-1]),
        (CLOSED, [one for one in found if one.state == Step.CLOSED][::-1]),
    ]
    records = request.rights.councils(*RECORDING)
    mine = sorted({one.council.name: one.council for one in found if one.council.pk in records}.items())
    return render(request, "savings/returns/list.html", {
        "together": [council for _, council in mine[:MOST_TOGETHER]],
        "piles": [
            {
                "title": title, "many": len(pile), "more": len(pile) > MOST,
                "parts": _folded([row(one) for one in pile[:MOST]], SHOWN.get(title, MOST)),
            }
            for title, pile in piles if pile
        ],
        "most": MOST,
    })  # fmt: skip


def _folded(rows, shown):
    """(rows, whether they stand folded away) parts of a pile: the first `shown` in sight, unless few are left over."""
    if not shown or len(rows) <= shown + 2:
        return [(rows, not shown)]
    return [(rows[:shown], False), (rows[shown:], True)]


@login_required
@require_http_methods(["GET", "POST"])
def quarter(request, slug, code, quarter):
    """One member's quarter. A POST takes the step `do`."""
    one, steps = _seen(request, slug, code, quarter)
    form = None
    if request.method == "POST":
        form = _asked(request, one)
        if form.is_valid() and _step(request, one, form):
            return redirect("savings:return", slug, code, one.quarter.slug)
    return render(request, "savings/returns/quarter.html", _context(request, one, steps, form))


def _seen(request, slug, code, quarter):
    try:
        wanted = Quarter.parse(quarter)
    except YearError:
        raise Http404
    today = timezone.localdate(request.now)
    found = member_quarter(slug, code, wanted, readers=request.rights.councils(), today=today)
    if found is None:
        raise Http404
    return found


def _asked(request, one):
    """The form of the step asked for; 403 for whoever may not take it."""
    do = request.POST.get("do", "")
    if do not in FORMS:
        raise Http404
    rights, council = request.rights, one.council.pk
    if not (rights.may_record(council) if do == Step.SUBMITTED else rights.may_sign_off(council)):
        raise PermissionDenied
    return FORMS[do](request.POST)


def _step(request, one, form):
    """Take the step; False when it was refused, said on the form."""
    try:
        actions.step(
            partnership=one.partnership, council=one.council, quarter=one.quarter, step=Step(form.name),
            by=request.person, at=request.now, **form.cleaned_data,
        )  # fmt: skip
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    messages.success(request, f"{Step(form.name).label}: {one.council.short_name}, {one.quarter.months_label}.")
    return True


def _context(request, one, steps, form):
    rights, council, own = request.rights, one.council.pk, one.last and one.last.stepped_by_id == request.person.pk
    leads = rights.may_sign_off(council)
    offered = {
        Step.SUBMITTED: one.ended and one.state in ("open", Step.REOPENED) and rights.may_record(council),
        Step.SIGNED_OFF: leads and one.state == Step.SUBMITTED and not own,
        Step.CLOSED: leads and one.state == Step.SIGNED_OFF,
        Step.REOPENED: leads
        and (one.settled or one.state == Step.SUBMITTED)
        and not (one.state == Step.CLOSED and own),
    }
    forms = {name: each() for name, each in FORMS.items()}
    if form:
        forms[form.name] = form
        offered[Step(form.name)] = True  # a refused form stays to be read
    sums = closing.totals(one)
    marked = marks(one.council, [(step.stepped_by_id, step.stepped_at) for step in steps])
    where = {"council": one.council.slug, "partnership": one.partnership.slug, "series": Series.BANKED}
    related = where | {"quarter": one.quarter.slug}
    return {
        "one": one,
        "dates": dates_of(one.quarter, days_of([council])[council]),
        "row": row(one),
        "way_out": way_out(one, one.today) if request.rights.may_record(council) else "",
        "form": form,
        "forms": forms,
        "offered": {step.value: bool(is_offered) for step, is_offered in offered.items()},
        "notes": notes_about(
            "return", f"{one.partnership.slug}__{one.council.code}__{one.quarter.slug}", partnership=one.partnership,
            quarter_of=one.council, quarter=one.quarter.first_day,
        ),
        "history": [(step, DID[step.step], marked.get((step.stepped_by_id, step.stepped_at))) for step in steps],
        "as_successor": rights.names.get(rights.inherited.get(council)),
        "totals": [
            ("Recorded for this quarter", sums.quarter, addressing.entries(**related)),
            ("Of that, adjustments after it closed", sums.adjustments,
             addressing.entries(**related, adjustment="true")),
            ("Posted in this quarter, for any period", sums.posted,
             addressing.entries(**where, posted=one.quarter.slug)),
        ],
        "changes": changes_in(one),
        "late": closing.late(one),
        "nothing": not sums.quarter.entries,
        "charged": closing.charged(one),
        "checks": _checks(one, related),
        "lapsed": closing.lapsed(one),
        "unread": closing.unread(one) if one.ended else [],
        "sights": sights(rights, [one.partnership.pk], on=one.today),
        "differing": differing(partnership=one.partnership.pk, council=council, quarter=one.quarter.first_day),
    }  # fmt: skip


def _checks(one, related):
    """Each line of the checklist about entries: what, how many, and where they are listed."""
    found = closing.checks(one)
    said = {
        "unsigned": "not signed off", "undocumented": "without a document", "returned": "returned and not put right",
        "disputed": "disputed by another member",
    }  # fmt: skip
    return [(words, getattr(found, name), addressing.entries(**related, standing=name)) for name, words in said.items()]
