"""Words about entries in templates: `{{ entry|period }}`, `{{ entry|what }}`, `{% standing entry %}`."""

from django import template

from savings import words

register = template.Library()

register.filter("period", words.period)
register.filter("what", words.what)
register.filter("spoken", words.spoken)
register.filter("quarter", words.quarter)
register.filter("quarter_slug", words.quarter_slug)


@register.filter
def hexadecimal(raw) -> str:
    """Bytes as lower-case hexadecimal digits."""
    return bytes(raw).hex()


@register.inclusion_tag("savings/entries/_standing.html")
def standing(entry):
    """The grade of an entry and whatever else must be known of it at a glance."""
    return {"where": words.standing(entry)}


@register.inclusion_tag("savings/entries/_pair.html")
def pair(entry):
    """What took an entry back, or what it takes back, in a list where the two may stand far apart."""
    return {"reversed_by": getattr(entry, "reversed_by", None), "reverses": entry.reverses}


@register.inclusion_tag("govuk/_table_head.html")
def table_head(*headers):
    """The head of a table that stacks on a phone: one text for each column, one of numbers begins with “#”."""
    return {"columns": [(each.removeprefix("#"), each.startswith("#")) for each in map(str, headers)]}
