"""Money in the councils of known histories: what a partnership of each banked before its councils passed on.

The councils, their days and their shares are those of the shipped register; the partnerships and the pounds are made
up. By hand, in pounds, carried to who is there in June 2026:

- Somerset: Taunton Deane 100.01 (2017/18), West Somerset 50.02 less 10.00 of cost (2018/19), Somerset West and Taunton
  1,000.03 (2021/22). All of it is Somerset's: 1,150.06 counted, 10.00 of cost, 1,140.06 net. In 2020 Somerset West and
  Taunton had what the first two banked: 150.03.
- Cumbria: 100.01 of the county, 20.00 of Allerdale, 30.00 of Barrow. Of 10,001 pence 5,490.549 and 4,510.451 are
  54.90% and 45.10%; the odd penny goes to the larger remainder. Cumberland 54.91 + 20.00 = 74.91, Westmorland and
  Furness 45.10 + 30.00 = 75.10, together 150.01.
- Northamptonshire: 100.01. 4,628.4628 and 5,372.5372 pence: North 46.28, West 53.73.
- Dorset: 70.00 of the county, 5.05 of West Dorset, 3.03 of Christchurch, which went to Bournemouth, Christchurch and
  Poole: Dorset 75.05, the other 3.03, together 78.08.
"""

import datetime
from typing import NamedTuple

from councils.acts import act
from councils.models import Council, Person, Role, User
from councils.years import FinancialYear
from partnerships.models import Audience, Membership, Partnership, PartnershipService, Service, Vehicle
from savings.actions import entries, schemes
from savings.models.typed import BenefitClass, Kind, Recurrence
from savings.reporting import rollups
from tests.cast import NOW, PASSWORD
from tests.factories import acting

READER = "una@example.org"
HEIRS = ("SMT", "CBD", "WAF", "NNT", "WNT", "DST", "BPC")
FROM = datetime.date(2013, 4, 1)


class Banked(NamedTuple):
    council: str
    year: int
    pence: int
    kind: Kind = Kind.SAVING


#: By slug of the partnership: its members (code, first day, first day no longer) and what they banked.
WORLDS = {
    "somerset-money": (
        [("TAU", FROM, datetime.date(2019, 4, 1)), ("WSO", FROM, datetime.date(2019, 4, 1)),
         ("SWT", datetime.date(2019, 4, 1), datetime.date(2023, 4, 1))],
        [Banked("TAU", 2017, 100_01), Banked("WSO", 2018, 50_02), Banked("WSO", 2018, 10_00, Kind.ONE_OFF_COST),
         Banked("SWT", 2021, 1_000_03)],
    ),
    "cumbria-money": (
        [(code, FROM, datetime.date(2023, 4, 1)) for code in ("CMA", "ALL", "BAR")],
        [Banked("CMA", 2022, 100_01), Banked("ALL", 2021, 20_00), Banked("BAR", 2020, 30_00)],
    ),
    "northamptonshire-money": (
        [("NTH", FROM, datetime.date(2021, 4, 1))],
        [Banked("NTH", 2019, 100_01)],
    ),
    "dorset-money": (
        [(code, FROM, datetime.date(2019, 4, 1)) for code in ("DOR", "WDO", "CHC")],
        [Banked("DOR", 2018, 70_00), Banked("WDO", 2017, 5_05), Banked("CHC", 2016, 3_03)],
    ),
}  # fmt: skip


def bank_what_is_known():
    """Everything above, recorded in June 2026 by an officer of those that came after; returns her `User`. Call as the
    worker, with the register loaded."""
    councils = {council.code: council for council in Council.objects.filter(invented=False)}
    una = _appointed(councils)
    for slug, (members, banked) in WORLDS.items():
        partnership, scheme = _partnership(una, slug, [(councils[code], *days) for code, *days in members])
        with acting(una.person) as how:
            for each in banked:
                saving = {"benefit_class": BenefitClass.CASH_RELEASING} if each.kind == Kind.SAVING else {}
                entries.record(
                    **how, council=councils[each.council], partnership=partnership, scheme=scheme, kind=each.kind,
                    year=FinancialYear(each.year), amount_pence=each.pence, **saving,
                )  # fmt: skip
    rollups.drain()
    return una


def _appointed(councils):
    person = Person.objects.create(name="Una Webb")
    user = User.objects.create_user(email=READER, password=PASSWORD, person=person)
    with act(by=Person.objects.get(system=True), at=NOW, verb="appointed", subject="una", register=True) as this:
        for code in HEIRS:
            Role.objects.create(
                act=this, person=person, council=councils[code], what=Role.What.FINANCE_OFFICER, starts_on=NOW.date()
            )
    return user


def _partnership(una, slug, members):
    service = Service.objects.get(slug="revenues")
    with act(by=una.person, at=NOW, verb="founded", subject=f"partnership:{slug}") as this:
        found = Partnership.objects.create(
            act=this, slug=slug, name=slug.replace("-", " ").capitalize(), started_on=FROM, founded_by=una.person
        )
        Vehicle.objects.create(act=this, partnership=found, form=Vehicle.Form.JOINT_COMMITTEE, starts_on=FROM)
        Audience.objects.create(act=this, partnership=found, who=Audience.Who.MEMBERS)
        PartnershipService.objects.create(act=this, partnership=found, service=service)
        for council, starts_on, ends_on in members:
            Membership.objects.create(
                act=this, partnership=found, council=council, role=Membership.Role.BOTH, starts_on=starts_on,
                ends_on=ends_on,
            )  # fmt: skip
    with acting(una.person) as how:
        scheme = schemes.propose(
            **how, partnership=found, service=service, reference="KN-01", title="One team", owner="Head of finance",
            benefit_class=BenefitClass.CASH_RELEASING, recurrence=Recurrence.RECURRING,
        )  # fmt: skip
    return found, scheme
