"""The demonstration world: what it says, what it refuses, and that it holds together at any date.

`BY_HAND` was added up in docs/demo.md from the amounts of the story, not from the product.
"""

import datetime
import io
import json
import stat
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.test import override_settings
from django.utils import timezone
from pypdf import PdfReader

from councils.loading import Loading
from councils.models import Act, Council, Event, Person, User
from councils.scope import scope
from partnerships import reference as shared
from partnerships.models import Membership, Partnership
from savings import demo, documents
from savings.demo import world
from savings.demo.dates import CURRENT, LONDON, Dates
from savings.demo.documents import pdf
from savings.demo.story import PARTNERSHIPS, timeline
from savings.models import Deflator, Dispute, Distinction, Document, Entry, Reading, Return, Rollup
from savings.models.typed import BenefitClass, Kind
from savings.reporting import confirmed, happenings, rollups
from savings.reporting.happenings import Done
from savings.reporting.told import TELLINGS, TOLD
from tests import database
from tests.savings.demo_verdicts import verdicts

AS_OF = datetime.date(2026, 9, 30)
VERDICTS = {
    "five-rivers-revenues": ("pays", []),
    "aldershire-legal": ("pays_unproven", ["U1", "U2"]),
    "three-towns-ict": ("does_not_pay", ["ended"]),
    "aldershire-waste": ("cannot_tell", ["G1", "G2"]),  # G2 once its half year counts as a year without four returns
}
# Pounds, all years to 2026/27 as they stand on 30 September 2026:
# promised, claimed, counted, proven, one-off cost, running cost, charges paid, charges received, net
BY_HAND = {
    "five-rivers-revenues": {
        "QNF": (1_335_000, 1_035_700, 973_700, 913_700, 565_000, 1_232_000, 0, 1_325_500, 502_200),
        "QMH": (1_622_000, 1_396_900, 1_396_900, 1_396_900, 164_000, 74_600, 558_000, 0, 600_300),
        "QSB": (1_370_000, 1_109_200, 1_109_200, 1_109_200, 131_500, 0, 468_500, 0, 509_200),
        "QEM": (1_100_000, 464_100, 464_100, 442_100, 183_000, 0, 299_000, 0, -17_900),
    },
    "aldershire-legal": {
        "QAL": (650_000, 467_800, 409_800, 108_000, 74_000, 274_500, 0, 164_600, 225_900),
        "QNF": (675_000, 457_400, 457_400, 0, 36_000, 0, 93_000, 0, 328_400),
        "QWH": (420_000, 238_300, 238_300, 0, 12_000, 0, 71_600, 0, 154_700),
    },
    "three-towns-ict": {
        "QWH": (960_000, 230_400, 230_400, 230_400, 1_411_000, 493_000, 0, 494_300, -1_179_300),
        "QNF": (1_120_000, 271_900, 271_900, 271_900, 305_000, 0, 282_500, 0, -315_600),
        "QEM": (820_000, 155_200, 155_200, 155_200, 226_000, 0, 211_800, 0, -282_600),
    },
    "aldershire-waste": {
        "QMH": (160_000, 59_500, 59_500, 0, 238_000, 24_000, 0, 0, -202_500),
        "QSB": (110_000, 0, 0, 0, 0, 0, 0, 0, 0),
        "QAL": (60_000, 12_000, 12_000, 12_000, 0, 0, 0, 0, 12_000),
    },
}


@contextmanager
def told(name, as_of=None):
    """A database of its own, as the worker, with nothing in it but the service catalogue, or the story up to a day."""
    mine = f"{name}_demo"
    database.clone(mine, of=database.EMPTY)
    database.use(mine)
    here = override_settings(DATA_DIR=settings.DATA_DIR / mine)  # the passwords are kept there, and others test too
    try:
        here.enable()
        database.set_role(connection, "worker")
        system = Person.objects.get(system=True)
        with Loading(by=system, at=datetime.datetime(2020, 1, 1, tzinfo=LONDON)) as loading:
            shared.load_services(loading)
        if as_of:
            world.load(moment=at_noon(as_of), data_dir=settings.DATA_DIR)
            rollups.drain()
        yield
    finally:
        here.disable()
        database.use(name)


def at_noon(day):
    return datetime.datetime.combine(day, datetime.time(12), LONDON)


def load(*arguments):
    output = io.StringIO()
    call_command("load_demo", *arguments, stdout=output, stderr=io.StringIO())
    return output.getvalue()


@pytest.fixture(scope="module")
def said(django_db_setup, django_db_blocker):
    """What the command printed; the world stands until the module is done."""
    with django_db_blocker.unblock(), told(django_db_setup):
        yield load("--json", "--as-of", AS_OF.isoformat())


@pytest.fixture
def unblocked(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield django_db_setup


@pytest.fixture
def story(said, unblocked):
    """The world as loaded; what a test changes is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def banked(scheme, **more):
    return Entry.objects.get(scheme__reference=scheme, series="banked", reverses__isnull=True, **more)


# --- the command ------------------------------------------------------------------------------------------------------


def test_it_prints_one_object_and_nothing_else(said):
    answer = json.loads(said)
    assert set(answer) == {"users", "councils", "partnerships"}
    assert {frozenset(user) for user in answer["users"]} == {frozenset({"email", "password", "role", "councils"})}
    assert answer["councils"] == ["QNF", "QAL", "QMH", "QSB", "QEM", "QWH"]
    assert answer["partnerships"] == list(VERDICTS)


def test_there_is_somebody_for_every_role_and_two_people_for_every_council(said):
    answer = json.loads(said)
    roles = {(user["role"], *user["councils"]) for user in answer["users"]}
    assert {role for role, *_ in roles} == {
        "finance_officer", "finance_lead", "chief_executive", "auditor", "viewer", "administrator",
    }  # fmt: skip
    assert all({("finance_officer", code), ("finance_lead", code)} <= roles for code in answer["councils"])


def test_the_printed_passwords_open_the_accounts(story, said):
    for user in json.loads(said)["users"][:3]:  # each costs a third of a second, by design
        assert User.objects.get(email=user["email"]).check_password(user["password"])


def test_a_second_run_changes_nothing_and_prints_the_same(story, said):
    before = (
        Act.objects.count(),
        Event.objects.latest("pk").hash,
        User.objects.get(email__startswith="priya").password,
    )
    assert load("--json", "--as-of", "2024-02-29") == said
    after = (Act.objects.count(), Event.objects.latest("pk").hash, User.objects.get(email__startswith="priya").password)
    assert after == before


def test_a_lost_file_of_passwords_is_made_again_and_holds(story, said):
    kept = Path(settings.DATA_DIR) / "demo_sign_ins.json"
    before = kept.read_bytes()
    kept.unlink()
    try:
        printed = json.loads(load("--json"))["users"][0]
        assert printed["password"] not in said
        assert User.objects.get(email=printed["email"]).check_password(printed["password"])
    finally:
        kept.write_bytes(before)


def test_the_passwords_are_kept_from_everybody_else(said):
    kept = Path(settings.DATA_DIR) / "demo_sign_ins.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_database_with_real_people_is_refused(story):
    User.objects.create_user(email="Chief@northford.gov.uk", password="x", person=Person.objects.create(name="A B"))
    with pytest.raises(CommandError, match="accounts of real people"):
        load()


def test_a_day_to_come_is_refused(unblocked):
    with pytest.raises(CommandError, match="not come yet"):
        load("--as-of", "2199-01-01")


def test_the_first_steps_name_people_who_are_there(said):
    emails = [user["email"] for user in json.loads(said)["users"]]
    assert all(any(email in step for email in emails) for step in demo.first_steps())
    assert [one["email"] for one in demo.credentials(settings.DATA_DIR)] == emails


# --- the figures ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", VERDICTS)
def test_the_roll_ups_are_what_was_added_up_by_hand(story, slug):
    through = Dates(AS_OF).year(5).start
    found = dict.fromkeys(BY_HAND[slug], (0,) * 9)
    for fact in Rollup.objects.filter(partnership__slug=slug, audience="members", year__lte=through).select_related(
        "council"
    ):
        amounts = (
            fact.promised_pence, fact.claimed_pence, fact.counted_pence, fact.proven_pence, fact.one_off_cost_pence,
            fact.running_cost_pence, fact.charges_paid_pence, fact.charges_received_pence,
            fact.counted_pence - fact.one_off_cost_pence - fact.running_cost_pence
            - fact.charges_paid_pence + fact.charges_received_pence,
        )  # fmt: skip
        code = fact.council.code
        found[code] = tuple(map(sum, zip(found[code], amounts, strict=True)))
    assert found == {code: tuple(pounds * 100 for pounds in amounts) for code, amounts in BY_HAND[slug].items()}


def test_roll_ups_and_ledger_agree(story):
    assert rollups.check() == []


# --- what is in it ----------------------------------------------------------------------------------------------------


def test_everybody_and_everything_is_marked_as_invented(story):
    assert set(Council.objects.values_list("invented", flat=True)) == {True}
    assert set(Partnership.objects.values_list("invented", flat=True)) == {True}
    release = Deflator.objects.select_related("release").first().release
    assert release.invented
    assert "nvented" in release.name


def test_the_names_and_codes_are_no_real_councils():
    real = (Path(__file__).parents[2] / "reference" / "councils.csv").read_text(encoding="utf-8").lower()
    for one in world.councils.COUNCILS:
        assert one.short_name.lower() not in real
        assert f"\n{one.code.lower()}," not in real


def test_some_are_unsigned_and_one_was_returned_with_a_reason(story):
    returned = Entry.objects.get(state__outcome="returned")
    assert "two partnerships" in returned.decisions.get().reason
    waiting = Entry.objects.filter(series="banked", council__code="QNF", state__grade=1, state__outcome="")
    assert waiting.filter(budget_reduction__isnull=False).count() >= 10  # Northford's lead has something to sign


def test_one_is_disputed_and_the_dispute_is_open(story):
    dispute = Dispute.objects.get(reading__isnull=True)  # those about quality are decided
    assert dispute.entry == banked("RB-09")
    assert dispute.entry.state.disputed


def test_one_was_signed_off_and_then_reversed(story):
    reversed_entry = banked("RB-08")
    assert reversed_entry.decisions.get().outcome == "signed_off"
    assert Entry.objects.get(reverses=reversed_entry).amount_pence == -reversed_entry.amount_pence


def test_two_alike_were_found_distinct_by_somebody_who_recorded_neither(story):
    found = Distinction.objects.get()
    assert found.decided_by.name == "Imran Siddiqui"
    assert {banked("RB-06").recorded_by.name, banked("RB-07").recorded_by.name} == {"Priya Nair", "George Whitlock"}


def test_one_quarter_all_members_agree_on_and_say_how_much_needed_sharing(story):
    partnership = Partnership.objects.get(slug="five-rivers-revenues")
    said = confirmed.of_partnership(partnership, AS_OF)
    assert {row.name.split()[0]: row.said.confirmed // 100 for row in said} == {
        "Northford": 179_000, "Millhaven": 114_200, "Stonebeck": 133_400, "Eastmere": 69_200,
    }  # fmt: skip
    total = confirmed.total(said)
    assert (total.confirmed, total.low, total.high) == (495_800_00, 265_200_00, 495_800_00)


def test_one_closed_quarter_was_adjusted(story):
    adjustment = Entry.objects.get(adjustment=True, reverses__isnull=True)
    assert adjustment.amount_pence == -320_000
    assert Return.objects.filter(step="closed", council=adjustment.council, partnership=adjustment.partnership).exists()


def test_one_member_left_and_nothing_was_recorded_for_it_since(story):
    left = Membership.objects.current().get(partnership__slug="five-rivers-revenues", ends_on__isnull=False)
    assert (left.council.code, left.ends_on) == ("QEM", datetime.date(2025, 4, 1))
    later = Entry.objects.filter(series="banked", council=left.council, partnership=left.partnership, year__gte=2025)
    assert not later.exists()


def test_twelve_months_share_one_document(story):
    months = Entry.objects.filter(scheme__reference="RB-01", council__code="QNF", year=2024, series="banked")
    assert months.count() == 12
    assert Document.objects.filter(supports__entry__in=months).distinct().count() == 1


def test_every_scheme_with_cash_savings_names_an_indicator_with_readings(story):
    entries = Entry.objects.filter(kind=Kind.SAVING, benefit_class=BenefitClass.CASH_RELEASING, year__lt=2026)
    for entry in entries.select_related("scheme__indicator"):
        assert Reading.objects.filter(indicator=entry.scheme.indicator).exists(), entry.scheme


def test_every_kind_and_class_the_pages_show_occurs(story):
    entries = Entry.objects.filter(series="banked")
    assert set(entries.values_list("kind", flat=True)) == set(Kind.values)
    assert set(entries.exclude(benefit_class=None).values_list("benefit_class", flat=True)) == set(BenefitClass.values)
    assert set(entries.values_list("recurrence", flat=True)) == {"recurring", "one_off", "time_limited"}
    assert Entry.objects.filter(series="forecast").exists()


def test_every_document_is_kept_and_every_pdf_can_be_read(story):
    kinds = Counter()
    for document in Document.objects.all():
        path = documents.path_of(document.sha256)
        kinds[document.media_type] += 1
        if document.media_type == "application/pdf":
            text = PdfReader(path, strict=True).pages[0].extract_text()
            assert "Invented for the demonstration" in text
            assert document.title in text
        else:
            assert "Invented for the demonstration" in path.read_text(encoding="utf-8")
    assert set(kinds) == {"application/pdf", "text/csv"}


def test_the_same_words_make_the_same_bytes():
    assert pdf("Outturn (final)", ["£1,234.50"]) == pdf("Outturn (final)", ["£1,234.50"])
    read = PdfReader(io.BytesIO(pdf("Outturn (final)", ["£1,234.50"])), strict=True)
    assert "£1,234.50" in read.pages[0].extract_text()


# --- at any date ------------------------------------------------------------------------------------------------------


def assert_it_holds_together(moment):
    on = timezone.localdate(moment)
    reached = verdicts(on)
    assert reached.pop("aldershire-waste") in (VERDICTS["aldershire-waste"], ("cannot_tell", ["G1"]))
    assert reached == {slug: expected for slug, expected in VERDICTS.items() if slug in reached}
    later = Act.objects.filter(at__gt=moment).exclude(verb="recorded the schema")  # when this database was migrated
    assert [act.verb for act in later] == []
    assert Entry.objects.filter(recorded_at__gt=moment).count() == 0
    assert Entry.objects.filter(series="banked", year__gt=Dates(on).year(5).start).count() == 0
    assert Document.objects.filter(uploaded_at__gt=moment).count() == 0
    assert Entry.objects.filter(state__outcome="returned").count() == 1
    assert Dispute.objects.filter(ended__isnull=True).count() == 1
    assert Entry.objects.filter(reverses__isnull=False).count() == 1
    assert Distinction.objects.count() == 1
    assert Entry.objects.filter(series="banked", council__code="QNF", state__grade=1, state__outcome="").count() >= 10
    transfer, twice = (Rollup.objects.filter(audience="members", council__code=code) for code in ("QAL", "QNF"))
    assert sum(fact.claimed_pence - fact.counted_pence for fact in transfer) == 58_000_00
    assert sum(fact.claimed_pence - fact.counted_pence for fact in twice) == 62_000_00
    assert rollups.check() == []


def test_it_holds_together_on_the_day_of_the_figures(story):
    assert_it_holds_together(datetime.datetime(2026, 9, 30, 23, 59, tzinfo=LONDON))


@pytest.mark.slow
@pytest.mark.parametrize("day", ["2024-04-01", "2025-03-31", "2026-06-29", "2026-06-30", "2024-02-29", "2021-12-31"])
def test_it_holds_together_on_any_day(unblocked, day):
    as_of = datetime.date.fromisoformat(day)
    with told(unblocked, as_of):
        assert_it_holds_together(at_noon(as_of))


@pytest.mark.parametrize("day", ["2024-04-01", "2025-03-31", "2026-06-30", "2024-02-29"])
def test_what_every_date_needs_has_happened_before_the_current_year(day):
    """Not loaded, only told: what did not go to plan is over by 1 April of year 5, weekends notwithstanding."""
    dates = Dates(datetime.date.fromisoformat(day))
    begins = datetime.datetime.combine(dates.year(5).first_day, datetime.time(), LONDON)
    unplanned = {deed for each in PARTNERSHIPS for deed in each.turns(dates)}
    assert unplanned
    happened = {deed.do.__qualname__: at for at, deed in timeline(dates)}
    assert all(happened[deed.do.__qualname__] < begins for deed in unplanned)


@pytest.mark.parametrize("years", [2, pytest.param(CURRENT, marks=pytest.mark.slow)])
def test_every_step_is_allowed_to_the_person_who_takes_it(unblocked, years):
    """The command runs as the worker, whom the policies do not hold; here the application's role takes each step."""
    dates = Dates(AS_OF)
    until = min(at_noon(AS_OF), at_noon(dates.day(years, 3, 31)))
    with told(unblocked), transaction.atomic():
        begun = world.set_up(dates)
        for at, deed in timeline(dates):
            if at <= until:
                by = begun.person(*deed.who)
                database.set_role(connection, "app")
                with scope(person_id=by.pk, on=at.date()):
                    deed.do(begun, by, at)
        database.set_role(connection, "worker")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # every act is sealed
        assert Entry.objects.filter(series="banked").count() >= years * 30
        transaction.set_rollback(True)
    connections["default"].close()


def test_every_act_of_the_story_is_told_if_its_verb_is(story):
    with database.as_role("worker"):
        acts = {each.pk: each for each in Act.objects.filter(verb__in=TOLD).select_related("person")}
        done = {pk: Done(each.at, str(pk)) for pk, each in acts.items()}
        tell = [happenings.entries, happenings.documents, happenings.charges, happenings.confirmations]
        tell += [telling.news for telling in TELLINGS]
        readers = [{"partnership": each} for each in Partnership.objects.filter(invented=True)]
        readers += [{"council": each} for each in Council.objects.filter(invented=True)]
        told = {int(line.who) for which in readers for each in tell for line in each(done, which)}
    verbs = {each.verb for each in acts.values()}
    assert len(verbs) > 20
    # an administrator is of no council
    silent = {each.verb for pk, each in acts.items() if pk not in told} - {"appointed"}
    assert silent == set()
