"""Notes on anything, and who acts for a council, as pages."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from councils.acts import act
from councils.refusals import Refused
from councils.years import FinancialYear
from partnerships import actions as arrangement
from savings.actions import charges, notes
from savings.models import Cover, Note
from savings.models.typed import BenefitClass, Kind, Recurrence
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_file, acting, an_entry
from tests.savings.confirming import ask, give_contact


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def things(cast):
    """{about: (key of its notes page, its own page)}."""
    entry = an_entry(cast)
    with acting(cast.people["ben"]) as how:
        line = {
            "council": cast.councils["NFD"], "scheme_reference": "REV-01", "year": 2026, "kind": Kind.SAVING,
            "benefit_class": BenefitClass.CASH_RELEASING, "recurrence": Recurrence.RECURRING, "amount_pence": 100_00,
        }  # fmt: skip
        case = arrangement.draft(partnership=cast.partnership, title="Case", horizon_year=2030, lines=[line], **how)
    scheme = cast.schemes["REV-01"]
    quarter = "/returns/north-south/NFD/2025-26-q1/"
    return {
        "entry": (str(entry.public_id), entry.get_absolute_url()),
        "scheme": (str(scheme.public_id), scheme.get_absolute_url()),
        "partnership": ("north-south", "/partnerships/north-south/"),
        "business_case": (f"north-south__{case.version}", case.get_absolute_url()),
        "return": ("north-south__NFD__2025-26-q1", quarter),
    }


def said(text, council="NFD", **more):
    return {"council": council, "token": str(uuid.uuid4()), "text": text, **more}


@pytest.mark.parametrize("about", ["entry", "scheme", "partnership", "business_case", "return"])
def test_a_note_stands_on_the_page_of_what_it_is_about_for_every_member(sign_in, things, about):
    key, page = things[about]
    sent = sign_in("asha").post(f"/notes/{about}/{key}/", said("Agreed with the provider"))
    assert sent.status_code == 302
    for member in ("asha", "dev", "gwen"):
        assert "Agreed with the provider" in sign_in(member).get(page).content.decode()
        assert "Agreed with the provider" in sign_in(member).get(f"/notes/{about}/{key}/").content.decode()
    assert sign_in("cleo").get(f"/notes/{about}/{key}/").status_code == 404
    assert sign_in("cleo").post(f"/notes/{about}/{key}/", said("x", council="WSV")).status_code == 404
    assert sign_in("gwen").post(f"/notes/{about}/{key}/", said("x")).status_code == 403


def test_a_note_sent_twice_is_written_once_and_says_so(cast, sign_in, things):
    client, address = sign_in("asha"), f"/notes/entry/{things['entry'][0]}/"
    form = said("Agreed")
    client.post(address, form)
    assert "That form was sent before" in client.post(address, form, follow=True).content.decode()
    with acting(cast.people["asha"]):
        assert Note.objects.count() == 1


def test_a_token_of_somebody_elses_note_is_refused_in_words(sign_in, things):
    address, token = f"/notes/entry/{things['entry'][0]}/", str(uuid.uuid4())
    sign_in("asha").post(address, said("Agreed", token=token))
    page = sign_in("dev").post(address, said("Not so", council="STM", token=token)).content.decode()
    assert "no longer good" in page
    assert "Not so" in page


def test_a_correction_replaces_it_and_the_old_stays_readable(cast, sign_in, things):
    address = f"/notes/entry/{things['entry'][0]}/"
    client = sign_in("asha")
    client.post(address, said("First words"))
    with acting(cast.people["asha"]):
        first = Note.objects.get()
    assert "First words" in client.get(f"{address}?correct={first.public_id}").content.decode()
    client.post(address, said("Better words", replaces=str(first.public_id)))
    page = client.get(address).content.decode()
    assert page.index("Better words") < page.index("Corrected; what it said before") < page.index("First words")
    again = client.post(address, said("Third", replaces=str(first.public_id)))
    assert "corrected already" in again.content.decode()
    theirs = sign_in("dev").post(address, said("Not so", council="STM", replaces=str(first.public_id)))
    assert "not one of yours" in theirs.content.decode()


def test_an_empty_or_endless_note_is_refused_and_stays_typed(sign_in, things):
    client, address = sign_in("asha"), f"/notes/entry/{things['entry'][0]}/"
    assert "Write the note" in client.post(address, said(" ")).content.decode()
    assert "w" * 5001 in client.post(address, said("w" * 5001)).content.decode()


@pytest.mark.parametrize("address", ["/notes/entry/x/", "/notes/thing/x/", "/notes/return/north-south__NFD__x/",
                                     "/notes/return/north-south__WSV__2025-26-q1/",
                                     "/notes/business_case/north-south__9/",
                                     "/notes/partnership/north-south__x/"])  # fmt: skip
def test_what_is_not_there_has_no_notes(cast, sign_in, address):
    assert sign_in("asha").get(address).status_code == 404


@pytest.mark.parametrize("about", ["document", "indicator", "confirmation"])
def test_what_has_no_page_of_notes_links_to_one(cast, sign_in, about):
    """Each is found from the page it stands on, by every member, and nobody else."""
    entry = an_entry(cast, by="omar", council="STM", files=[a_file()])
    give_contact(cast, council="NFD", by="ben")
    asked = ask(cast, by="dev", council="NFD")
    with acting(cast.people["dev"]):
        document = entry.supports.get().document
    thing, page = {
        "document": (document, entry.get_absolute_url()),
        "indicator": (cast.schemes["REV-01"].indicator, "/quality/north-south/"),
        "confirmation": (asked, f"/confirmations/{asked.public_id}/"),
    }[about]
    address = f"/notes/{about}/{thing.public_id}/"
    assert f'href="{address}"' in sign_in("asha").get(page).text
    assert sign_in("asha").post(address, said("Seen at the meeting")).status_code == 302
    assert "Seen at the meeting" in sign_in("dev").get(address).text
    assert sign_in("cleo").get(address).status_code == 404
    assert address in sign_in("dev").get("/partnerships/north-south/changes/").text


def test_a_note_names_one_thing_of_its_own_kind(cast, things):
    """Round the pages: a note about a document that names an indicator, or names nothing, is refused."""
    with acting(cast.people["asha"]) as how:
        for thing in ({"indicator": cast.schemes["REV-01"].indicator}, {}):
            with pytest.raises(Refused, match="savings_note_about"), transaction.atomic():
                notes.write(council=cast.councils["NFD"], partnership=cast.partnership, about="document", text="x",
                            **thing, **how)  # fmt: skip


def test_a_charge_has_notes_too(cast, sign_in):
    with acting(cast.people["asha"]) as how:
        charge = charges.report_charge(
            council=cast.councils["NFD"], partnership=cast.partnership, payer=cast.councils["STM"],
            receiver=cast.councils["NFD"], year=FinancialYear(2025), amount_pence=5_00, **how,
        )  # fmt: skip
    address = f"/notes/charge/{charge.public_id}/"
    assert sign_in("omar").post(address, said("Seen", council="STM")).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "why"),
    [({"council": "WSV"}, "one partnership"), ({"written_by": "ben"}, "who acts|written"),
     ({"about": "scheme"}, "savings_note_about")],
)  # fmt: skip
def test_round_the_pages_a_note_is_of_its_partnership_and_writer(cast, wrong, why):
    entry = an_entry(cast)
    given = {"council": "NFD", "written_by": "asha", "about": "entry"} | wrong
    with pytest.raises(IntegrityError, match=why), transaction.atomic(), as_role("worker"):
        with act(by=cast.people["asha"], at=NOW, verb="noted") as this:
            Note.objects.create(
                act=this, partnership=cast.partnership, council=cast.councils[given["council"]], about=given["about"],
                entry=entry, text="x", written_by=cast.people[given["written_by"]], written_at=NOW,
            )  # fmt: skip


HERE = "/councils/northford/people/"


def day(prefix, when):
    return {f"{prefix}_{number}": part for number, part in enumerate((when.day, when.month, when.year))}


def deputy_form(cast, deputy="gwen"):
    who = {"covered": f"{cast.people['ben'].public_id}.finance_lead", "deputy": str(cast.people[deputy].public_id)}
    form = {"do": "name", "token": str(uuid.uuid4()), "reason": "Annual leave"}
    return {**form, **who, **day("starts_on", NOW), **day("until", NOW.replace(day=30))}


def test_a_lead_names_a_deputy_and_everybody_of_the_council_sees_it(cast, sign_in):
    assert sign_in("ben").post(HERE, deputy_form(cast)).status_code == 302
    for who in ("gwen", "erin"):
        page = sign_in(who).get(HERE).content.decode()
        assert "Gwen Pryce for Ben Carter" in page
        assert "ends by itself on 1 July 2026" in page
    assert sign_in("gwen").get("/sign-off/").status_code == 200
    assert "Who acts for Northford" in sign_in("erin").get("/councils/northford/").content.decode()


def test_a_refusal_stands_on_the_form_and_nothing_is_lost(cast, sign_in):
    page = sign_in("ben").post(HERE, deputy_form(cast) | day("until", NOW.replace(day=1))).content.decode()
    assert "The last day comes before the first" in page
    assert "Annual leave" in page


def test_it_is_ended_from_the_same_page(cast, sign_in):
    client = sign_in("ben")
    client.post(HERE, deputy_form(cast))
    with acting(cast.people["ben"]):
        cover = Cover.objects.get()
    assert sign_in("gwen").post(HERE, {"do": "end", "cover": str(cover.public_id), "reason": "x"}).status_code == 302
    assert "Gwen Pryce for Ben Carter" in client.get(HERE).content.decode()
    client.post(HERE, {"do": "end", "cover": str(cover.public_id), "reason": "Back"})
    assert "Nobody stands in for anybody" in client.get(HERE).content.decode()


def test_who_only_reads_names_nobody(cast, sign_in):
    assert "Name a deputy" not in sign_in("erin").get(HERE).content.decode()
    assert sign_in("erin").post(HERE, deputy_form(cast)).status_code == 403
    assert sign_in("cleo").get(HERE).status_code == 404
    assert sign_in("dev").get(HERE).status_code == 404
