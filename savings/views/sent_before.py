"""Whether a form has done its work already: it carries the public id that its row is to have."""

import uuid


def sent_before(request, rows):
    """The one of `rows` (a queryset) that this person made with this very form: a double click, or a page sent again.
    None when there is none yet."""
    try:
        token = uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return None
    return rows.filter(public_id=token, recorded_by=request.person).first()
