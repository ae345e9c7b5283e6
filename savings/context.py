"""What the header of every page says: who is signed in, for which council, and where they can go.

The base template reads these from the request. What lies behind the walls (the person, the roles) was read by
`councils.scope.ScopeMiddleware` while the scope was open, because an error page is rendered after it has closed.
"""

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from councils.models import Council
from councils.rights import Rights

#: Label, URL name, and whether somebody with these rights is offered it.
PLACES = (
    ("Start", "start", lambda rights: True),
    ("Record a saving", "savings:entry-new", lambda rights: rights.records),
    ("Sign off", "savings:sign-off-queue", lambda rights: rights.signs_off),
    ("Ledger", "savings:ledger", lambda rights: bool(rights.held)),
    ("Schemes", "savings:schemes", lambda rights: bool(rights.councils())),
    ("Returns", "savings:returns", lambda rights: bool(rights.councils())),
    ("Charges", "savings:charges", lambda rights: bool(rights.councils())),
    ("Budgets", "savings:budgets", lambda rights: bool(rights.councils())),
    ("Confirmations", "savings:confirmations", lambda rights: bool(rights.councils())),
    ("Councils", "councils:list", lambda rights: True),
    ("Partnerships", "partnerships:list", lambda rights: True),
    ("Reorganisations", "savings:reorganisations", lambda rights: rights.administers),
    ("Reports", "savings:reports", lambda rights: bool(rights.held)),
)


def header(request):
    """Context processor: gives the request what templates/govuk/_header.html asks it for."""
    rights = getattr(request, "rights", None)
    if rights is None:  # a view without a scope, or an error before there was one
        return {}
    name_the_reader(request)
    # The demonstration refuses a database with real people, so one invented council makes a demonstration of it all.
    if not request.person or request.rights.administers:  # of no council
        request.demo_world = Council.objects.filter(invented=True).exists()
    request.demo_mailbox = request.demo_world and settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")
    return {}


def name_the_reader(request):
    """The part that needs no query: `request.rights` and `request.person` have been read."""
    request.nav = menu(request.path, request.rights)
    request.person_name = request.person.name if request.person else ""
    request.person_council = ", ".join(sorted(request.rights.names.values()))
    request.demo_world = request.rights.invented


def menu(path, rights: Rights):
    """The header's links as {label, url, current}; the longest address the page lies under is the current one."""
    items = [
        {"label": label, "url": url, "current": False}
        for label, name, offered in PLACES
        if offered(rights) and (url := _address(name))
    ]
    under = [item for item in items if path == item["url"] or (item["url"] != "/" and path.startswith(item["url"]))]
    if under:
        max(under, key=lambda item: len(item["url"]))["current"] = True
    return items


def _address(name):
    try:
        return reverse(name)
    except NoReverseMatch:  # a page of a later release
        return ""
