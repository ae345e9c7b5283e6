"""Confirmation for people with an account: what was asked of whom, asking, answering, taking back, and contacts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django_tables2 import RequestConfig

from councils.chips import chips
from councils.models import Council
from councils.refusals import Refused
from councils.rights import LEAD
from councils.years import Quarter
from partnerships.models import Membership, Partnership
from savings.actions import confirmations as actions
from savings.actions import contacts as contact_actions
from savings.confirmation_list import COLOURS, RequestFilter, RequestTable, months, standing
from savings.confirmation_page import claims, said_of
from savings.forms.confirmation import AgainForm, AskForm, ConfirmForm, ContactForm, RevokeForm
from savings.forms.refusing import add_refusal
from savings.marked import marks
from savings.models import ConfirmationRequest, Contact
from savings.reporting import asked
from savings.reporting.asked import STATES

from .sent_before import written_once

PER_PAGE = 50
SENT_BEFORE = "That form was sent before, and did its work once."


@login_required
@require_safe
def requests(request):
    """Newest first: who was asked, who answered, what waits or ran out."""
    narrowed = RequestFilter(request.GET, asked.requests(request.now), rights=request.rights)
    many = narrowed.qs.count()
    table = RequestTable(narrowed.qs, many=many)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    applied = chips(narrowed.form, request)
    return render(request, "savings/confirmations/list.html", {
        "table": table, "filter_form": narrowed.form, "chips": applied, "many": many,
        "nothing_yet": not many and not applied, "waiting": asked.waiting(narrowed.qs, request.now),
        "mine": _partnerships(request.rights.councils()), "leads": request.rights.signs_off,
    })  # fmt: skip


def _partnerships(councils):
    """Partnerships with a ledger in which one of `councils` is a member, in name order."""
    mine = Membership.objects.current().filter(council__in=councils).values("partnership")
    return list(Partnership.objects.kept().filter(pk__in=mine).order_by("name"))


def _partnership(request, slug):
    """The partnership, for its members; 404 for everybody else."""
    mine = Membership.objects.filter(council__in=request.rights.councils()).values("partnership")
    return get_object_or_404(Partnership.objects.kept(), slug=slug, pk__in=mine)


def _members(partnership):
    return set(Membership.objects.current().filter(partnership=partnership).values_list("council", flat=True))


def _one(request, public_id):
    return get_object_or_404(asked.requests(request.now), public_id=public_id)


@login_required
@require_http_methods(["GET", "POST"])
def ask(request, slug):
    """Ask members of one partnership about one quarter, by the finance lead of any of them."""
    partnership = _partnership(request, slug)
    members = _members(partnership)
    if not request.rights.councils(LEAD) & members:
        raise PermissionDenied
    form = AskForm(
        request.POST or None, members=members, today=timezone.localdate(request.now),
        initial={"quarter": request.GET.get("quarter")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid() and _ask(request, partnership, form):
        return redirect("savings:confirmations")
    return render(request, "savings/confirmations/ask.html", {
        "form": form, "partnership": partnership, "contacts": list(contact_actions.contacts_of(partnership)),
    })  # fmt: skip


def _ask(request, partnership, form):
    """Ask each member that was chosen; False, and said on the form, when none could be asked."""
    quarter = form.cleaned_data["quarter"]
    done: list[str] = []
    before: list[str] = []
    refused: list[Refused] = []
    for council in form.cleaned_data["councils"]:
        try:
            _, again = _ask_once(request, form.request_id(council), partnership, council, quarter)
            (before if again else done).append(council.short_name)
        except Refused as refusal:
            refused.append(refusal)
    if before:
        messages.info(request, f"{SENT_BEFORE} Asked then about {quarter.months_label}: {', '.join(before)}.")
    if not done and not before:
        for each in refused:
            add_refusal(form, each)
        return False
    for each in refused:
        messages.error(request, str(each))
    if done:
        messages.success(request, f"Asked about {quarter.months_label}: {', '.join(done)}.")
    return True


def _ask_once(request, public_id, partnership, council, quarter):
    """(the request, whether this very form had made it before). Raises `Refused`."""
    return written_once(request, ConfirmationRequest.objects, lambda: actions.ask(
        partnership=partnership, council=council, quarter=quarter, by=request.person, at=request.now,
        public_id=public_id,
    ), by="asked_by", token=public_id)  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def detail(request, public_id):
    """One request: what was asked, what was answered, and for the member that is asked the answer itself."""
    one = _one(request, public_id)
    may_answer = one.state in ("waiting", "expired") and request.rights.may_record(one.council_id)
    if request.method == "POST" and not request.rights.may_record(one.council_id):
        raise PermissionDenied
    lines = list(one.lines.select_related("claimant").order_by("pk"))
    form = ConfirmForm(request.POST if request.method == "POST" else None, lines=lines)
    if request.method == "POST":
        if not may_answer:
            messages.warning(request, "This can no longer be answered. What it says now stands below.")
            return redirect(one)
        if form.is_valid() and (made := _answer(request, one, form)):
            messages.success(request, f"Answered for {one.council.short_name}. Reference {made.reference}.")
            return redirect(one)
    return _show(request, one, lines, form if may_answer else None)


def _answer(request, one, form):
    try:
        return actions.answer(
            request=one, said=form.said(), without_sharing=form.cleaned_data["without_sharing"], by=request.person,
            at=request.now,
        )  # fmt: skip
    except Refused as refusal:
        add_refusal(form, refusal)
        return None


def _show(request, one, lines, form, revoke_form=None):
    lead = request.rights.may_sign_off(one.council_id)
    answered = getattr(one, "answered", None)
    return render(request, "savings/confirmations/detail.html", {
        "one": one, "form": revoke_form if revoke_form and revoke_form.is_bound else form, "answer_form": form,
        "revoke_form": revoke_form or RevokeForm(), "claims": claims(lines), "quarter": months(one.quarter),
        "again_form": AgainForm(), "state": STATES[one.state], "colour": COLOURS[one.state], "standing": standing(one),
        "answered": answered, "answers": said_of(answered) if answered else [],
        "mark": _mark(one.council, answered),
        "may_revoke": one.state in ("waiting", "expired") and (lead or one.asked_by_id == request.person.pk),
        "may_ask": one.state != "replaced" and bool(request.rights.councils(LEAD) & _members(one.partnership)),
        "letters": list(one.links.select_related("contact").order_by("pk")),
    })  # fmt: skip


def _mark(council, answered):
    """By whose successor it was answered; whoever answered by a link is nobody known here."""
    if not answered or answered.link_id:
        return ""
    return "".join(marks(council, [(answered.answered_by_id, answered.answered_at)]).values())


@login_required
@require_http_methods(["GET", "POST"])
def revoke(request, public_id):
    one = _one(request, public_id)
    if request.method == "GET":
        return redirect(one)
    if not (request.rights.may_sign_off(one.council_id) or one.asked_by_id == request.person.pk):
        raise PermissionDenied
    form = RevokeForm(request.POST)
    if form.is_valid():
        try:
            actions.revoke(request=one, by=request.person, at=request.now, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, "Taken back. The links that were sent no longer open.")
            return redirect(one)
    return _show(request, one, list(one.lines.select_related("claimant").order_by("pk")), None, form)


@login_required
@require_http_methods(["GET", "POST"])
def again(request, public_id):
    """Ask anew about the same quarter as the ledger stands now; the links sent before no longer open."""
    one = _one(request, public_id)
    if request.method == "GET":
        return redirect(one)
    if not request.rights.councils(LEAD) & _members(one.partnership):
        raise PermissionDenied
    form = AgainForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused("Nobody was asked. Ask again from here.")
        quarter = Quarter.containing(one.quarter)
        made, before = _ask_once(request, form.cleaned_data["token"], one.partnership, one.council, quarter)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(one)
    if before:
        messages.info(request, f"{SENT_BEFORE} {one.council.short_name} was asked again then.")
        return redirect(made)
    messages.success(request, f"{one.council.short_name} is asked again. Links sent before no longer open.")
    return redirect(made)


@login_required
@require_http_methods(["GET", "POST"])
def contacts(request, slug):
    """Whom each member lets others ask; a member's own finance lead adds and ends its own."""
    partnership = _partnership(request, slug)
    leads = request.rights.councils(LEAD) & _members(partnership)
    if request.method == "POST" and not leads:
        raise PermissionDenied
    own = list(Council.objects.filter(pk__in=leads).order_by("name"))
    form = ContactForm(request.POST or None)
    replaced = _replaced(request, partnership, leads)
    if request.method == "POST" and form.is_valid():
        council = next((one for one in own if one.slug == request.POST.get("council")), own[0])
        try:
            contact_actions.set_contact(
                partnership=partnership, council=replaced.council if replaced else council, by=request.person,
                at=request.now, replaces=replaced, **form.cleaned_data,
            )  # fmt: skip
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, f"{form.cleaned_data['name']} is a contact of {council.short_name}.")
            return redirect("savings:contacts", slug)
    if replaced and request.method == "GET":
        form = ContactForm(initial={"name": replaced.name, "email": replaced.email})
    return render(request, "savings/confirmations/contacts.html", {
        "partnership": partnership, "contacts": list(contact_actions.contacts_of(partnership)), "own": own,
        "form": form, "leads": leads, "replaced": replaced,
    })  # fmt: skip


def _replaced(request, partnership, leads):
    """The contact that `?change=` names, of a council this person leads."""
    given = request.GET.get("change", "")
    mine = contact_actions.contacts_of(partnership).filter(council__in=leads)
    return next((each for each in mine if str(each.public_id) == given), None) if given else None


@login_required
@require_http_methods(["GET", "POST"])
def end_contact(request, public_id):
    contact = get_object_or_404(Contact.objects.select_related("council", "partnership"), public_id=public_id)
    if request.method == "POST":
        if not request.rights.may_sign_off(contact.council_id):
            raise PermissionDenied
        try:
            contact_actions.end_contact(contact=contact, by=request.person, at=request.now)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{contact.name} is not asked any more, and their links no longer open.")
    return redirect("savings:contacts", contact.partnership.slug)
