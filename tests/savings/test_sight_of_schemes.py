"""A row that somebody may see names a scheme: it is seen with the row, however late it was written down."""

import datetime

import pytest

from councils.acts import act
from councils.models import Person
from partnerships.models import Membership
from savings.actions import schemes
from savings.models import Scheme, SchemeStatus
from savings.reporting import rollups
from tests.cast import NOW
from tests.database import as_role
from tests.factories import acting, an_entry

LEFT = datetime.date(2024, 10, 1)


def gone(cast, *codes, on=LEFT):
    """As the product itself: who agrees to it is not what is asked here."""
    system = Person.objects.get(system=True)
    with as_role("worker"), act(by=system, at=NOW, verb="released", subject="partnership:north-south") as this:
        for code in codes:
            was = Membership.objects.current().get(council=cast.councils[code])
            facts = {
                name: getattr(was, name)
                for name in ("partnership_id", "council_id", "role", "host", "starts_on", "cost_share_bps")
            }
            Membership.objects.create(act=this, replaces=was, ends_on=on, **facts)


def late(cast, reference="NEW-01"):
    with acting(cast.people["ben"]) as how:
        first = Scheme.objects.select_related("service", "indicator").first()
        return schemes.propose(
            **how, partnership=cast.partnership, service=first.service, reference=reference, title="Written down late",
            owner="Head of revenues", benefit_class="cash_releasing", recurrence="recurring", indicator=first.indicator,
        )  # fmt: skip


@pytest.fixture
def late_scheme(cast, time_machine):
    """Southmere left in the middle of 2024/25; a scheme proposed afterwards saved something in that year too."""
    time_machine.move_to(NOW + datetime.timedelta(hours=1), tick=False)
    gone(cast, "STM")
    scheme = late(cast)
    late(cast, "NEW-02")
    cast.schemes["NEW-01"] = scheme
    entry = an_entry(cast, scheme="NEW-01", year=2024, amount_pence=7_00)
    with as_role("worker"):
        rollups.drain()
    return entry


def test_whoever_left_reads_the_scheme_of_a_row_of_their_years(cast, late_scheme):
    with acting(cast.people["dev"]):
        assert set(Scheme.objects.values_list("reference", flat=True)) == {"REV-01", "ICT-01", "NEW-01"}
        assert SchemeStatus.objects.filter(scheme=late_scheme.scheme).count() == 1


@pytest.mark.parametrize(
    "address",
    ["/", "/councils/southmere/", "/councils/northford/", "/partnerships/north-south/", "/entries/", "/schemes/",
     "/recurring/", "/returns/", "/quality/north-south/", "/double-claims/", "entry", "scheme"],
)  # fmt: skip
def test_every_page_with_such_a_row_stands(cast, late_scheme, sign_in, address):
    names = {"entry": late_scheme.get_absolute_url(), "scheme": late_scheme.scheme.get_absolute_url()}
    answer = sign_in("dev").get(names.get(address, address))
    assert answer.status_code == 200
    if address in ("/entries/", "/schemes/", "entry", "scheme"):
        assert "Written down late" in answer.text


def test_whoever_stayed_until_nobody_was_left_sees_what_was_written_down_later(cast, time_machine):
    """Nobody ended the partnership in words; all its members were gone."""
    time_machine.move_to(NOW + datetime.timedelta(hours=1), tick=False)
    gone(cast, "STM")
    gone(cast, "NFD", on=datetime.date(2025, 4, 1))
    late(cast)
    with acting(cast.people["ben"]):
        assert Scheme.objects.count() == 3
    with acting(cast.people["dev"]):
        assert Scheme.objects.count() == 2
