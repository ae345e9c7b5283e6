"""The question that containers ask of a health address."""

import http.server
import importlib.util
import json
import threading

import pytest

from savings.services.places import CHECKOUT

spec = importlib.util.spec_from_file_location("probe", CHECKOUT / "docker/probe.py")
probe = importlib.util.module_from_spec(spec)
spec.loader.exec_module(probe)


@pytest.fixture
def answering():
    """`answering(status, body)` is the address of a server that says so; the Hosts it was asked for are in `asked`."""
    servers, asked = [], []

    def serve(status, body=b""):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.headers["Host"])
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_words):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/readyz"

    serve.asked = asked
    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def test_only_200_is_well(answering):
    assert probe.well(answering(200))
    assert not probe.well(answering(503))


def test_nobody_there_is_not_well(answering):
    assert not probe.well("http://127.0.0.1:1/healthz")


def test_one_check_may_be_green_while_another_is_red(answering):
    body = json.dumps({"checks": {"worker": {"ok": True}, "migrations": {"ok": False}}}).encode()
    address = answering(503, body)
    assert probe.well(address, ["worker"])
    assert not probe.well(address, ["worker", "migrations"])
    assert not probe.well(address, ["no such check"])


def test_an_answer_that_is_no_json_is_not_well(answering):
    assert not probe.well(answering(400, b"<h1>Bad request</h1>"), ["worker"])


@pytest.mark.parametrize(
    ("allowed", "host"),
    [("banked.example, other", "banked.example"), (".banked.example", "banked.example"), ("*", "localhost")],
)
def test_it_asks_by_a_name_the_site_answers_to(answering, monkeypatch, allowed, host):
    monkeypatch.setenv("ALLOWED_HOSTS", allowed)
    assert probe.well(answering(200))
    assert answering.asked == [host]
