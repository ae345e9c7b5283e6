"""The page of one entry: what it says, how well it is proven, what happened to it, and what this person may do."""

from functools import wraps

from django.db.models import Exists, OuterRef
from django.forms import Form
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from councils.rights import RECORDING
from partnerships.models import Membership
from savings import quality_words, words
from savings.actions import decision, evidence
from savings.actions.disputes import sides
from savings.forms import acts
from savings.marked import marks
from savings.models import BudgetReduction, Support, with_amounts
from savings.models.typed import Series
from savings.reporting import confirmed
from savings.reporting.double_claim_list import group_of, tagged
from savings.reporting.notes import notes_about
from savings.reporting.story import entries_to_tell, story

MONTHS_SHOWN = 24  # a year's months, with room for adjustments


def entry_seen(public_id):
    """The entry, if the open scope shows it to whoever asks; 404 otherwise."""
    return get_object_or_404(entries_to_tell(), public_id=public_id)


def acted_on(view):
    """A page that only takes what is sent to it. Its address followed as a link, or come back to after signing in,
    leads to the entry, where its form is: a browser's own page for 405 says nothing and leads nowhere."""

    @wraps(view)
    def answer(request, public_id):
        return redirect(entry_seen(public_id)) if request.method == "GET" else view(request, public_id)

    return require_http_methods(["GET", "POST"])(answer)


def disputing_council(rights, entry):
    """The council for which this person may dispute the entry: another member they record for; None otherwise."""
    others = rights.councils(*RECORDING) - {entry.council_id}
    if not others:
        return None
    member = (
        Membership.objects.current()
        .filter(partnership=entry.partnership_id, council__in=others)
        .select_related("council")
        .order_by("council__name")
        .first()
    )
    return member and member.council


def may_be_shown_too(entry):
    """The entries that a document attached to this one may support as well, each saying whether it has one."""
    proof = Support.objects.filter(entry=OuterRef("pk"), withdraws__isnull=True, withdrawn_by__isnull=True)
    return evidence.beside(entry).annotate(documented=Exists(proof))[:MONTHS_SHOWN]


def show(request, entry, form=None):
    """Render the page; `form` is one that was refused, and stands open with what was typed."""
    rights, told = request.rights, story(entry)
    entry.answered = bool(told.answered)
    tagged([entry])
    twice = group_of(entry) if entry.caught else []
    where = words.standing(entry)
    forms: dict[str, Form] = {each.name: each() for each in (acts.ReverseForm, acts.ReturnForm, acts.DisputeForm)}
    may_attach = rights.may_record(entry.council_id) and not where.settled
    forms["attach"] = acts.AttachForm(
        beside=may_be_shown_too(entry) if may_attach and not isinstance(form, acts.AttachForm) else ()
    )
    forms["sign"] = acts.SignOffForm(initial={"shown": told.supports[-1].public_id if told.supports else None})
    if form:
        forms[form.name] = form
    decides = rights.may_sign_off(entry.council_id) and entry.series == Series.BANKED and not where.settled
    why_not_sign = decision.why_not_sign(
        entry, request.person, is_reversed=where.reversed, documented=bool(told.supports)
    ) if decides else ""  # fmt: skip
    own = entry.recorded_by_id == getattr(request.person, "pk", None)
    context = {
        "entry": entry,
        "notes": notes_about("entry", str(entry.public_id), entry=entry),
        "where": where,
        "told": told._replace(happenings=_marked(entry.council, told.happenings)),
        "as_successor": rights.names.get(rights.inherited.get(entry.council_id)),
        "budget": with_amounts(BudgetReduction.objects.filter(pk=entry.budget_reduction_id)).first()
        if entry.budget_reduction_id
        else None,
        "twice": [(group, [side for side in group.sides if not _same_line(side, entry)]) for group in twice],
        "raises": words.what_raises(entry, where, told.answered),
        "forms": forms,
        "form": form,
        "may_attach": may_attach,
        "may_reverse": rights.may_record(entry.council_id) and not where.settled and entry.series != Series.PROJECTED,
        "decides": decides,
        "may_sign": decides and not why_not_sign and where.grade < 2,
        "may_return": decides and not own and (where.answered or not where.returned),
        "why_not_sign": why_not_sign if where.grade < 2 else "",
        "may_record": rights.may_record(entry.council_id),
        "disputing": None if where.settled else _disputing(rights, entry, told),
        "said": confirmed.of_entry(entry),
        "upheld": not where.settled
        and any(
            hasattr(each, "ended") and each.ended.outcome == "upheld" and not each.reading_id for each in told.disputes
        ),
        "quality": quality_words.of_claim(entry),
        "disputes": [_dispute(request, entry, dispute, form) for dispute in told.disputes],
    }
    return render(request, "savings/entries/detail.html", context)


def _marked(council, happenings):
    """The same, what was done for a council that had ended saying by whose successor."""
    found = marks(council, [(each.person, each.at) for each in happenings if each.person])
    return [each._replace(mark=found.get((each.person, each.at), "")) for each in happenings]


def _same_line(side, entry):
    return (side.row.council_id, side.row.scheme_id) == (entry.council_id, entry.scheme_id)


def _disputing(rights, entry, told):
    """The council that may open a dispute now: not one that has an open one already."""
    council = disputing_council(rights, entry)
    raised = [dispute for dispute in told.disputes if not dispute.reading_id]
    open_ones = {dispute.council_id for dispute in raised if not hasattr(dispute, "ended")}
    return council if council and council.pk not in open_ones else None


def _dispute(request, entry, dispute, form):
    ended = hasattr(dispute, "ended")
    shown = None
    decide_url = ""
    dispute.entry = entry  # as its page reads it
    if dispute.reading_id and not ended and request.rights.may_sign_off(entry.council_id):
        decide_url = reverse("savings:quality-decide", args=[entry.scheme.public_id, dispute.reading.public_id])
    closed = ended or dispute.reading_id or not request.rights.held
    ways = {} if closed else sides(dispute=dispute, by=request.person, rights=request.rights)
    if ways:
        mine = form if getattr(form, "dispute_id", None) == dispute.pk else None
        shown = mine or acts.EndDisputeForm(ways=ways, dispute=dispute)
    return {"row": dispute, "ended": ended, "form": shown, "decide_url": decide_url}
