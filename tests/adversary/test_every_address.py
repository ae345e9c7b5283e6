"""Every address there is, asked for by people whom it is none of the business of (abuse cases 1, 3, 6 and 23)."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from councils.acts import act
from councils.models import Council, Person, Role
from councils.years import FinancialYear
from partnerships import actions as arrangement
from partnerships import changing, claiming, offering
from partnerships.models import Audience, Partnership
from savings.actions import budgets, disputes, grid, invitations, quality, reports
from savings.models import Document, Report
from savings.models.typed import BenefitClass, Kind, Recurrence
from savings.standing_cells import RowKey
from savings.uploads import keeping
from tests.cast import NOW, PASSWORD, email_of
from tests.database import as_role
from tests.factories import a_file, acting, an_entry
from tests.savings.confirming import ask, give_contact
from tests.savings.reorganising import drafted
from tests.savings.uploads.sending import as_csv, row

CANARY = "ZQX-NFD"
#: Addresses that belong to everybody, or whose object is on the public register.
EVERYBODYS = {
    "start", "healthz", "readyz", "councils:list", "councils:council", "councils:area", "partnerships:list",
    "partnerships:new",
    "savings:ledger", "savings:entry-new", "savings:sign-off-queue", "savings:returns", "savings:charges",
    "savings:charge-new", "savings:charge-differences", "savings:scheme-new", "savings:schemes",
    "savings:reports", "savings:report-new",
    "savings:uploads", "savings:upload-template", "savings:entries-out",  # tests/savings/views/test_uploads.py
    "savings:entry-schema",
    "savings:assurance", "savings:checkpoint-file", "savings:past", "savings:grid", "savings:recurring",
    "savings:budgets", "savings:budget-new", "savings:double-claims", "savings:distinctions",
    "savings:radar", "savings:grid-radar", "savings:calendar",
    "savings:reminders", "savings:confirmations", "savings:notices",
    "savings:mailbox",  # of the demonstration only
    "partnerships:claim",  # of what everybody may read; tests/savings/views/test_claiming.py
    "savings:claims",  # those of the reader's councils, or an administrator's
    "savings:invitations",  # an administrator's own; nobody else's address at all
    "savings:join",  # a link that is good opens for whoever has it; tests/savings/views/test_join.py
    "savings:reorganisations", "savings:reorganisation-new",
    "savings:confirm",  # a link that is good opens for whoever has it; tests/savings/views/test_confirm.py
}  # fmt: skip
LISTS = (
    "/", "/uploads/", "/entries/", "/entries/new/", "/schemes/", "/schemes/new/", "/sign-off/", "/returns/",
    "/charges/", "/charges/new/", "/charges/differences/", "/reports/", "/reports/new/", "/partnerships/",
    "/entries/grid/", "/recurring/", "/budgets/", "/budgets/new/", "/double-claims/", "/double-claims/settled/",
    "/returns/calendar/",
    "/confirmations/", "/assurance/", "/notices/", "/invitations/", "/reorganisations/", "/reorganisations/new/",
)  # fmt: skip
#: Plans of reorganisations are for administrators to read, who see no partnership by them but its name and members.
ADMINISTERED = ("savings:reorganisation", "savings:claiming")
METHODS = ("get", "head", "post", "put", "patch", "delete")
OUTSIDERS = ("cleo", "ada")


def addresses(resolver=None, prefix="", namespace=""):
    """(full name, route) of each of our own patterns; the accounts' pages are allauth's."""
    for each in (resolver or get_resolver()).url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver) and not route.startswith("accounts/"):
            yield from addresses(each, route, f"{each.namespace}:" if each.namespace else namespace)
        elif isinstance(each, URLPattern):
            yield namespace + each.name, route


def planted(cast):
    """Something of Northford's at every kind of address, with the canary in its words; `{name: {argument: value}}`."""
    northford, partnership = cast.councils["NFD"], cast.partnership
    entry = an_entry(cast, files=[a_file(f"{CANARY}.pdf", title=CANARY)], note=CANARY, document_ref=CANARY)
    with acting(cast.people["dev"]) as how:
        dispute = disputes.dispute(entry=entry, council=cast.councils["STM"], reason=CANARY, **how)
    with acting(cast.people["ben"]) as how:
        line = {
            "council": northford, "scheme_reference": "REV-01", "year": 2026, "kind": Kind.SAVING,
            "benefit_class": BenefitClass.CASH_RELEASING, "recurrence": Recurrence.RECURRING, "amount_pence": 100_00,
        }  # fmt: skip
        case = arrangement.draft(partnership=partnership, title=CANARY, horizon_year=2030, lines=[line], **how)
        report = reports.ask(partnership=partnership, council=northford, **how)
    with acting(cast.people["asha"]) as how:
        budget = budgets.reduce(
            council=northford, year=FinancialYear(2025), code="R100", amount_pence=1_00, description=CANARY, **how
        )
    with as_role("worker"):
        job, document = Report.objects.get(pk=report.pk).job, Document.objects.get()
        support = entry.supports.get()
    with acting(cast.people["asha"]) as how:
        booked = grid.book(
            council=northford, partnership=partnership, year=FinancialYear(2024), reason=CANARY, **how,
            changes=[grid.Change(RowKey(cast.schemes["ICT-01"].public_id, "income", "", "one_off"), 3, 5_00, "")],
        )  # fmt: skip
        reading = quality.read(
            **how, indicator=cast.schemes["REV-01"].indicator, council=northford, value=Decimal(99), source=CANARY,
            quarter=FinancialYear(2025).quarters[0],
        )  # fmt: skip
    scheme = {"public_id": cast.schemes["REV-01"].public_id}
    contact, asked = give_contact(cast, name=CANARY), ask(cast)
    asked_id = {"public_id": asked.public_id}
    plan = {"public_id": drafted(cast, by="dev", passings=[("STM", "SWS", 10_000)]).public_id}
    entry_id, slug = {"public_id": entry.public_id}, {"slug": partnership.slug}
    acts = ("attach", "reverse", "sign-off", "return", "dispute")
    with acting(cast.people["ben"]) as how:
        invitation = invitations.invite(
            council=northford, name=CANARY, email="zqx@example.net", what="viewer", **how
        )  # fmt: skip
        role = {"slug": northford.slug, "public_id": Role.objects.get(person=cast.people["asha"]).public_id}
    invited = {"public_id": invitation.public_id}
    sent = {"public_id": upload_sent(cast).upload.public_id}
    return {
        "savings:upload": sent, "savings:upload-rows": sent | {"which": "checked"},
        "savings:invitation-again": invited, "savings:invitation-revoke": invited,
        "councils:invite": {"slug": northford.slug}, "councils:role": role,
        "savings:entry": entry_id, **{f"savings:entry-{act}": entry_id for act in acts},
        "savings:notes": {"about": "entry", "key": str(entry.public_id)},
        "councils:people": {"slug": northford.slug}, "councils:ending": {"slug": northford.slug},
        "councils:joining": {"slug": northford.slug},
        "councils:budget-gap": {"slug": northford.slug},
        "councils:changes": {"slug": northford.slug}, "partnerships:changes": slug, "partnerships:leave": slug,
        "savings:grid-saved": {"public_id": booked.act.public_id},
        "savings:dispute-end": {"public_id": dispute.public_id},
        "savings:budget": {"public_id": budget.public_id},
        "savings:confirmation": asked_id, "savings:confirmation-revoke": asked_id,
        "savings:confirmation-again": asked_id,
        "savings:confirmation-ask": slug, "savings:contacts": slug,
        "savings:contact-end": {"public_id": contact.public_id},
        **{f"savings:scheme{page}": scheme for page in ("", "-change", "-status", "-forecast", "-waive")},
        "savings:quality-decide": {**scheme, "reading_id": reading.public_id},
        "savings:quality": slug, "savings:indicator-new": slug,
        "savings:reading-new": {**slug, "public_id": reading.indicator.public_id},
        "savings:reading-correct": {"public_id": reading.public_id},
        "savings:withdraw": {"public_id": support.public_id},
        "savings:document": {"public_id": document.public_id}, "savings:report": {"public_id": report.public_id},
        "savings:report-file": {"public_id": report.public_id, "format": "pdf"},
        "savings:job": {"public_id": job.public_id},
        "savings:returns-together": {"code": northford.code},
        "savings:attest": {"code": northford.code, "year": "2025-26"},
        "savings:return": {**slug, "code": northford.code, "quarter": "2025-26-q1"},
        # no charge and no notice has this id, which is what somebody elsewhere must be told
        "savings:charge-reverse": entry_id, "savings:charge-finalise": entry_id,
        "savings:notice-read": entry_id,
        "partnerships:members": slug,
        **{f"savings:reorganisation{page}": plan for page in ("", "-change", "-propose", "-enact", "-withdraw")},
        "savings:offer": {"public_id": an_offer(cast).public_id}, "partnerships:invite": slug,
        "savings:claiming": {"public_id": a_claim(cast).public_id},
        "savings:change": {"public_id": a_change(cast).public_id}, "partnerships:change": slug,
        "partnerships:partnership": slug, "partnerships:business-case-new": slug, "partnerships:business-cases": slug,
        "partnerships:business-case": {**slug, "version": case.version},
        "partnerships:business-case-approve": {**slug, "version": case.version},
        "partnerships:business-case-step": {**slug, "version": case.version},
        "partnerships:business-case-volumes": {**slug, "version": case.version},
    }  # fmt: skip


def upload_sent(cast):
    with acting(cast.people["asha"]) as how:
        content = as_csv(row(note=CANARY, scheme="ICT-01", financial_year="2025-26"))
        return keeping.send(content, name=f"{CANARY}.csv", council=cast.councils["NFD"], **how)


def a_claim(cast):
    """Northford claims a partnership that everybody may read of; the claim is its own and the administrators'."""
    with as_role("worker"), act(by=cast.people["ben"], at=NOW, verb="founded", subject="it", register=True) as this:
        known = Partnership.objects.create(
            act=this, slug="known-elsewhere", name="Known elsewhere", started_on=NOW.date(), from_public_record=True,
            founded_by=cast.people["ben"],
        )  # fmt: skip
        Audience.objects.create(act=this, partnership=known, who="public")
    with acting(cast.people["ben"]) as how:
        return claiming.claim(
            **how, partnership=known, council=cast.councils["NFD"], role="both", starts_on=NOW.date(), evidence=CANARY
        )


def a_change(cast):
    with acting(cast.people["ben"]) as how:
        return changing.propose(
            **how, partnership=cast.partnership, proposing=cast.councils["NFD"], kind="vehicle", form="teckal",
            starts_on=how["at"].date(), reason="A company",
        )  # fmt: skip


def an_offer(cast):
    """Northford asks a council that is neither outsider's."""
    with (
        as_role("worker"),
        act(by=Person.objects.get(system=True), at=NOW, verb="added", subject="a council", register=True) as this,
    ):
        asked = Council.objects.create(
            act=this, code="ZQX", name="Easthaven Council", short_name="Easthaven", slug="easthaven", kind="unitary",
            nation="England", region="North West", invented=True,
        )  # fmt: skip
    with acting(cast.people["ben"]) as how:
        return offering.offer(
            **how, partnership=cast.partnership, offering=cast.councils["NFD"], council=asked, role="both",
            starts_on=NOW.date(), message=CANARY,
        )  # fmt: skip


def filled(route, arguments):
    for name, value in arguments.items():
        for converter in ("uuid", "slug", "int"):
            route = route.replace(f"<{converter}:{name}>", str(value))
    assert "<" not in route, f"{route}: give `planted` an object for it"
    return "/" + route


def test_every_address_is_somebodys_or_everybodys(cast):
    """A new page has to be put in one of the two lists, and so is asked for below."""
    known = set(planted(cast)) | EVERYBODYS
    assert {name for name, route in addresses() if not route.startswith("accounts/")} - known == set()


def none_of_the_business_of(outsider, theirs):
    return [
        (name, arguments)
        for name, arguments in theirs.items()
        if outsider != "ada" or not name.startswith(ADMINISTERED)
    ]


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
def test_somebody_elsewhere_is_told_that_nothing_is_there(cast, sign_in, headers):
    theirs, routes, wrong = planted(cast), dict(addresses()), []
    for outsider in OUTSIDERS:
        client = sign_in(outsider)
        for name, arguments in none_of_the_business_of(outsider, theirs):
            address = filled(routes[name], arguments)
            for method in METHODS:
                answer = getattr(client, method)(address, headers=headers)
                told = CANARY in answer.content.decode(errors="replace")
                if answer.status_code not in (404, 405) or told:
                    wrong.append((outsider, method, name, answer.status_code, told))
    assert wrong == []


@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_nor_is_it_there_at_a_past_moment(cast, sign_in, outsider):
    theirs, routes, client, wrong = planted(cast), dict(addresses()), sign_in(outsider), []
    for name, arguments in none_of_the_business_of(outsider, theirs):
        address = filled(routes[name], arguments)
        answer = client.get("/as-at/2026-11-01" + address)
        if answer.status_code == 302 and answer["Location"] == address:
            continue  # files are taken away in the present, where the test above asked for this one
        if answer.status_code not in (404, 405) or CANARY in answer.content.decode(errors="replace"):
            wrong.append((name, answer.status_code))
    assert wrong == []


def test_a_stranger_is_asked_to_sign_in_or_told_that_nothing_is_there(cast):
    theirs, routes, wrong = planted(cast), dict(addresses()), []
    for name, arguments in theirs.items():
        for method in METHODS:
            answer = getattr(Client(), method)(filled(routes[name], arguments))
            asked = answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")
            if not asked and answer.status_code not in (404, 405):
                wrong.append((method, name, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("outsider", [*OUTSIDERS, None])
def test_no_list_search_or_proposal_speaks_of_it(cast, sign_in, outsider):
    """Abuse case 2: filters, sorting, paging, `?like=`, `?scheme=`, `?partnership=` and the choices of every form."""
    theirs, client = planted(cast), sign_in(outsider)
    entry, scheme = theirs["savings:entry"]["public_id"], theirs["savings:scheme"]["public_id"]
    queries = (
        "", "search=ZQX", f"council={cast.councils['NFD'].slug}", "partnership=north-south", f"scheme={scheme}",
        f"like={entry}", "sort=amount", "page=2", "standing=disputed", "mine=me", "direction=paid",
    )  # fmt: skip
    told = []
    for address in LISTS:
        for query in queries:
            page = client.get(f"{address}?{query}").content.decode()
            said = [word for word in (CANARY, "North and South", "REV-01 ", "Asha Rao", "Ben Carter") if word in page]
            told += [(address, query, said)] if said else []
    assert told == []


def test_its_own_people_do_find_it(cast, sign_in):
    """The control: the words looked for above are on the same pages for whoever may see them."""
    address = filled(dict(addresses())["savings:entry"], planted(cast)["savings:entry"])
    gwen = sign_in("gwen")
    for each in (address, "/entries/?search=ZQX"):
        assert "REV-01 " in gwen.get(each).content.decode()
    assert CANARY in gwen.get(address).content.decode()


def test_every_post_needs_its_token(cast):
    theirs, routes, wrong = planted(cast), dict(addresses()), []
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.users["ben"])
    for name, route in routes.items():
        if name in theirs or "<" not in route:
            answer = client.post(filled(route, theirs.get(name, {})), {"reason": "x"})
            if answer.status_code not in (403, 405):
                wrong.append((name, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("address", ["//evil.example", r"/\evil.example", "https:evil.example", "///evil.example",
                                     "https://testserver@evil.example/", "javascript:alert(1)"])  # fmt: skip
def test_signing_in_leads_nowhere_else(db, address):
    """Abuse case 25; and 30: the session's cookie is another one than before."""
    client = Client()
    before = client.session.session_key
    answer = client.post("/accounts/login/", {"login": email_of("asha"), "password": PASSWORD, "next": address})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session.session_key not in (None, before)


def test_the_councils_page_of_another_is_the_register_only(cast, sign_in):
    planted(cast)
    slug = Council.objects.get(code="NFD").slug
    page = sign_in("cleo").get(f"/councils/{slug}/").content.decode()
    assert "North and South" not in page
    assert CANARY not in page
