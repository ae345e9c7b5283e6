"""The council page and the list: who sees which half, that figures agree, and that every amount opens into its rows."""

import re
from html import unescape

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from councils.acts import act
from councils.models import Council, Outturn, Person, Succession
from councils.money import parse_pounds
from councils.rights import rights_of
from savings.actions import disputes, entries
from savings.filters import EntryFilter
from savings.models import Entry
from savings.models.typed import BenefitClass, Kind
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_proven_entry, acting, an_entry
from tests.savings.reporting.ledger import roll_up, southmere_claims, southmere_pays

NORTHFORD, SOUTHMERE = "/councils/northford/", "/councils/southmere/"
FIGURES = "Counting only what finance has signed off"
OPENS = re.compile(r'<a class="govuk-link[^"]*" href="(/entries/\?[^"]+)">(−?£?[\d,.]+)</a>')


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def ledger(cast):
    """A bit of everything: two years, a cost, a saving without cash, a reversal, a charge, and a member that loses."""
    a_proven_entry(cast, year=2024, amount_pence=3_000_00, code="R1")
    an_entry(cast, year=2025, amount_pence=4_000_00)
    an_entry(cast, year=2025, month=2, scheme="ICT-01", kind=Kind.ONE_OFF_COST, amount_pence=1_000_00)
    an_entry(cast, year=2025, scheme="ICT-01", benefit_class=BenefitClass.COST_AVOIDANCE, amount_pence=77_00)
    wrong = an_entry(cast, year=2024, scheme="ICT-01", amount_pence=9_999_00)
    with acting(cast.people["asha"]) as how:
        entries.reverse(entry=wrong, reason="Typed twice", **how)
    southmere_claims(cast, amount_pence=70_00)
    southmere_pays(cast, 500_00)
    roll_up()
    return cast


def test_a_stranger_reads_the_register_and_no_figure(ledger, sign_in):
    for reader in (None, "cleo", "dev"):
        page = sign_in(reader).get(NORTHFORD)
        assert page.status_code == 200
        assert "A unitary council in the South West." in page.text
        assert FIGURES not in page.text
        assert "£" not in page.text


def test_its_own_people_read_where_it_stands(ledger, sign_in):
    page = sign_in("erin").get(NORTHFORD)
    assert "sharing has saved Northford £2,500 net since 2024; £4,000 more is claimed." in page.text
    assert "Everything recorded is included." in page.text
    # 7,000 claimed less 1,000 spent plus 500 received; proven counts 3,000 of it
    assert [figure(page.text, label) for label in ("Claimed", "Counted", "Proven")] == ["£6,500", "£6,500", "£2,500"]
    assert figure(page.text, "Promised") == "No promise"


def test_members_that_lose_are_named(ledger, sign_in):
    page = sign_in("erin").get(NORTHFORD)
    assert "<strong>Southmere Council</strong>" in page.text
    assert "£430 worse off, net" in page.text


def test_disputes_of_its_entries_are_counted_and_open_in_the_ledger(ledger, sign_in):
    assert "No entry of Northford is disputed." in sign_in("erin").get(NORTHFORD).text
    entry = an_entry(ledger, year=2026, month=1)
    with acting(ledger.people["dev"]) as how:
        disputes.dispute(entry=entry, council=ledger.councils["STM"], reason="That was ours", **how)
    page = sign_in("erin").get(NORTHFORD).text
    link = '<a class="govuk-link" href="/entries/?council=northford&amp;standing=disputed">1 entry of Northford</a>'
    assert f"{link} is disputed by another member" in page
    assert "That was ours" in sign_in("erin").get(entry.get_absolute_url()).text
    assert entry.get_absolute_url() in sign_in("erin").get("/entries/?council=northford&standing=disputed").text


def test_tables_say_of_each_figure_whether_it_is_gross_or_net(ledger, sign_in):
    page = sign_in("erin").get(NORTHFORD).text
    for header in ("Claimed, gross", "Claimed, net", "Counted, gross", "Counted, net", "Proven, gross", "Proven, net"):
        assert f">{header}</th>" in page


@pytest.mark.parametrize("path", [NORTHFORD, SOUTHMERE, "/partnerships/north-south/"])
def test_every_amount_that_opens_opens_into_rows_that_add_up_to_it(ledger, sign_in, path):
    reader = "dev" if path == SOUTHMERE else "erin"
    page = sign_in(reader).get(path)
    found = {(unescape(address), text) for address, text in OPENS.findall(page.text)}
    assert len(found) >= 2
    person = ledger.people[reader]
    with acting(person):
        for address, text in found:
            rows = EntryFilter(
                QueryDict(address.partition("?")[2]), Entry.objects.all(), person=person,
                rights=rights_of(person.pk, on=NOW.date()), today=NOW.date(),
            )  # fmt: skip
            assert rows.is_valid(), rows.errors
            shown = parse_pounds(text, allow_zero=True) if "£" in text else int(text)
            assert (rows.qs.total() if "£" in text else rows.qs.count()) == shown, address


def test_before_anything_is_recorded_the_page_says_so(cast, sign_in):
    page = sign_in("erin").get(NORTHFORD)
    assert "Nothing has been recorded for Northford yet" in page.text
    assert "Nothing is recorded yet" in page.text
    assert sign_in("cleo").get("/councils/westvale/").text.count("No partnership keeps its ledger here yet") == 1


def test_the_page_costs_as_many_queries_whatever_the_ledger_holds(ledger, sign_in, django_assert_max_num_queries):
    client = sign_in("erin")
    client.get(NORTHFORD)
    with django_assert_max_num_queries(32):  # of which 12 are session, scope, savepoints and rights, 1 budget gaps
        client.get(NORTHFORD)


@pytest.fixture
def county(db):
    """A county that ended, was divided, and reported its spending once."""
    with as_role("worker"), act(by=Person.objects.get(system=True), at=NOW, verb="loaded", register=True) as this:
        ended = timezone.localdate(NOW).replace(year=2021, month=4, day=1)

        def body(code, name, kind, **more):
            return Council.objects.create(
                act=this, code=code, name=name, short_name=name.split(" C")[0], slug=code.lower(), kind=kind,
                nation="England", region="East Midlands", **more,
            )  # fmt: skip

        old = body("OLD", "Oldshire County Council", Council.Kind.COUNTY, ended_on=ended)
        heirs = []
        for code, name, share in (("NOS", "North Oldshire Council", 4_628), ("WOS", "West Oldshire Council", 5_372)):
            heir = body(code, name, Council.Kind.UNITARY, started_on=ended)
            heirs.append(
                Succession(
                    act=this, predecessor=old, successor=heir, on=ended, share_bps=share, share_basis="population"
                )
            )
        Succession.objects.bulk_create(heirs)  # a council passes whole
        for line, pence in (("education", 584_329_000_00), ("cultural", None), ("total_service_expenditure", 1)):
            Outturn.objects.create(
                act=this, council=old, ecode="E1", year=2010, line=line, amount_pence=pence, release="test"
            )
        body("OLB", "Oldby District Council", Council.Kind.DISTRICT, county=old, ended_on=ended)
        return old


def test_an_ended_council_says_what_became_of_it(county, client):
    page = client.get(county.get_absolute_url()).text
    assert "A county council in the East Midlands until 1 April 2021, when North Oldshire and West Oldshire" in page
    assert "46.28% (population)" in page
    assert "Its districts" in page
    assert 'Oldby District Council</a> <span class="app-quiet">(until 1 April 2021)' in page
    assert "584,329" in page
    assert "Culture" not in page  # nobody filled that line in any year
    assert "Oldshire County Council</a>, on 1 April 2021" in client.get("/councils/nos/").text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"Northford Council", "Southmere Council", "Westvale Council", "Oldshire County Council"}),
        ("being=ended", {"Oldshire County Council", "Oldby District Council"}),
        ("being=in-being&region=South+West", {"Northford Council"}),
        ("kind=county", {"Oldshire County Council"}),
        ("search=NFD", {"Northford Council"}),
        ("kind=nonsense&search=oldby", {"Oldby District Council"}),
        ("page=999&sort=nonsense", {"Northford Council"}),
    ],
)
def test_the_address_holds_the_view(county, client, query, names):
    page = client.get(f"{reverse('councils:list')}?{query}")
    assert page.status_code == 200
    assert all(name in page.text for name in names)
    if "being=ended" in query:
        assert "Northford Council" not in page.text
        assert "Remove filter: </span>In being: Ended" in page.text


def test_the_list_costs_as_many_queries_whatever_is_in_it(county, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):  # of which 7 are the scope and the header
        client.get(reverse("councils:list"))


def figure(page, label):
    """The text of one of the four figures."""
    (found,) = re.findall(rf'app-figure__label">{label}</h3>\s*<p class="app-figure__value">(?:<a[^>]*>)?([^<]+)', page)
    return found
