"""Putting a refusal of an action beside the field it is about."""


def add_refusal(form, refusal, *, beside=None):
    """Show `refusal` (a `Refused`) on `form`; `beside` maps fields of the action to those of the form."""
    field = (beside or {}).get(refusal.field, refusal.field)
    form.add_error(field if field in form.fields else None, str(refusal))
