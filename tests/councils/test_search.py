"""Finding a council by its name however it is punctuated, by another spelling, and by its code."""

import pytest

from councils.acts import act
from councils.models import Council, CouncilAlias, Person
from councils.scope import scope
from tests.cast import NOW
from tests.database import as_role

NAMES = {
    "HMX": "London Borough of Hammersmith & Fulham",
    "KLX": "King’s Lynn and West Norfolk Borough Council",
    "SAX": "St Albans City and District Council",
    "STX": "Stoke-on-Trent City Council",
}


@pytest.fixture
def register(cast):
    with (
        as_role("worker"),
        act(by=Person.objects.get(system=True), at=NOW, verb="loaded", subject="register", register=True) as this,
    ):
        for code, name in NAMES.items():
            body = Council.objects.create(
                act=this, code=code, name=name, short_name=name, slug=code.lower(), kind=Council.Kind.DISTRICT
            )
            if code == "SAX":
                CouncilAlias.objects.create(act=this, council=body, alias="verulamium & district")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hammersmith and fulham", "HMX"), ("Hammersmith & Fulham", "HMX"), ("king's lynn", "KLX"),
        ("King’s Lynn", "KLX"), ("kings lynn & west", "KLX"), ("St. Albans", "SAX"), ("stoke on trent", "STX"),
        ("Verulamium and District", "SAX"), ("hmx", "HMX"),
    ],
)  # fmt: skip
def test_a_council_is_found_however_it_is_written(register, django_assert_num_queries, text, code):
    with scope(person_id=None, on=NOW.date()), django_assert_num_queries(1):
        assert [council.code for council in Council.objects.named_like(text)] == [code]


@pytest.mark.parametrize("text", [".", "&%_", "’"])
def test_signs_alone_find_nothing(register, text):
    with scope(person_id=None, on=NOW.date()):
        assert not Council.objects.named_like(text).exists()
