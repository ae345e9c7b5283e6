"""Filter chips: what a list is filtered by, each with the address of the same list without it."""

from typing import NamedTuple


class Chip(NamedTuple):
    label: str  # "Kind: District council"
    url: str  # the query string without this filter and without the page number


def chips(form, request):
    """One `Chip` per filter in use, in the order of the fields; an invalid value filters nothing and has none."""
    if not form.is_valid():
        return []
    return [
        Chip(f"{field.label}: {_words(field, chosen)}", _without(request, field.html_name))
        for field in form
        if (chosen := form.cleaned_data[field.name]) not in field.field.empty_values
    ]


def _words(field, chosen):
    """The choice as the form words it; several are joined by commas."""
    worded = {str(value): str(label) for value, label in getattr(field.field, "choices", ())}
    values = chosen if isinstance(chosen, (list, tuple)) else [chosen]
    return ", ".join(worded.get(str(getattr(value, "pk", value)), str(value)) for value in values)


def _without(request, name):
    query = request.GET.copy()
    for key in (name, "page"):
        query.pop(key, None)
    return f"?{query.urlencode()}"
