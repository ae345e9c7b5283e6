"""Production without Docker: the same commands and settings as separate processes over TCP, and a whole errand.

Prints what it did; run with `python3 manage.py test --slow -n0 -s tests/topology`.
"""

import re
import socket
import sys
import time

import psycopg
import pytest

from tests.factories import PDF

from . import production
from .loopback import HOST, SITE, Production
from .visitor import Visitor

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="asks /proc who listens on a port"),
]

PASSWORD = "seventeen herons by the weir"
# What no page can do yet: two councils, and a partnership that one of their leads founds. As the application's role.
FOUND = """
import datetime
from django.utils import timezone
from councils.acts import act
from councils.models import Council, User
from councils.scope import scope
from partnerships.actions import found
from partnerships.models import Service, Vehicle
now = timezone.now()
account = lambda email: User.objects.get(email=email)
"""
COUNCILS = (
    FOUND
    + """
ada = account("ada@example.org")
with scope(person_id=ada.person_id, on=timezone.localdate(now)):
    with act(by=ada.person, at=now, verb="added", subject="two councils", register=True) as this:
        for code, name in (("TPN", "Norham"), ("TPS", "Sorrel")):
            Council.objects.create(act=this, code=code, name=f"{name} Council", short_name=name, slug=name.lower(),
                kind="unitary", nation="England", region="North East", invented=True)
"""
)
PARTNERSHIP = (
    FOUND
    + """
lead = account("ben@example.org")
with scope(person_id=lead.person_id, on=timezone.localdate(now)):
    norham, sorrel = (Council.objects.get(code=code) for code in ("TPN", "TPS"))
    found(by=lead.person, at=now, slug="norham-sorrel", name="Norham and Sorrel", form=Vehicle.Form.JOINT_COMMITTEE,
        started_on=datetime.date(2021, 4, 1), services=[Service.objects.get(slug="ict")], members=[
            {"council": norham, "role": "provider", "host": True, "cost_share_bps": 6_000},
            {"council": sorrel, "role": "receiver", "cost_share_bps": 4_000}])
"""
)


@pytest.fixture
def running(tmp_path):
    began = time.monotonic()
    stack = Production(tmp_path / "production", lambda line: print(f"{time.monotonic() - began:6.1f} s  {line}"))
    try:
        yield stack
    finally:
        stack.children.stop()


@pytest.fixture
def tmp_path(tmp_path_factory):
    """Short: a unix socket's path may have about a hundred bytes."""
    return tmp_path_factory.mktemp("topology")


def test_production_as_separate_processes(running):
    build(running)
    servers(running)
    migrate(running)
    refusals(running)
    serve(running)
    people(running)
    errand(running)
    nothing_was_written_into_the_image(running)
    stop(running)


def build(stack):
    stack.run(
        ["python", "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
        env=stack.environment("web", SECRET_KEY="while-collecting", DATABASE_URL=None, BROKER_URL=None),
        cwd=stack.tree,
    )
    assert (stack.folder / "static/staticfiles.json").exists()
    assert not (stack.folder / "nowhere").exists(), "a secret key would be left in the image"
    stack.built = production.files_of(stack.tree)
    stack.say(f"made the image's tree of {len(stack.built)} files and collected the static ones")


def servers(stack):
    stack.start_postgres()
    for name in ("broker", "cache"):
        stack.start_valkey(name)
    for name, answer in (("broker", b"-NOAUTH"), ("cache", b"-NOAUTH")):
        assert ask_valkey(stack, name, "PING").startswith(answer)
        assert b"+PONG" in ask_valkey(stack, name, f"AUTH {stack.variables[f'{name.upper()}_PASSWORD']}\r\nPING")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        sql(stack, "SELECT 1", user="banked_app", password="guessed")
    locale = sql(stack, "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'banked'")
    assert locale == [("b", "C.UTF-8")]
    stack.say("PostgreSQL and both Valkeys refuse whoever has no password")


def migrate(stack):
    stack.run(stack.command("migrate"), env=stack.environment("migrate"), cwd=stack.tree)
    stack.run(stack.command("migrate"), env=stack.environment("migrate"), cwd=stack.tree)
    [(councils,)] = sql(stack, "SELECT count(*) FROM councils_council")
    assert councils > 470
    stack.say(f"migrated as the owner and loaded {councils} bodies as the worker, twice")


def refusals(stack):
    """Neither server starts as a role that row-level security does not hold, or without its secret."""
    powerful = {
        "owns the database": f"postgresql://banked_owner:{stack.variables['BANKED_OWNER_PASSWORD']}",
        "is a superuser": f"postgresql://postgres:{stack.variables['POSTGRES_PASSWORD']}",
        "has BYPASSRLS": f"postgresql://banked_backup:{stack.variables['BANKED_BACKUP_PASSWORD']}",
    }
    for words, address in powerful.items():
        url = f"{address}@{HOST}:{stack.ports['postgres']}/banked"
        assert words in stack.refusal("web", DATABASE_URL=url)
        assert words in stack.refusal("worker", WORKER_DATABASE_URL=url)
    for missing in ("SECRET_KEY", "ALLOWED_HOSTS", "BROKER_URL"):
        assert f"{missing} must be set" in stack.refusal("web", **{missing: None})
    assert "WORKER_DATABASE_URL must be set" in stack.refusal("worker", WORKER_DATABASE_URL=None)
    stack.say("web and worker refused the owner, a superuser and the backup role, and settings left out")


def serve(stack):
    for service in ("web", "worker", "beat"):
        stack.start(service)
    stack.until_listening("web")
    stack.until("the health check of web", lambda: stack.healthy("web"))
    visitor = Visitor(stack.ports["web"], SITE)
    stack.until("/readyz", lambda: visitor.get("/readyz").status == 200)
    assert stack.healthy("worker")
    assert stack.healthy("beat")
    who = sql(stack, "SELECT DISTINCT usename FROM pg_stat_activity WHERE application_name LIKE 'banked %'")
    assert {name for (name,) in who} <= {"banked_app", "banked_worker"}
    assert Visitor(stack.ports["web"], "elsewhere.example").get("/").status == 400
    stack.say("web, worker and beat are up and /readyz is green")


def people(stack):
    said = stack.manage("add_administrator", "ada@example.org", "--name", "Ada Lund")
    link = re.search(rf"https://{SITE}(/\S+)", said).group(1)
    ada = Visitor(stack.ports["web"], SITE)
    assert ada.send(link, {"password1": PASSWORD, "password2": PASSWORD}).status == 200
    assert sign_in(stack, "ada").get("/councils/").status == 200
    stack.manage("shell", "-v0", "-c", COUNCILS, service="web")
    for name, role in (("asha", "finance_officer"), ("ben", "finance_lead")):
        words = ["--name", f"{name.title()} Test", "--role", role, "--council", "TPN", "--as", "ada@example.org"]
        stack.manage("appoint", f"{name}@example.org", *words, BANKED_PASSWORD=PASSWORD)
    stack.manage("shell", "-v0", "-c", PARTNERSHIP, service="web")
    stack.say("an administrator set a password by the printed link and appointed an officer and a finance lead")


def errand(stack):
    """Recorded with its proof, signed off by another, rolled up, reported."""
    asha, ben = sign_in(stack, "asha"), sign_in(stack, "ben")
    scheme = asha.send(
        "/schemes/new/",
        {
            "partnership": "norham-sorrel", "service": "ict", "title": "One contract", "reference": "ICT-01",
            "owner": "Head of ICT", "benefit_class": "cash_releasing", "recurrence": "recurring", "last_year": "",
            "description": "",
        },
    )  # fmt: skip
    assert scheme.path.startswith("/schemes/"), scheme.said()
    assert "£1,234.56" not in ben.get("/councils/norham/").text
    entry = asha.send(
        "/entries/new/",
        {
            "scheme": scheme.path.split("/")[2], "series": "banked", "kind": "saving", "year": "2025", "month": "1",
            "benefit_class": "cash_releasing", "recurrence": "recurring", "amount": "1,234.56", "ledger_code": "R100",
            "reduction": "5000", "funded_by": "", "document_ref": "", "note": "",
        },
        files={"file_1": ("proof.pdf", PDF)},
    )  # fmt: skip
    assert entry.path.startswith("/entries/"), entry.said()
    assert "£1,234.56" in entry.text, entry.said()
    stack.say(f"an officer signed in and recorded an entry with its proof at {entry.path}")
    waived = ben.send(f"{scheme.path}no-indicator/", {"reason": "A contract for software has no service to measure."})
    assert "has no service to measure" in waived.text, waived.said()
    began = time.monotonic()
    signed = ben.send(entry.path, {"reason": ""}, to=f"{entry.path}sign-off/")
    assert "Signed off: £1,234.56" in signed.text, signed.said()
    proven = "SELECT sum(proven_pence) FROM savings_rollup WHERE audience = 'members'"
    stack.until("the roll-up", lambda: sql(stack, proven) == [(123456,)])
    stack.say(f"a finance lead signed it off and it was rolled up, all within {time.monotonic() - began:.1f} s")
    assert "£1,234" in ben.get("/councils/norham/").text
    stack.manage("roll_up", "--check")
    report = ben.send("/reports/new/", {"partnership": "norham-sorrel"})
    made = stack.until("the report", lambda: (page := ben.get(report.path)).path.startswith("/reports/") and page)
    pdf = ben.get(f"{made.path}report.pdf")
    assert (pdf.status, pdf.body[:5]) == (200, b"%PDF-")
    stack.say(f"an evidence report of {len(pdf.body):,} bytes was made by the worker and read through the web server")
    stack.manage("verify_ledger")


def nothing_was_written_into_the_image(stack):
    assert production.files_of(stack.tree) == stack.built
    assert not (stack.folder / "nowhere").exists()
    documents = [path for path in (stack.folder / "documents").rglob("*") if path.is_file()]
    assert documents
    stack.say(f"nothing was written into the image's tree; {len(documents)} files are in the documents volume")


def stop(stack):
    began, ours = time.monotonic(), [child.pid for child in stack.children.running.values()]
    stack.children.stop()
    for port in stack.ports.values():
        with socket.socket() as probe:
            assert probe.connect_ex((HOST, port)) != 0
    stack.say(f"stopped processes {ours} and no other in {time.monotonic() - began:.1f} s; every port is closed")


def sign_in(stack, name):
    visitor = Visitor(stack.ports["web"], SITE)
    page = visitor.send("/accounts/login/", {"login": f"{name}@example.org", "password": PASSWORD})
    assert page.path == "/", page.said()
    return visitor


def sql(stack, statement, *, user="postgres", password=None):
    password = password or stack.variables["POSTGRES_PASSWORD"]
    with psycopg.connect(
        host=HOST, port=stack.ports["postgres"], dbname="banked", user=user, password=password, connect_timeout=10
    ) as connection:
        return connection.execute(statement).fetchall()


def ask_valkey(stack, name, words):
    with socket.create_connection((HOST, stack.ports[name]), timeout=10) as connection:
        connection.sendall(f"{words}\r\nQUIT\r\n".encode())
        return b"".join(iter(lambda: connection.recv(4096), b""))
