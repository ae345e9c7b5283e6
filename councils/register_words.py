"""A council in words: the rows of its summary list, and the sentence its public page begins with."""

from django.urls import reverse
from django.utils.html import format_html

from .listing_words import listed

PROPER = ("London", "Welsh", "Scottish", "Northern", "Greater", "NHS")  # kinds that keep their capital in a sentence


def facts(council, *, on):
    """Rows of {key, value} for a summary list: what it is, where, and when it existed."""
    rows = [{"key": "Kind", "value": council.get_kind_display()}]
    place = ", ".join(dict.fromkeys(filter(None, [council.region, council.nation])))
    rows += [{"key": "Where", "value": place}] if place else []
    rows.append({"key": "In being", "value": being(council, on=on)})
    for key, other in (("County", council.county), ("Combined authority", council.combined_authority)):
        if other:
            rows.append({"key": key, "value": belonging(other, on=on)})
    if council.population_2020:
        rows.append({"key": "People, 2020", "value": f"{council.population_2020:,}"})
    codes = " · ".join(filter(None, [council.code, council.gss_code]))
    return [*rows, {"key": "Codes", "value": codes}]


def belonging(other, *, on):
    """The county or combined authority it is or was in: `Cumbria County Council, until 1 April 2023. See its area`."""
    until = f", until {other.ends_on:%-d %B %Y}" if other.has_ended(on) else ""
    return format_html(
        '<a class="govuk-link" href="{}">{}</a>{}. <a class="govuk-link" href="{}">See the whole area</a>',
        other.get_absolute_url(), other.name, until, reverse("councils:area", args=[other.slug]),
    )  # fmt: skip


def being(council, *, on):
    """`Since 1 April 2009`, `Until 1 April 2021`: as far as the register knows."""
    first = f"since {council.started_on:%-d %B %Y}" if council.started_on else ""
    if council.started_on and council.started_on > on:
        return f"Will begin on {council.started_on:%-d %B %Y}"
    if council.ends_on:
        last = f"{'until' if council.has_ended(on) else 'ends on'} {council.ends_on:%-d %B %Y}"
        words = f"{first}, {last}" if first else last
    else:
        words = first or "yes; since when is not in the register"
    return words[0].upper() + words[1:]


def introduction(council, register, *, on):
    """What it is and, where it has ended, what became of it, in a sentence or two."""
    kind = council.get_kind_display()
    article = "An" if kind.startswith(("A", "E", "I", "NHS", "O")) else "A"
    if kind.startswith("Other"):
        article, kind = "Another", kind.removeprefix("Other ")
    elif not kind.startswith(PROPER):
        kind = kind[0].lower() + kind[1:]
    place = "" if council.region in ("", council.nation) else f" in {_with_article(council.region)}"
    what = f"{article} {kind}{place}"
    if not council.has_ended(on):
        return f"{what}."
    heirs = [each.other.short_name for each in register.successors]
    if not heirs:
        return f"{what} until {council.ends_on:%-d %B %Y}, when it ended."
    followed = listed(heirs)
    return f"{what} until {council.ends_on:%-d %B %Y}, when {followed} took over."


def _with_article(region):
    """`the North West`, but `London`."""
    return region if region.startswith(("London", "Yorkshire", "Invented")) else f"the {region}"
