"""The closing calendar of the reader's councils, and the choice whether to be reminded."""

import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from councils.models import Council
from councils.refusals import Refused
from councils.years import Quarter
from partnerships.models import Membership
from savings.actions import calendar as actions
from savings.forms.calendar import ClosingDaysForm, RemindersForm
from savings.forms.refusing import add_refusal
from savings.models import ReminderChoice
from savings.reporting.calendar import dates_of, days_of
from savings.reporting.quarters import OPEN, quarters_of

QUARTERS = 4  # the one that ended last, this one, and the two after it
SILENT_SINCE = datetime.timedelta(days=300)


@login_required
@require_http_methods(["GET", "POST"])
def calendar(request):
    """By when each quarter is recorded, submitted, signed off and closed. A lead may set other days."""
    today = timezone.localdate(request.now)
    councils = list(Council.objects.filter(pk__in=request.rights.councils()).order_by("name"))
    days = days_of(council.pk for council in councils)
    bound = _bound(request, councils, days) if request.method == "POST" else None
    if bound and _set(request, *bound):
        return redirect("savings:calendar")
    return render(request, "savings/returns/calendar.html", {
        "calendars": [
            {
                "council": council, "days": days[council.pk],
                "rows": [(quarter, dates_of(quarter, days[council.pk])) for quarter in _quarters(today)],
                "form": _form(request, council, days, bound),
            }
            for council in councils
        ],
        "silent": _silent(request.rights.councils(), today),
    })  # fmt: skip


def _quarters(today):
    quarter = Quarter.containing(Quarter.containing(today).first_day - datetime.timedelta(days=1))
    found = [quarter]
    while len(found) < QUARTERS:
        found.append(found[-1].following)
    return found


def _bound(request, councils, days):
    council = next((each for each in councils if each.code == request.POST.get("council")), None)
    if council is None:
        raise Http404
    if not request.rights.may_sign_off(council.pk):
        raise PermissionDenied
    return council, ClosingDaysForm(request.POST, council=council, days=days[council.pk])


def _form(request, council, days, bound):
    if not request.rights.may_sign_off(council.pk):
        return None
    if bound and bound[0] == council:
        return bound[1]
    return ClosingDaysForm(council=council, days=days[council.pk])


def _set(request, council, form):
    if not form.is_valid():
        return False
    try:
        actions.set_days(
            council=council, days=form.days(), reason=form.cleaned_data["reason"], by=request.person, at=request.now
        )
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    messages.success(request, f"{council.short_name} closes its quarters by these days from now on.")
    return True


def _silent(councils, today):
    """Members of the reader's partnerships whose return is overdue and of which nothing was submitted, oldest first."""
    mine = set(Membership.objects.filter(council__in=councils).values_list("partnership_id", flat=True))
    members = set(Membership.objects.current().filter(partnership__in=mine).values_list("council_id", flat=True))
    return [
        one
        for one in quarters_of(members, today=today, since=today - SILENT_SINCE)
        if one.overdue and one.state == OPEN and one.partnership.pk in mine
    ]


@login_required
@require_http_methods(["GET", "POST"])
def reminders(request):
    """Whether the person signed in is reminded by e-mail."""
    last = ReminderChoice.objects.filter(person=request.person).order_by("-pk").first()
    form = RemindersForm(
        request.POST if request.method == "POST" else None,
        initial={"wanted": "yes" if last is None or last.wanted else "no"},
    )
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["wanted"] == "yes"
        actions.choose_reminders(wanted=wanted, by=request.person, at=request.now)
        messages.success(request, "You will be reminded by e-mail." if wanted else "You will get no reminders.")
        return redirect("savings:reminders")
    return render(request, "account/reminders.html", {"form": form})
