"""Corrections: what changed of the figures this person relied on, and the button that says they have read it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from savings import words
from savings.actions import notices as actions
from savings.models import Notice
from savings.reporting.corrections import CALLED

PER_PAGE = 20


@login_required
@require_safe
def notices(request):
    """Unread first, then newest; row-level security shows nobody else's."""
    rows = Notice.objects.select_related("partnership", "council", "report", "read")
    page = Paginator(rows.order_by(F("read__at").asc(nulls_first=True), "-pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "savings/notices/list.html", {"page": page, "notices": [_told(each) for each in page]})


@login_required
@require_POST
def read(request, public_id):
    actions.read(notice=get_object_or_404(Notice, public_id=public_id), at=request.now)
    messages.success(request, "Marked as read.")
    return redirect("savings:notices")


def _told(notice):
    if notice.quarter:
        quarter = words.quarter_slug(notice.quarter)
        title = f"Return of {notice.council.short_name}, {words.quarter(notice.quarter)}"
        url = reverse("savings:return", args=[notice.partnership.slug, notice.council.code, quarter])
    else:
        title, url = f"Evidence report for {notice.council.short_name}", notice.report.get_absolute_url()
    return {
        "notice": notice, "title": title, "url": url, "read_at": notice.read.at if hasattr(notice, "read") else None,
        "why": notice.why.splitlines(),
        "rows": [
            {"name": CALLED[name], "said": notice.said[name], "now": notice.now[name],
             "by": notice.now[name] - notice.said[name]}
            for name in CALLED
            if name in notice.said and notice.said[name] != notice.now[name]
        ],
    }  # fmt: skip
