"""Finding two claims that look like one saving distinct, and taking that back: each a row, with who and why."""

from django.db import connection, transaction

from councils.acts import act
from councils.refusals import Refused
from councils.years import FinancialYear
from savings.models import Distinction, DistinctionAcross, Scheme

from . import rollups
from .ledger_words import NOT_COMPARED, ledger_words

DISTINCT_ALREADY = "Somebody found these two distinct already."


@transaction.atomic
def find_distinct(*, partnership, year, council, scheme, other_council, other_scheme, by, at, reason):
    """Two lines that look like one claim are two: said by somebody who recorded neither, with the reason."""
    _because(reason)
    subject = f"{scheme.reference} and {other_scheme.reference} {year.label}"
    with act(by=by, at=at, verb="found distinct", subject=subject, reason=reason) as this, ledger_words():
        found = _apart(Distinction, this, reason, by, at, **_within(
            partnership.pk, year.start, (scheme.pk, council.pk), (other_scheme.pk, other_council.pk)))  # fmt: skip
    rollups.ring()
    return found


@transaction.atomic
def find_distinct_across(*, council, year, scheme, other_scheme, by, at, reason):
    """The near claims of `council` on two schemes, each of another partnership, are two savings (rule 3).

    Said by a lead of that council who recorded neither; it clears both partnerships' lines.
    """
    _because(reason)
    subject = f"{scheme.reference} and {other_scheme.reference} {year.label}"
    with act(by=by, at=at, verb="found distinct", subject=subject, reason=reason) as this, ledger_words():
        found = _apart(DistinctionAcross, this, reason, by, at, **_across(council.pk, year.start, scheme, other_scheme))
    rollups.ring()
    return found


@transaction.atomic
def tell_apart(*, entry, others, by, at, reason):
    """The line of `entry` is another saving than the lines of each of `others` (entries): one act, whatever the rule.

    Lines of one partnership are told apart from each other (rule 2), those of one council in two partnerships across
    them (rule 3). Of a chain only the pairs that a rule itself takes for one are told apart; when there is none, that
    is refused. What was said before stays as it was.
    """
    _because(reason)
    if any(each.year != entry.year or each.series != entry.series for each in others):
        raise Refused("Only savings of one year can be one saving.")
    pairs, said_before = [], False
    for model, pair in (_pair(entry, other) for other in others):
        latest = model.objects.last_words().filter(**pair).first()
        if latest and latest.apart:
            said_before = True
        elif _alike(model, pair):
            pairs.append((model, pair))
    if not pairs:
        raise Refused(DISTINCT_ALREADY if said_before else NOT_COMPARED)
    said = f"{', '.join(each.scheme.reference for each in [entry, *others])} {FinancialYear(entry.year).label}"
    with act(by=by, at=at, verb="found distinct", subject=said, reason=reason) as this, ledger_words():
        for model, pair in pairs:
            _apart(model, this, reason, by, at, **pair)
    rollups.ring()


@transaction.atomic
def withdraw(*, distinction, by, at, reason):
    """`distinction` (of either kind) no longer holds: the rule decides again. Said under the same rule of two people.

    A row after it; what was answered before stays the answer of its time. Raises `Refused`.
    """
    if not reason.strip():
        raise Refused("Say why they may be one saving after all.", field="reason")
    model = type(distinction)
    pair = {f: getattr(distinction, model._meta.get_field(f).attname) for f in model.PAIR}
    if model.objects.last_words().filter(**pair).first() != distinction or not distinction.apart:
        raise Refused("That has been withdrawn already.")
    first, second = distinction.scheme, distinction.other_scheme
    subject = f"{first.reference} and {second.reference} {FinancialYear(distinction.year).label}"
    with act(by=by, at=at, verb="withdrew distinction", subject=subject, reason=reason) as this, ledger_words():
        said = _say(model, this, reason, by, at, sequence=distinction.sequence + 1, apart=False, **pair)
    rollups.ring()
    return said


def _because(reason):
    if not reason.strip():
        raise Refused("Say why these are two savings and not one.", field="reason")


def _pair(entry, other):
    """(model, what tells the pair apart): which rule would compare the lines of two entries."""
    if other.partnership_id == entry.partnership_id:
        lines = ((each.scheme_id, each.council_id) for each in (entry, other))
        return Distinction, _within(entry.partnership_id, entry.year, *lines)
    if other.council_id == entry.council_id:
        return DistinctionAcross, _across(entry.council_id, entry.year, entry.scheme, other.scheme)
    raise Refused("These are not compared: they are of two councils in two partnerships.")


def _within(partnership, year, *lines):
    """Of two lines, each (scheme, council), in the order they are kept in."""
    (scheme, council), (other_scheme, other_council) = sorted(lines)
    return {
        "partnership": partnership, "year": year, "council": council, "scheme": scheme,
        "other_council": other_council, "other_scheme": other_scheme,
    }  # fmt: skip


def _across(council, year, *schemes):
    first, second = sorted(schemes, key=lambda each: each.partnership_id)
    return {"council": council, "year": year, "scheme": first.pk, "other_scheme": second.pk}


def _alike(model, pair):
    """Whether a rule takes them for one, as the database will ask once more."""
    question = (
        "SELECT claims_alike(%(partnership)s, %(year)s, %(council)s, %(scheme)s, %(other_council)s, %(other_scheme)s)"
    )
    if model is DistinctionAcross:
        question = """SELECT claims_alike_across(%(year)s, %(council)s, s.partnership_id, s.id, o.partnership_id, o.id)
            FROM savings_scheme s, savings_scheme o WHERE s.id = %(scheme)s AND o.id = %(other_scheme)s"""
    with connection.cursor() as cursor:
        cursor.execute(question, pair)
        found = cursor.fetchone()
    return bool(found and found[0])


def _apart(model, this, reason, by, at, **pair):
    latest = model.objects.last_words().filter(**pair).first()
    if latest and latest.apart:
        raise Refused(DISTINCT_ALREADY)
    return _say(model, this, reason, by, at, sequence=latest.sequence + 1 if latest else 1, apart=True, **pair)


def _say(model, this, reason, by, at, *, sequence, apart, **pair):
    if model is DistinctionAcross:
        homes = dict(_homes(pair["scheme"], pair["other_scheme"]))
        pair |= {"partnership": homes[pair["scheme"]], "other_partnership": homes[pair["other_scheme"]]}
    keys = {model._meta.get_field(name).attname: value for name, value in pair.items()}
    return model.objects.create(
        act=this, **keys, sequence=sequence, apart=apart, reason=reason, decided_by=by, decided_at=at
    )


def _homes(*schemes):
    return Scheme.objects.filter(pk__in=schemes).values_list("pk", "partnership_id")
