"""What a change would make otherwise, beside what is."""

from partnerships.models import Change
from partnerships.shares import percent
from savings.cells import Cell, FigureTable

Kind = Change.Kind


def facts_of(change):
    """Rows of a summary list: what it is about, from when, and for a vehicle or audience what it is now."""
    rows = [{"key": "What", "value": change.get_kind_display()}]
    if change.kind == Kind.TERMS:
        rows.append({"key": "Cost shared by", "value": change.get_cost_key_display()})
    if change.kind == Kind.LEAVING:
        rows.append({"key": "Who leaves", "value": change.members.select_related("council").get().council.name})
    if change.kind == Kind.VEHICLE:
        before = change.partnership.vehicles.order_by("-starts_on", "-pk").filter(act__lt=change.act_id).first()
        rows += [{"key": "Was", "value": str(before or "")}, {"key": "Would be", "value": change.get_form_display()}]
    if change.kind == Kind.AUDIENCE:
        before = change.partnership.audiences.order_by("-pk").filter(act__lt=change.act_id).first()
        rows += [
            {"key": "Shown so far to", "value": str(before or "")},
            {"key": "To", "value": change.get_who_display()},
        ]
    day = "First day after" if change.kind in (Kind.ENDING, Kind.LEAVING) else "From"
    return [
        *rows,
        {"key": day, "value": f"{change.starts_on:%-d %B %Y}"},
        {"key": "Why", "value": change.reason},
        {"key": "Proposed by", "value": f"{change.proposed_by.name} for {change.proposing.name}"},
    ]


def terms_table(change):
    """Each member's role and shares as they are the day before and would be; None unless terms are changed."""
    if change.kind != Kind.TERMS:
        return None
    # what held when it was proposed: rows written by it do not count
    rows = change.partnership.memberships.filter(act__lt=change.act_id, starts_on__lte=change.starts_on)
    held = {row.council_id: row for row in rows.order_by("starts_on", "pk")}
    named = change.members.select_related("council").order_by("council__name")
    measured = any(member.quantity is not None for member in named)
    cells = [
        [
            Cell(member.council.name, member.council.get_absolute_url()),
            *([Cell(f"{member.quantity:,.2f}".rstrip("0").rstrip("."))] if measured else []),
            Cell(_both(*(_role(each) for each in (held.get(member.council_id), member)))),
            Cell(_both(*(_share(each, "cost_share_bps") for each in (held.get(member.council_id), member)))),
            Cell(_both(*(_share(each, "gain_share_bps") for each in (held.get(member.council_id), member)))),
        ]
        for member in named
    ]  # fmt: skip
    headers = ["Member", *([change.get_cost_key_display()] if measured else []), "Role", "Cost share", "Gain share"]
    return FigureTable("What it was, and what it would be", headers, cells, words=len(headers), stacked=True)


def _both(was, would):
    return was if was == would else f"{was} → {would}"


def _role(row):
    return row.get_role_display() + (", host" if row.host else "") if row else "no member"


def _share(row, name):
    return percent(getattr(row, name)) if row else "no member"
