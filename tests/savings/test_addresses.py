import pytest

from savings import addresses


def test_a_database_url_becomes_djangos_dictionary():
    found = addresses.database("postgresql://banked_app:p%40ss@db.example:5433/banked?sslmode=require")
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == (
        "banked_app",
        "p@ss",
        "db.example",
        "5433",
    )
    assert (found["NAME"], found["OPTIONS"]) == ("banked", {"sslmode": "require"})


def test_a_unix_socket_is_given_as_the_host():
    found = addresses.database("postgres://banked_app@/banked?host=/a folder")
    assert (found["HOST"], found["PORT"], found["OPTIONS"]) == ("/a folder", "", {})


@pytest.mark.parametrize(
    "url", ["mysql://u:secret@h/banked", "postgresql://u:secret@h", "postgresql://u:secret@h:99999999/banked", "banked"]
)
def test_a_bad_database_url_is_refused_without_repeating_its_password(url):
    with pytest.raises(addresses.BadAddress) as refusal:
        addresses.database(url)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("redis://cache:6379/0", "redis://cache:6379/0"),
        ("valkey://cache:6379/0", "redis://cache:6379/0"),
        ("unix:///run/v.sock?db=1", "unix:///run/v.sock?db=1"),
    ],
)
def test_a_cache_url_reaches_the_redis_backend(url, location):
    assert addresses.cache(url)["LOCATION"] == location


def test_mail_is_encrypted_unless_told_otherwise():
    assert addresses.email("smtp://mail.example")["EMAIL_USE_TLS"]
    assert addresses.email("smtps://mail.example")["EMAIL_USE_SSL"]
    assert not addresses.email("smtp://localhost:25?tls=none")["EMAIL_USE_TLS"]


def test_mail_needs_a_server():
    with pytest.raises(addresses.BadAddress, match="name of the server"):
        addresses.email("smtp://")
