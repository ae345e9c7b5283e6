"""Whether quality held: the indicators of a partnership, their readings, and what a lead decides (R15)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from councils.refusals import Refused
from councils.rights import LEAD, RECORDING
from councils.years import Quarter
from partnerships.models import Membership, Partnership
from savings import quality_words
from savings.actions import quality
from savings.forms.quality import CorrectReadingForm, DecideQualityForm, IndicatorForm, ReadingForm, WaiveForm
from savings.forms.refusing import add_refusal
from savings.models import Indicator, Reading
from savings.reporting.scheme_page import readings_of

from .scheme_acts import asked, scheme_seen
from .scheme_page import may

QUARTERS_BACK = 20


def _members(request, partnership, *roles):
    """Ids of this person's councils that are or were members of `partnership`."""
    mine = request.rights.councils(*roles)
    held = Membership.objects.current().filter(partnership=partnership, council__in=mine)
    return set(held.values_list("council", flat=True))


def partnership_seen(request, slug):
    """The partnership, for the people of its members; 404 for anybody else."""
    partnership = get_object_or_404(Partnership, slug=slug)
    if not _members(request, partnership):
        raise Http404
    return partnership


@login_required
@require_safe
def indicators(request, slug):
    partnership = partnership_seen(request, slug)
    mine = _members(request, partnership, *RECORDING)
    shown = []
    for each in Indicator.objects.filter(partnership=partnership).select_related("agreed_by").order_by("name"):
        readings = readings_of(each)
        shown.append({
            "row": each, "agreed": quality_words.agreed(each),
            "chart": quality_words.chart(each, readings, name=f"quality-{each.pk}"),
            "readings": [
                {"row": reading, "quarter": Quarter.containing(reading.quarter).months_label,
                 "value": quality_words.measured(each, reading.value),
                 "worse": each.worse(reading.value), "mine": reading.council_id in mine}
                for reading in sorted(readings, key=lambda one: one.quarter, reverse=True)[:40]
            ],
        })  # fmt: skip
    return render(request, "savings/quality/list.html", {
        "partnership": partnership, "shown": shown, "records": bool(mine),
        "leads": bool(_members(request, partnership, LEAD)),
    })  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def indicator_new(request, slug):
    partnership = partnership_seen(request, slug)
    if not _members(request, partnership, LEAD):
        raise PermissionDenied
    form = IndicatorForm(request.POST or None)

    def do(given):
        quality.agree(by=request.person, at=request.now, partnership=partnership, **given)

    return _asked(
        request, partnership, form, do, done="Agreed.", title="Agree an indicator", button="Agree it",
        lead="What a saving must leave as good as it was. Once agreed it is fixed: its value before sharing and what "
        "is tolerated do not move.",
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def reading_new(request, slug, public_id):
    """A reading of one indicator; `?council=` (code) and `?quarter=` (2026-27-q1) are chosen beforehand."""
    partnership = partnership_seen(request, slug)
    indicator = get_object_or_404(Indicator, partnership=partnership, public_id=public_id)
    mine = _members(request, partnership, *RECORDING)
    if not mine:
        raise PermissionDenied
    this = Quarter.containing(timezone.localdate(request.now))
    quarters = [this]
    while len(quarters) < QUARTERS_BACK:
        first = quarters[-1]
        quarters.append(_before(first))
    form = ReadingForm(
        request.POST or None, councils=mine, quarters=quarters, unit=indicator.unit,
        initial={"council": request.GET.get("council", ""), "quarter": request.GET.get("quarter", quarters[1].slug)},
    )  # fmt: skip

    def do(given):
        quality.read(by=request.person, at=request.now, indicator=indicator, **given)

    return _asked(
        request, partnership, form, do, done="Recorded.", title=indicator.name, button="Record it",
        lead=f"{quality_words.agreed(indicator)}. Anything worse disputes the cash-releasing savings of that member "
        "and year until a finance lead decides.",
    )  # fmt: skip


def _before(quarter):
    return Quarter.containing(quarter.first_day - (quarter.end - quarter.first_day) / 2)


@login_required
@require_http_methods(["GET", "POST"])
def reading_correct(request, public_id):
    reading = get_object_or_404(
        Reading.objects.select_related("indicator", "council", "partnership"), public_id=public_id
    )
    partnership = partnership_seen(request, reading.partnership.slug)
    if not request.rights.may_record(reading.council_id):
        raise PermissionDenied
    form = CorrectReadingForm(request.POST or None, initial={"value": quality_words.number(reading.value)})

    def do(given):
        quality.correct(reading=reading, by=request.person, at=request.now, **given)

    return _asked(
        request, partnership, form, do, done="Put right. The reading before stays to be seen.",
        title=f"Put right: {reading.indicator.name}", button="Put it right",
        lead=f"{reading.council.short_name} read {quality_words.measured(reading.indicator, reading.value)} for "
        f"{Quarter.containing(reading.quarter).months_label}.",
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def decide(request, public_id, reading_id):
    """A lead of the council that claims says whether a bad reading is accepted for one scheme."""
    scheme = scheme_seen(public_id)
    reading = get_object_or_404(
        Reading.objects.select_related("indicator", "council"), public_id=reading_id, partnership=scheme.partnership_id
    )
    if not request.rights.may_sign_off(reading.council_id):
        raise PermissionDenied
    form = DecideQualityForm(request.POST or None)
    many = quality.open_disputes(reading=reading, scheme=scheme).count()
    read = quality_words.measured(reading.indicator, reading.value)
    return asked(
        request, scheme, form,
        lambda given: quality.decide(reading=reading, scheme=scheme, by=request.person, at=request.now, **given),
        done="Decided.", title="Decide on quality", button="Decide",
        lead=f"{reading.indicator.name} read {read} for {reading.council.short_name}, "
        f"{Quarter.containing(reading.quarter).months_label}: {quality_words.agreed(reading.indicator)}. "
        f"{many} claim{'' if many == 1 else 's'} of this scheme wait{'s' if many == 1 else ''} for it.",
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def waive(request, public_id):
    scheme = scheme_seen(public_id)
    if not may(request, scheme)[1]:
        raise PermissionDenied
    return asked(
        request, scheme, WaiveForm(request.POST or None),
        lambda given: quality.waive(scheme=scheme, by=request.person, at=request.now, **given),
        done="Stated. Its savings can be signed off.", title="State why no indicator applies", button="State it",
        lead="A cash-releasing saving is signed off only when something measures that the service stayed as good, or "
        "when a finance lead has said why nothing does.",
    )  # fmt: skip


def _asked(request, partnership, form, do, *, done, title, button, lead):
    """A page that is one form about a partnership's indicators."""
    if request.method == "POST" and form.is_valid():
        try:
            do(form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, done)
            return redirect("savings:quality", partnership.slug)
    page = {"partnership": partnership, "form": form, "title": title, "button": button, "lead": lead}
    return render(request, "savings/quality/act.html", page)
