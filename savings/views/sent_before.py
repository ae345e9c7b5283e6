"""Whether a form has done its work already: it carries the public id that its row is to have."""

import uuid

from django.db import IntegrityError

from councils.refusals import Refused


def sent_before(request, rows, by="recorded_by", token=None):
    """The one of `rows` (a queryset) that this person made with this very form: a double click, or a page sent again.
    None when there is none yet. `by` is the column that names who made the row; `token` is the row's public id where
    it is not the form's own."""
    try:
        token = token or uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return None
    return rows.filter(public_id=token, **{by: request.person}).first()


def written_once(request, rows, write, by="recorded_by", token=None):
    """(the row, whether this form had made it before): calls `write` unless it had. Raises what `write` refuses."""
    if before := sent_before(request, rows, by, token):
        return before, True
    try:
        return write(), False
    except (Refused, IntegrityError) as error:
        if before := sent_before(request, rows, by, token):  # by the same form sent at the same moment
            return before, True
        if isinstance(error, IntegrityError) and "public_id" in str(error):
            raise Refused("This page is no longer good. Open it again and send it from there.") from error
        raise
