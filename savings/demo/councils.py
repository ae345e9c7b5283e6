"""Six councils that do not exist. Their codes begin with Q, as no code of the register does."""

from typing import NamedTuple

from councils.models import Council

REGION = "Invented region"
NORTHFORD, ALDERSHIRE, MILLHAVEN = "QNF", "QAL", "QMH"
STONEBECK, EASTMERE, WESTHOLME = "QSB", "QEM", "QWH"


class Invented(NamedTuple):
    code: str
    short_name: str
    title: str
    kind: str
    population: int
    county: str | None = None

    @property
    def domain(self):
        """Where its people's addresses end; `.example` can never be a real address (RFC 2606)."""
        return f"{self.short_name.lower()}.example"


COUNCILS = [
    Invented(NORTHFORD, "Northford", "Northford Council", "unitary", 212_400),
    Invented(ALDERSHIRE, "Aldershire", "Aldershire County Council", "county", 541_000),
    Invented(MILLHAVEN, "Millhaven", "Millhaven District Council", "district", 118_300, ALDERSHIRE),
    Invented(STONEBECK, "Stonebeck", "Stonebeck District Council", "district", 96_700, ALDERSHIRE),
    Invented(EASTMERE, "Eastmere", "Eastmere Council", "unitary", 164_200),
    Invented(WESTHOLME, "Westholme", "Westholme Metropolitan Borough Council", "metropolitan", 245_800),
]


def add(this):
    """The six councils, within the act `this`; returns them by code."""
    added: dict[str | None, Council] = {}
    for one in COUNCILS:
        added[one.code] = Council.objects.create(
            act=this,
            code=one.code,
            name=one.title,
            short_name=one.short_name,
            slug=one.short_name.lower(),
            kind=one.kind,
            nation="England",
            region=REGION,
            county=added.get(one.county),
            population_2020=one.population,
            invented=True,
        )
    return added
