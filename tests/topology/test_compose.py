"""What docker-compose.yml and the Dockerfile promise, read from the files; test_production.py runs them."""

import re
import shutil
import subprocess

import pytest

from savings.services.places import CHECKOUT
from tests.topology import production

VARIABLES = {name: name.lower().replace("_", "") for name in production.needed()}
SERVICES = production.services(VARIABLES)
OURS = {"migrate", "web", "worker", "beat"}


@pytest.mark.parametrize("name", sorted(VARIABLES))
def test_no_secret_has_a_default(name):
    with pytest.raises(production.Missing, match=name):
        production.services(VARIABLES | {name: ""})


def test_every_password_in_the_file_is_a_variable():
    text = (CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8")
    said = re.findall(r"(?:PASSWORD|SECRET_KEY): (.*)", text) + re.findall(r"//[a-z_]*:([^@\s]*)@", text)
    addresses = [value for value in said if value != "password"]  # the example in a message
    assert addresses
    assert [value for value in addresses if not value.startswith("${")] == []


def test_each_process_knows_no_more_passwords_than_it_needs():
    def knows(service):
        return {url for url in SERVICES[service]["environment"] if url.endswith("DATABASE_URL")}

    assert knows("web") == knows("beat") == {"DATABASE_URL"}
    assert knows("worker") == {"DATABASE_URL", "WORKER_DATABASE_URL"}
    assert knows("migrate") == {"DATABASE_URL", "WORKER_DATABASE_URL", "OWNER_DATABASE_URL"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_container_is_closed(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert name in OURS or service["user"] in {"postgres", "valkey"}
    assert not service.get("privileged")


def test_our_image_does_not_run_as_root():
    lines = (CHECKOUT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("USER")][-1] == "USER banked"
    assert "--require-hashes" in "\n".join(lines)


def test_only_the_web_server_is_reached_from_outside_and_from_this_machine_alone():
    assert {name: service["ports"] for name, service in SERVICES.items() if "ports" in service} == {
        "web": ["127.0.0.1:8000:8000"]
    }


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_every_server_has_a_health_check(name):
    assert SERVICES[name]["healthcheck"]["test"]


def test_the_broker_keeps_what_it_was_given_and_is_not_the_cache():
    broker, cache = " ".join(SERVICES["broker"]["command"]), " ".join(SERVICES["cache"]["command"])
    assert "--appendonly yes" in broker
    assert "--maxmemory-policy noeviction" in broker
    assert "--maxmemory-policy allkeys-lru" in cache
    assert SERVICES["web"]["environment"]["BROKER_URL"] != SERVICES["web"]["environment"]["CACHE_URL"]


def test_docker_compose_itself_can_read_the_file(tmp_path):
    program = next(filter(None, map(shutil.which, ("docker-compose",))), None)
    if not program:
        pytest.skip("no docker-compose: on Debian, apt-get install docker-compose")
    (tmp_path / "env").write_text("".join(f"{name}={value}\n" for name, value in VARIABLES.items()))
    command = [program, "--env-file", str(tmp_path / "env"), "-f", str(CHECKOUT / "docker-compose.yml"), "config"]
    done = subprocess.run(command, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    assert "service_completed_successfully" in done.stdout
