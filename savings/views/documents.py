"""Handing out an uploaded file to those whose scope shows it. Reading one is an act, on the access stream."""

import logging

from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from councils.acts import act
from savings.documents import path_of
from savings.models import Document
from savings.past import now_only

log = logging.getLogger(__name__)


@login_required
@require_GET
@now_only
def download(request, public_id):
    """The file, always as a download: a browser must never run what somebody uploaded."""
    document = get_object_or_404(Document.objects.select_related("council"), public_id=public_id)
    try:
        file = path_of(document.sha256).open("rb")
    except OSError as gone:
        log.error("an uploaded file cannot be read", extra={"facts": {"sha256": document.sha256, "why": str(gone)}})
        return render(request, "savings/documents/missing.html", {"document": document}, status=500)
    with act(by=request.person, at=request.now, verb="read", subject=f"document:{document.public_id}", access=True):
        pass  # the event on the access stream is all it writes
    response = FileResponse(file, as_attachment=True, filename=document.file_name, content_type=document.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
