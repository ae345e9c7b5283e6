"""What a partnership is: services, vehicle, purposes, dates, who may see it, as rows for a summary list."""

from .dates import dated


def facts(partnership):
    """Four queries. What nobody published is left out, except the dates and the services, whose absence is said."""
    services = sorted(each.service.name for each in partnership.services.select_related("service"))
    vehicles = list(partnership.vehicles.all())
    purposes = [each.get_what_display() for each in partnership.purposes.all()]
    audience = partnership.audiences.order_by("-pk").first()
    ending = getattr(partnership, "ending", None)
    rows = [
        {"key": "Services", "value": ", ".join(services)},
        {"key": "Vehicle", "value": "; ".join(_vehicle(each, first=each is vehicles[0]) for each in vehicles)},
        {"key": "What it is for", "value": ", ".join(purposes)} if purposes else None,
        {"key": "Since", "value": dated(partnership.started_on, partnership.started_precision)},
        {"key": "Until", "value": _until(ending)} if ending else None,
        {"key": "Who may see its figures", "value": audience.get_who_display()}
        if audience and partnership.kept
        else None,
    ]
    return [row for row in rows if row]


def _vehicle(vehicle, *, first):
    words = vehicle.as_published or vehicle.get_form_display()
    return words if first else f"{words}, from {vehicle.starts_on:%B %Y}"


def _until(ending):
    return f"{dated(ending.ended_on, ending.ended_precision)}. {ending.why}".strip()
