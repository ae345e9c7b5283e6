"""A synthetic national set: the councils that are, in partnerships that were made up, with entries that were too.

Every name says so. The same seed gives the same bytes, and memory does not grow with the number of entries.
"""

import csv
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from councils.loading import read_table
from councils.refusals import Refused
from savings.models.typed import BenefitClass, Kind, Recurrence, Series
from savings.uploads.entry_columns import NAMES

AT_ONCE = 50_000  # rows that are in memory together
FIRST_YEAR, YEARS = 2019, 7  # 2019/20 to 2025/26
CLASSES = (BenefitClass.CASH_RELEASING, BenefitClass.COST_AVOIDANCE)
#: What an entry is of, and how often in a hundred.
KINDS = ((Kind.SAVING, 80), (Kind.ONE_OFF_COST, 8), (Kind.RUNNING_COST, 10), (Kind.INCOME, 2))
TYPICAL, WIDE = 12.0, 1.2  # of the logarithm of pence: half are below £1,628, one in a hundred above £26,000
SMALLEST, DEAREST = 100, 1_000_000_00  # pence
INVENTED = "Invented"
ABOUT = """An invented set of shared services, made by `manage.py generate` from the seed {seed}.

The councils are real. The partnerships, schemes and {entries:,} entries are not: no council did, saved or spent what
these files say. `entries/CODE.csv` holds the entries of one council, with the columns of docs/schema.md; `sums.json`
says how many they are, what they come to and the SHA-256 of each file.
"""


class Scheme(NamedTuple):
    partnership: str
    reference: str
    benefit_class: str


class Generated(NamedTuple):
    """What was written: `files` by council code, each (rows, pence, SHA-256)."""

    entries: int
    pence: int
    partnerships: int
    files: dict[str, tuple[int, int, str]]


def generate(folder: Path, *, entries: int, seed: int, progress: Callable[[int, int], None] | None = None) -> Generated:
    """Write the set into `folder`, which has to be new or empty; `progress(done, total)` is told of entries.

    Raises `Refused`.
    """
    if entries < 1:
        raise Refused("Ask for at least one entry.", field="entries")
    if seed < 0:
        raise Refused("A seed is zero or more.", field="seed")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} is not empty. Name a folder that is new.", field="folder")
    chance = np.random.default_rng(seed)
    councils = sorted((each for each in read_table("councils") if not each["ended_on"]), key=lambda each: each["code"])
    (folder / "entries").mkdir(parents=True)
    members = _members(councils, chance)
    schemes = _arrangements(folder, members, chance)
    files, done = {}, 0
    for code, rows in _spread(councils, entries, chance):
        files[code] = _entries(folder / "entries" / f"{code}.csv", code, rows, schemes[code], chance)
        done += rows
        if progress:
            progress(done, entries)
    made = Generated(entries, sum(pence for _, pence, _ in files.values()), len(members), files)
    (folder / "sums.json").write_text(json.dumps(made._asdict(), indent=1) + "\n", encoding="utf-8")
    (folder / "README.txt").write_text(ABOUT.format(seed=seed, entries=entries), encoding="utf-8")
    return made


def _members(councils, chance) -> list[list[str]]:
    """Codes of the members of each partnership: every council is in some, two to four of one region together."""
    regions: dict[str, list[str]] = {}
    for each in councils:
        regions.setdefault(each["region"] or each["nation"], []).append(each["code"])
    found = []
    for _ in range(3):  # a council is in three on average
        for codes in regions.values():
            left = [str(code) for code in chance.permutation(codes)]
            while left:
                many = int(chance.integers(2, 5))
                if len(left) - many < 2:
                    many = len(left)
                found.append(sorted(left[:many]))
                left = left[many:]
    return found


def _arrangements(folder: Path, members, chance) -> dict[str, list[Scheme]]:
    """Write partnerships, members and schemes; returns the schemes each council takes part in, by code."""
    services = read_table("services")
    partnerships, roles, listed = [], [], []
    of: dict[str, list[Scheme]] = {}
    for number, codes in enumerate(members, start=1):
        slug, service = f"invented-{number:04}", services[int(chance.integers(len(services)))]
        name = f"{INVENTED} shared {service['name'].lower()} {number}"
        partnerships.append((slug, name, service["slug"], f"{FIRST_YEAR}-04-01"))
        roles += [(slug, code, "provider" if place == 0 else "receiver") for place, code in enumerate(codes)]
        for place in range(int(chance.integers(1, 4))):
            scheme = Scheme(slug, f"S{place + 1}", str(CLASSES[int(chance.integers(len(CLASSES)))].value))
            listed.append((*scheme, Recurrence.RECURRING.value, f"{INVENTED} scheme {place + 1}"))
            for code in codes:
                of.setdefault(code, []).append(scheme)
    _table(folder / "partnerships.csv", ("partnership", "name", "service", "started_on"), partnerships)
    _table(folder / "members.csv", ("partnership", "council", "role"), roles)
    _table(folder / "schemes.csv", ("partnership", "scheme", "class", "recurrence", "title"), listed)
    return of


def _table(place: Path, header, rows) -> None:
    with place.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def _spread(councils, entries: int, chance) -> Iterator[tuple[str, int]]:
    """(code, how many entries) of each council, the larger the more; those with none are left out."""
    people = np.array([float(each["population_2020"] or 100_000) for each in councils])
    for each, rows in zip(councils, chance.multinomial(entries, people / people.sum()), strict=True):
        if rows:
            yield each["code"], int(rows)


def _entries(place: Path, code: str, rows: int, schemes: list[Scheme], chance) -> tuple[int, int, str]:
    digest, pence = hashlib.sha256(), 0
    with place.open("wb") as file:
        for begin in range(0, rows, AT_ONCE):
            frame = _frame(code, begin, min(AT_ONCE, rows - begin), schemes, chance)
            pence += int(frame["pence"].sum())
            written = frame.select(NAMES).write_csv(include_header=begin == 0).encode()
            digest.update(written)
            file.write(written)
    return rows, pence, digest.hexdigest()


def _frame(code: str, begin: int, rows: int, schemes: list[Scheme], chance) -> pl.DataFrame:
    """`rows` entries of one council as its file says them, and `pence`."""
    chosen = pl.Series(chance.integers(len(schemes), size=rows))
    kinds = pl.Series([str(kind.value) for kind, often in KINDS for _ in range(often)])
    pence = np.clip(chance.lognormal(TYPICAL, WIDE, rows), SMALLEST, DEAREST).astype(np.int64)
    drawn = pl.DataFrame(
        {
            "kind": kinds.gather(pl.Series(chance.integers(100, size=rows))),
            "year": chance.integers(FIRST_YEAR, FIRST_YEAR + YEARS, size=rows),
            "month": chance.integers(1, 13, size=rows), "pence": pence,
            **{name: pl.Series([getattr(each, of) for each in schemes]).gather(chosen) for name, of in
               (("partnership", "partnership"), ("scheme", "reference"), ("of_scheme", "benefit_class"))},
        }
    )  # fmt: skip
    saving, kind = pl.col("kind") == Kind.SAVING.value, pl.col("kind")
    two = (pl.col("pence") % 100).cast(pl.String).str.pad_start(2, "0")
    nothing = pl.lit("")
    return drawn.select(
        "partnership", "scheme", "kind", "month", "pence", council=pl.lit(code), series=pl.lit(Series.BANKED.value),
        recurrence=pl.when(kind == Kind.ONE_OFF_COST.value).then(pl.lit(Recurrence.ONE_OFF.value))
        .otherwise(pl.lit(Recurrence.RECURRING.value)),
        financial_year=pl.format("{}-{}", "year", ((pl.col("year") + 1) % 100).cast(pl.String).str.pad_start(2, "0")),
        amount=pl.format("{}.{}", pl.col("pence") // 100, two), note=pl.lit(INVENTED), ledger_code=nothing,
        document_ref=nothing, external_key=pl.format(f"{code}-{{}}", pl.int_range(begin + 1, begin + rows + 1)),
        **{"class": pl.when(saving).then("of_scheme").otherwise(nothing)},
    )  # fmt: skip
