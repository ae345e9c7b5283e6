"""The start page: for a stranger what this is and why, for somebody signed in what needs them."""

from typing import NamedTuple

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from councils.models import Council
from councils.rights import CHIEF, RECORDING
from councils.years import FinancialYear
from partnerships.models import MapTotal, Partnership, PublicClaim
from savings.joining_steps import still_joining
from savings.reporting import figures, since
from savings.waiting import Item, needs_of

MOST_STANDINGS = 3


class Standing(NamedTuple):
    council: Council
    sentence: str
    total: figures.Figures
    fresh: figures.Freshness


@require_safe
def start(request):
    if not request.person:
        return render(request, "savings/start/stranger.html", {
            "partnerships": Partnership.objects.filter(from_public_record=True).count(),
            "claims": PublicClaim.objects.count(),
            "retired": MapTotal.objects.exclude(arrangements=None).order_by("published").last(),
        })  # fmt: skip
    today = timezone.localdate(request.now)
    councils = list(Council.objects.filter(pk__in=request.rights.councils()).order_by("name"))
    return render(request, "savings/start/needs.html", {
        "needs": needs_of(request.person, request.rights, today),
        "standings": standings(councils, request.rights, today),
        "through": FinancialYear.containing(today),
        "offers": [
            *first_steps(request.rights, today), *changed(request.person, councils), *offers(councils, request.rights)
        ],
    })  # fmt: skip


def standings(councils, rights, today):
    """Where councils stand, for somebody who looks at the whole: chief executives, and whoever only reads.

    A few queries each, so somebody of many councils is offered their pages instead.
    """
    looked_at = rights.councils(CHIEF) or (rights.councils() - rights.councils(*RECORDING))
    if len(looked_at) > MOST_STANDINGS:
        return []
    return [
        _standing(council, figures.council_figures(council, today), figures.freshness(on=today, council=council))
        for council in councils
        if council.pk in looked_at
    ]


def _standing(council, found, fresh):
    return Standing(council, figures.sentence(found.total, council.short_name, found.since), found.total, fresh)


def first_steps(rights, today):
    """The checklist of each council of theirs that has not signed off a quarter yet, for whoever takes the steps."""
    own = rights.councils(*RECORDING) - rights.inherited.keys()
    return [
        Item(
            f"Take {council.short_name} to its first signed quarter",
            reverse("councils:joining", args=[council.slug]),
            "what is done, and what comes next",
        )
        for council in (still_joining(own, on=today)[:MOST_STANDINGS] if own else [])
    ]


def changed(person, councils):
    """Councils of which something happened that this person has not marked as read; the first few councils."""
    counts = since.unread(person, councils[:MOST_STANDINGS])
    return [
        Item(
            f"See what changed at {council.short_name}", reverse("councils:changes", args=[council.slug]),
            f"{'at least ' if counts[council.pk] == since.MOST_ACTS else ''}{counts[council.pk]} "
            f"act{'' if counts[council.pk] == 1 else 's'} since you last looked",
        )
        for council in councils[:MOST_STANDINGS]
        if counts[council.pk]
    ]  # fmt: skip


def offers(councils, rights):
    """What this person could do next, when nothing needs them and also when something does."""
    offered = []
    if rights.records:
        offered += [
            Item("Record a saving", reverse("savings:entry-new"), "with its proof, on one screen"),
            Item("Enter a grid", reverse("savings:grid"), "schemes by months, as in a spreadsheet"),
        ]
    offered += [
        Item(f"See what {council.short_name} left open", reverse("councils:ending", args=[council.slug]),
             f"for {rights.names[rights.inherited[council.pk]]}, as successor")
        if council.pk in rights.inherited
        else Item(
            f"See where {council.short_name} stands", council.get_absolute_url(), "promised, claimed, counted, proven"
        )
        for council in councils
    ]  # fmt: skip
    if councils:
        offered += [
            Item("Search the ledger", reverse("savings:ledger"), "every entry of your partnerships"),
            Item("Make an evidence report", reverse("savings:report-new"), "a PDF that an auditor can trace"),
        ]
    if rights.signs_off:
        offered.append(Item("Found a partnership", reverse("partnerships:new"), "and invite the other members"))
    if rights.administers:
        offered += [
            Item(
                "Invite a council’s first finance lead", reverse("councils:list"),
                "find the council; its page has the invitation, and that lead invites everybody else",
            ),
            Item("See who was invited", reverse("savings:invitations"), "send again or revoke what still waits"),
        ]  # fmt: skip
        offered.append(Item("See whether everything is running", reverse("readyz"), "database, broker and worker"))
    return [
        *offered,
        Item("See the partnerships", reverse("partnerships:list"), "yours and those on the public record"),
        Item("See the councils", reverse("councils:list"), "every one since 2009"),
    ]
