"""Whatever somebody can do is told to those who may see it, or is left out for a reason that is written down."""

import ast
from decimal import Decimal
from pathlib import Path

from councils.years import FinancialYear
from partnerships.models import CaseStep
from savings.actions import budgets, calendar, cover, forecasts, quality, schemes
from savings.models import Charge, Confirmation, Entry, Return, SchemeStatus, Seen, Support
from savings.reporting import since
from savings.reporting.calendar import Days
from savings.reporting.told import LEFT_OUT, TELLINGS, TOLD
from tests.cast import NOW
from tests.factories import acting, show_to
from tests.savings.confirming import Q4, give_contact

ROOT = Path(__file__).parents[3]
#: What stands for several verbs in the code, by the text of the expression.
SEVERAL = {
    "f'return {step}'": [f"return {step}" for step in Return.Step.values],
    "f'returns {step}'": [f"returns {step}" for step in ("submitted", "signed_off", "closed")],
    "f'scheme {status}'": [f"scheme {status}" for status in SchemeStatus.Status.values],
    "str(step)": CaseStep.Step.values,
}


def verbs_in_the_code():
    """{verb: file} of every act that is opened anywhere in the product."""
    found = {}
    for package in ("councils", "partnerships", "savings"):
        for file in (ROOT / package).rglob("*.py"):
            if "migrations" not in file.parts:
                for verb in _verbs(ast.parse(file.read_text())):
                    found[verb] = file.relative_to(ROOT)
    return found


def _verbs(tree):
    """Whatever is given as `verb=`, where need be followed to what the function assigned to that name."""
    for function in [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.Module)]:
        named = {
            target.id: node.value
            for node in ast.walk(function) if isinstance(node, ast.Assign)
            for target in node.targets if isinstance(target, ast.Name)
        }  # fmt: skip
        for node in ast.walk(function):
            if isinstance(node, ast.keyword) and node.arg == "verb":
                yield from _said(node.value, named)
            elif isinstance(node, ast.keyword) and node.arg is None and isinstance(node.value, ast.Name):
                given = named.get(node.value.id)
                if isinstance(given, ast.Dict):
                    for key, value in zip(given.keys, given.values, strict=True):
                        if isinstance(key, ast.Constant) and key.value == "verb":
                            yield from _said(value, named)


def _said(value, named):
    if isinstance(value, ast.Constant):
        yield value.value
    elif isinstance(value, ast.IfExp):
        yield from _said(value.body, named)
        yield from _said(value.orelse, named)
    elif isinstance(value, ast.Name) and value.id in named:
        yield from _said(named[value.id], named)
    elif ast.unparse(value) in SEVERAL:
        yield from SEVERAL[ast.unparse(value)]
    elif not (isinstance(value, ast.Name) and value.id == "verb"):  # passed on; whoever calls says what it is
        yield f"cannot tell what {ast.unparse(value)} is"


def test_every_verb_in_the_code_is_told_or_left_out_for_a_reason():
    verbs = verbs_in_the_code()
    assert len(verbs) > 50
    assert {verb: str(file) for verb, file in verbs.items() if verb not in TOLD and verb not in LEFT_OUT} == {}
    assert (TOLD.keys() | LEFT_OUT.keys()) - verbs.keys() == set()
    assert TOLD.keys() & LEFT_OUT.keys() == set()
    assert all(len(reason) > 20 for reason in LEFT_OUT.values())


def test_whatever_a_verb_is_told_by_has_a_telling():
    by_themselves = {Charge, Confirmation, Entry, Support}  # functions of happenings
    assert {model for models in TOLD.values() for model in models} - by_themselves == {each.model for each in TELLINGS}


def test_each_is_told_to_a_member_and_to_nobody_elsewhere(cast):
    """What the arrangement, schemes, quality, asking and a council's own matters look like, done by those who may."""
    since_now = _read_so_far(cast)
    people, council = cast.people, cast.councils["NFD"]
    scheme, days = cast.schemes["REV-01"], cast.schemes["REV-01"].indicator
    with acting(people["asha"]) as how:
        forecasts.revise(scheme=scheme, council=council, year=FinancialYear(2026), months={6: 70_00, 7: 80_00}, **how)
        schemes.change(scheme=scheme, reason="She left", owner="Head of benefits", **how)
        reading = quality.read(indicator=days, council=council, quarter=Q4, value=Decimal(22), source="Form 7", **how)
        quality.read(indicator=days, council=council, quarter=Q4, value=Decimal(21), source="Form 7",
                     replaces=reading, reason="Misread", **how)  # fmt: skip
        taken = budgets.reduce(council=council, year=FinancialYear(2026), code="R9", amount_pence=5_00, **how)
        budgets.correct(reduction=taken, amount_pence=4_00, reason="Typed", **how)
    with acting(people["ben"]) as how:
        schemes.stand(scheme=scheme, status="delivering", reason="Begun", delivery_score=4, score_reason="Staff", **how)
        new = schemes.propose(
            partnership=cast.partnership, service=scheme.service, reference="REV-09", title="One letter", owner="Head",
            benefit_class="cash_releasing", recurrence="recurring", **how,
        )  # fmt: skip
        quality.waive(scheme=new, reason="Letters only", **how)
        quality.agree(partnership=cast.partnership, name="Complaints", unit="a year", higher_is_better=False,
                      baseline=Decimal(9), tolerance=Decimal(1), **how)  # fmt: skip
        calendar.set_days(council=council, days=Days(5, 6, 7, 8), reason="Holidays", **how)
        cover.name_deputy(council=council, covered=people["ben"], deputy=people["asha"], what="finance_lead",
                          starts_on=NOW.date(), until=NOW.date(), reason="Leave", **how)  # fmt: skip
    show_to(cast, "public")
    give_contact(cast)
    shared = {
        "forecast 2 amounts, £150.00 in all": "Asha Rao",
        "changed REV-01, now answered for by Head of benefits: She left": "Asha Rao",
        "said where REV-01 stands: delivering, delivery score 4": "Ben Carter",
        "proposed the scheme REV-09 One letter": "Ben Carter",
        "said that no indicator applies to REV-09": "Ben Carter",
        "agreed the quality indicator “Complaints”": "Ben Carter",
        "read what “Days to process a claim” was for Northford in January to March 2026: 22.0000": "Asha Rao",
        "put right what “Days to process a claim” was for Northford in January to March 2026: 21.0000": "Asha Rao",
        "showed its figures to everybody": "Dev Patel",  # the last to agree brings it about
        "proposed a change: Who may see its figures, from 15 June 2026": "Ben Carter",
    }
    southmeres = {
        "set Jo Field as Southmere’s contact": "Dev Patel",
        "agreed for Southmere a change, as the last of its members: Who may see its figures, from 15 June 2026": (
            "Dev Patel"
        ),
    }
    own = {
        "took £5.00 out of the budget R9 of 2026/27": "Asha Rao",
        "corrected what was taken out of the budget R9 to £4.00": "Asha Rao",
        "set the days of closing a quarter: Holidays": "Ben Carter",
        "named Asha Rao to stand in for Ben Carter, until 16 June 2026": "Ben Carter",
    }
    assert _told(since_now, "erin", partnership=cast.partnership) == shared | southmeres
    assert _told(since_now, "dev", partnership=cast.partnership) == shared | southmeres
    assert _told(since_now, "erin", council=council) == shared | own
    assert _told(since_now, "dev", council=council) == {}  # raw, round the page that answers 404
    assert _told(since_now, "cleo", partnership=cast.partnership) == {}
    with acting(people["erin"]):
        assert since.unread(people["erin"], [council])[council.pk] == len(shared | own)
        Seen.objects.create(person=people["erin"], council=council, heads=since.heads_now(council=council), at=NOW)
    assert _told(since_now, "erin", council=council) == {}


def _read_so_far(cast):
    for name, which in (("erin", {"partnership": cast.partnership}), ("dev", {"partnership": cast.partnership}),
                        ("erin", {"council": cast.councils["NFD"]})):  # fmt: skip
        with acting(cast.people[name]):
            Seen.objects.create(person=cast.people[name], heads=since.heads_now(**which), at=NOW, **which)
    return cast


def _told(cast, name, **which):
    with acting(cast.people[name]):
        return {each.did: each.who for each in since.news(person=cast.people[name], **which)}
