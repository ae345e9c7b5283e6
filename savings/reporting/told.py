"""Every kind of row that readers are told of, and every verb: by which row it is told, or why it is left out.

A verb that stands in neither list fails a test, so nobody adds a kind of act that is told to nobody.
"""

from django.db.models import F, Q
from django.urls import reverse

from councils.models import BudgetGap, Role
from councils.money import pounds
from councils.years import FinancialYear
from partnerships.models import (
    Approval,
    Audience,
    BusinessCase,
    CaseStep,
    Change,
    ChangeAnswer,
    Claiming,
    ClaimingAnswer,
    Ending,
    LeavingNotice,
    LeavingTerms,
    Membership,
    Volume,
)
from savings import words
from savings.models import (
    BudgetCorrection,
    BudgetReduction,
    Charge,
    ClosingDays,
    Confirmation,
    ConfirmationLink,
    ConfirmationRequest,
    ConfirmationRevocation,
    Contact,
    Cover,
    Decision,
    Dispute,
    DisputeOutcome,
    Distinction,
    DistinctionAcross,
    Entry,
    Indicator,
    IndicatorWaiver,
    Note,
    Reading,
    Report,
    ReportFile,
    Return,
    SavingEnded,
    Scheme,
    SchemeStatus,
    SchemeVersion,
    Support,
)

from .happenings import Telling

DECIDED = {"signed_off": "signed off", "returned": "returned", "audited": "audited", "exception": "took exception to"}
STEPPED = {"submitted": "submitted", "signed_off": "signed off", "closed": "closed", "reopened": "reopened"}
CLAIM_ANSWERED = {"accepted": "accepted", "refused": "refused", "withdrawn": "withdrew"}
READERS = {"members": "its members only", "sector": "everybody signed in", "public": "everybody"}


def _its(name):
    return lambda each: getattr(each, name).get_absolute_url()


def _of(address, name="partnership"):
    return lambda each: reverse(address, args=[getattr(each, name).slug])


def _return_url(each):
    return reverse("savings:return", args=[each.partnership.slug, each.council.code, words.quarter_slug(each.quarter)])


def _note_url(each):
    own = each.charge or each.document or each.indicator or each.confirmation
    if own:
        return reverse("savings:notes", args=[each.about, own.public_id])
    return (each.entry or each.scheme or each.partnership).get_absolute_url()


def _scheme(each):
    return each.scheme.reference


def _stood(each):
    score = f", delivery score {each.delivery_score}" if each.delivery_score else ""
    return f"said where {_scheme(each)} stands: {each.get_status_display().lower()}{score}"


def _read(each):
    did = "put right what" if each.replaces_id else "read what"
    quarter = words.quarter(each.quarter)
    return f"{did} “{each.indicator.name}” was for {each.council.short_name} in {quarter}: {each.value:f}"


def _disputed(each):
    because = ", because quality did not hold" if each.reading_id else ""
    return f"disputed {words.spoken(each.entry)}{because}"


def _joined(each):
    until = f", until {each.ends_on:%-d %B %Y}" if each.ends_on else ""
    return f"wrote down {each.council.short_name} as a member: {each.get_role_display().lower()}{until}"


def _answered(each):
    if each.outcome == ChangeAnswer.Outcome.WITHDRAWN:
        return f"withdrew a change: {each.change}"
    did = "agreed for" if each.outcome == ChangeAnswer.Outcome.AGREED else "refused for"
    last = ", as the last of its members" if each.completes else ""
    return f"{did} {each.council.short_name} a change{last}: {each.change}"


def _noticed(each):
    if each.withdraws_id:
        return f"withdrew the notice of {each.council.short_name}, which stays"
    return f"gave notice: {each.council.short_name} leaves on {each.leaves_on:%-d %B %Y}"


def _role(each):
    until = f", until {each.ends_on:%-d %B %Y}" if each.ends_on else ""
    if each.replaces_id:
        return f"changed when {each.person.name} ends as {each.get_what_display().lower()}{until or ', without an end'}"
    if each.act.person_id == each.person_id:
        return f"came in by invitation: {each.get_what_display().lower()}{until}"
    return f"gave {each.person.name} a role: {each.get_what_display().lower()}{until}"


def _cover(each):
    if each.replaces_id:
        return f"ended early that {each.deputy.name} stands in for {each.covered.name}"
    return f"named {each.deputy.name} to stand in for {each.covered.name}, until {each.ends_on:%-d %B %Y}"


def _distinct(each):
    did = "found" if each.apart else "no longer holds"
    return f"{did} {each.scheme.reference} and {each.other_scheme.reference} to be two savings in " + (
        FinancialYear(each.year).label
    )


TELLINGS = [
    # entries and what is said of them
    Telling(Decision, ("entry__scheme",), lambda d: f"{DECIDED[d.outcome]} {words.spoken(d.entry)}", _its("entry")),
    Telling(Dispute, ("entry__scheme",), _disputed, _its("entry")),
    Telling(DisputeOutcome, ("entry__scheme",), lambda d: f"ended the dispute of {words.spoken(d.entry)}",
            _its("entry")),
    Telling(Distinction, ("scheme", "other_scheme"), _distinct, lambda each: reverse("savings:double-claims")),
    Telling(DistinctionAcross, ("scheme", "other_scheme"), _distinct, lambda each: reverse("savings:double-claims"),
            partnership=""),
    Telling(SavingEnded, ("scheme", "council"),
            lambda s: f"said that the saving of {_scheme(s)} ended before {FinancialYear(s.year).label}",
            _its("scheme")),
    Telling(Return, ("partnership", "council"), lambda r: (
        f"{STEPPED[r.step]} the return of {r.council.short_name} for {words.quarter(r.quarter)}"), _return_url),
    Telling(Note, ("partnership", "entry", "scheme", "charge", "document", "indicator", "confirmation"),
            lambda n: f"wrote a note: “{n.text[:80]}”", _note_url),
    # schemes and quality
    Telling(Scheme, (), lambda s: f"proposed the scheme {s}", lambda s: s.get_absolute_url(), shared=True),
    Telling(SchemeVersion, ("scheme",), lambda v: (
        f"changed {_scheme(v)}, now answered for by {v.owner}: {v.reason[:80]}"), _its("scheme"), shared=True),
    Telling(SchemeStatus, ("scheme",), _stood, _its("scheme"), shared=True, but=Q(act=F("scheme__act"))),
    Telling(Indicator, ("partnership",), lambda i: f"agreed the quality indicator “{i.name}”", _of("savings:quality"),
            shared=True),
    Telling(Reading, ("partnership", "indicator", "council"), _read, _of("savings:quality")),
    Telling(IndicatorWaiver, ("scheme",), lambda w: f"said that no indicator applies to {_scheme(w)}", _its("scheme"),
            shared=True),
    # the promise
    Telling(BusinessCase, ("partnership",), lambda c: f"drafted version {c.version} of the business case “{c.title}”",
            lambda c: c.get_absolute_url(), shared=True),
    Telling(CaseStep, ("case__partnership",), lambda s: (
        f"{s.get_step_display().lower()} version {s.case.version} of the business case “{s.case.title}”"),
        _its("case")),
    Telling(Approval, ("case__partnership", "council"), lambda a: (
        f"approved version {a.case.version} of the business case for {a.council.short_name}"), _its("case")),
    Telling(Volume, ("partnership", "council"), lambda v: (
        f"counted {v.quantity:f} {v.unit} for {v.council.short_name} in {FinancialYear(v.year).label}"),
        _of("partnerships:business-cases")),
    # the arrangement
    Telling(Membership, ("partnership", "council"), _joined, _its("partnership"), own=False),
    Telling(Audience, ("partnership",), lambda a: f"showed its figures to {READERS[a.who]}", _its("partnership"),
            shared=True),
    Telling(Ending, ("partnership",), lambda e: f"ended the partnership on {e.ended_on:%-d %B %Y}",
            _its("partnership"), shared=True),
    Telling(Claiming, ("partnership", "council"), lambda c: f"claimed the partnership for {c.council.short_name}",
            lambda c: c.get_absolute_url()),
    Telling(ClaimingAnswer, ("claiming", "council"), lambda a: (
        f"{CLAIM_ANSWERED[a.outcome]} the claim of {a.council.short_name}"), _its("claiming"), own=False),
    Telling(Change, ("partnership",), lambda c: f"proposed a change: {c}", lambda c: c.get_absolute_url(), shared=True),
    Telling(ChangeAnswer, ("change", "council"), _answered, _its("change"),
            but=Q(act=F("change__act"), completes=False)),
    Telling(LeavingTerms, ("partnership",), lambda t: (
        f"wrote down the terms of leaving: {t.notice_months} months’ notice"), _of("partnerships:leave"), shared=True),
    Telling(LeavingNotice, ("partnership", "council"), _noticed, _of("partnerships:leave")),
    # asking the other members
    Telling(Contact, ("partnership", "council"), lambda c: (
        f"{'took away' if c.ended else 'set'} {c.name} as {c.council.short_name}’s contact"), _of("savings:contacts")),
    Telling(ConfirmationRequest, ("council",), lambda r: (
        f"asked {r.council.short_name} to confirm {words.quarter(r.quarter)}"), lambda r: r.get_absolute_url()),
    Telling(ConfirmationLink, ("council", "request", "contact"), lambda k: (
        f"wrote to {k.contact.name} of {k.council.short_name}, asking to confirm {words.quarter(k.request.quarter)}"),
        _its("request")),
    Telling(ConfirmationRevocation, ("council", "request"), lambda r: (
        f"took back what {r.council.short_name} was asked: {r.reason[:80]}"), _its("request")),
    # a council's own matters
    Telling(BudgetReduction, (), lambda b: (
        f"took {pounds(b.amount_pence)} out of the budget {b.code} of {FinancialYear(b.year).label}"),
        lambda b: reverse("savings:budget", args=[b.public_id]), partnership=""),
    Telling(BudgetCorrection, ("reduction",), lambda c: (
        f"corrected what was taken out of the budget {c.reduction.code} to {pounds(c.amount_pence)}"),
        lambda c: reverse("savings:budget", args=[c.reduction.public_id]), partnership=""),
    Telling(BudgetGap, ("council",), lambda g: (
        f"entered {pounds(g.amount_pence)} as the budget gap of {FinancialYear(g.year).label}"),
        _of("councils:budget-gap", "council"), partnership=""),
    Telling(ClosingDays, (), lambda c: f"set the days of closing a quarter: {c.reason[:80]}",
            lambda c: reverse("savings:calendar"), partnership=""),
    Telling(Cover, ("council", "covered", "deputy"), _cover, _of("councils:people", "council"), partnership=""),
    Telling(Role, ("act", "council", "person"), _role, _of("councils:people", "council"), partnership="", own=False,
            but=Q(act__in=Cover.objects.values("act"))),
    Telling(Report, (), lambda r: "asked for an evidence report", lambda r: r.get_absolute_url()),
    Telling(ReportFile, ("report",), lambda f: "made an evidence report", _its("report"), but=~Q(format="pdf")),
]  # fmt: skip

#: By which rows each verb is told.
TOLD = {
    "recorded": [Entry], "reversed": [Entry, Charge], "booked": [Entry], "forecast": [Entry],
    "uploaded": [Entry], "undid an upload": [Entry],
    "attested": [Entry, SavingEnded], "documented": [Support], "withdrew": [Support],
    "signed off": [Decision], "returned": [Decision, CaseStep],  # an entry, or a business case
    "disputed": [Dispute], "ended dispute": [DisputeOutcome], "found distinct": [Distinction, DistinctionAcross],
    "withdrew distinction": [Distinction, DistinctionAcross],
    "charged": [Charge], "finalised": [Charge],
    "return submitted": [Return], "return signed_off": [Return], "return closed": [Return], "return reopened": [Return],
    "returns submitted": [Return], "returns signed_off": [Return], "returns closed": [Return],
    "noted": [Note], "corrected a note": [Note],
    "proposed": [Scheme], "changed": [SchemeVersion], "scheme scored": [SchemeStatus],
    **{f"scheme {status}": [SchemeStatus] for status in SchemeStatus.Status.values},
    "agreed indicator": [Indicator], "read indicator": [Reading], "put reading right": [Reading],
    "decided on quality": [DisputeOutcome], "waived indicator": [IndicatorWaiver],
    "drafted": [BusinessCase], **{step: [CaseStep] for step in CaseStep.Step.values if step != "returned"},
    "approved": [Approval], "counted": [Volume],
    "joined": [Membership],
    "wrote down terms": [LeavingTerms], "gave notice": [LeavingNotice], "withdrew notice": [LeavingNotice],
    "founded": [Membership], "shown": [Audience],
    "reorganised": [Membership],
    "proposed a change": [Change, ChangeAnswer],
    "agreed to a change": [ChangeAnswer, Membership, Audience, Ending],
    "refused a change": [ChangeAnswer], "withdrew a change": [ChangeAnswer],
    "claimed a partnership": [Claiming], "accepted a claim": [ClaimingAnswer], "refused a claim": [ClaimingAnswer],
    "withdrew a claim": [ClaimingAnswer],
    "set contact": [Contact], "ended contact": [Contact], "asked to confirm": [ConfirmationRequest],
    "sent confirmation link": [ConfirmationLink], "revoked confirmation": [ConfirmationRevocation],
    "answered confirmation": [Confirmation],
    "reduced budget": [BudgetReduction], "corrected budget": [BudgetCorrection], "set budget gap": [BudgetGap],
    "set": [ClosingDays],
    "named a deputy": [Cover], "ended a cover": [Cover], "appointed": [Role],
    "accepted an invitation": [Role], "ended a role": [Role], "changed when a role ends": [Role],
    "asked for a report": [Report], "made a report": [ReportFile],
}  # fmt: skip

INVITED = "holds the address of somebody not here yet; the council's leads see it on the page of who acts"
#: Why readers are not told of the others.
LEFT_OUT = {
    **dict.fromkeys(
        ("drafted reorganisation", "redrafted reorganisation", "proposed reorganisation", "withdrew reorganisation"),
        "a plan changes nothing yet; its own page tells its history",
    ),
    **dict.fromkeys(
        ("offered membership", "declined membership", "withdrew an offer"),
        "of a council that is no member; the partnership's page lists who was asked and how each answered",
    ),
    "signed in": "changes nothing; the access stream is for that person and administrators",
    "signed out": "changes nothing; the access stream is for that person and administrators",
    "was refused a sign-in": "changes nothing; the access stream is for that person and administrators",
    "read": "changes nothing; who took a file away is for its council's leads and auditors",
    "invited somebody": INVITED,
    "invited somebody again": INVITED,
    "sent an invitation": INVITED,
    "revoked an invitation": INVITED,
    "exported": "changes nothing; the access stream is for that person and administrators",
    "loaded": "reference tables of no council or partnership",
    "added": "councils put on the register, which everybody reads",
    "recorded the schema": "of the database, and no council's; the page on how the ledger is checked tells of it",
    "made a checkpoint": "of every stream, and no council's; the same page lists it",
    "asked for checkpoints": "a person's own wish for mail",
    "wants no more checkpoints": "a person's own wish for mail",
}
