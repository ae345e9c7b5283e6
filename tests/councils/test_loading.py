"""Reference rows are added once, compared for ever after, and never overwritten. On a small folder of files."""

import shutil
from datetime import UTC, datetime

import pytest

from councils import reference
from councils.acts import act
from councils.loading import FOLDER, InTheWay, Loading, basis_points
from councils.models import Act, Council, Outturn, Person, Succession
from tests.database import as_role

NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)
EMPTY = ("council_aliases", "public_bodies")


@pytest.fixture
def folder(tmp_path):
    """Northamptonshire, which was split between two, and three outturn rows, one of them empty."""
    keep = {"councils": ("NTH,", "NNT,", "WNT,"), "council_successions": ("NTH,",), "outturn_england": ()}
    for name, beginnings in keep.items():
        lines = (FOLDER / f"{name}.csv").read_text().splitlines(keepends=True)
        rows = [line for line in lines[1:] if line.startswith(beginnings)] if beginnings else []
        if name == "outturn_england":
            rows = [line for line in lines if ",E2820," in line or ",E7028," in line or ",Copeland," in line]
            rows = [line for line in rows if line.startswith("2017-18")]
        (tmp_path / f"{name}.csv").write_text("".join([lines[0], *rows]))
    for name in EMPTY:
        shutil.copy(FOLDER / f"{name}.csv", tmp_path)
        header = (tmp_path / f"{name}.csv").read_text().splitlines(keepends=True)[0]
        (tmp_path / f"{name}.csv").write_text(header)
    return tmp_path


@pytest.fixture
def load(db, folder):
    """Loads the folder as the worker does; call it again to load it again."""

    def run():
        with Loading(by=Person.objects.get(system=True), at=NOW, folder=folder) as loading:
            reference.load(loading)
        return loading

    with as_role("worker"):
        yield run


def rewrite(folder, name, old, new):
    path = folder / f"{name}.csv"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_what_is_missing_is_added_in_one_act_of_the_system_on_the_register(load):
    loading = load()
    assert loading.added == {"councils": 3, "bodies": 0, "aliases": 0, "successions": 2, "outturn": 3}
    written = Act.objects.get(pk=loading.act.pk)
    assert written.person.system
    assert (written.verb, written.subject) == ("loaded", "reference tables")
    assert "register" in {event.stream.key for event in written.events.select_related("stream")}
    assert set(Succession.objects.values_list("act", flat=True)) == {written.pk}


def test_loading_again_adds_nothing_and_makes_no_act(load):
    load()
    acts = Act.objects.count()
    again = load()
    assert sum(again.added.values()) == 0
    assert again.unchanged == {"councils": 3, "bodies": 0, "aliases": 0, "successions": 2, "outturn": 3}
    assert (again.act, Act.objects.count()) == (None, acts)


def test_a_changed_row_is_reported_and_not_overwritten(load, folder):
    load()
    northern = "north-northamptonshire,unitary,England,"
    rewrite(folder, "councils", f"{northern}East Midlands", f"{northern}Midlands")
    rewrite(folder, "council_successions", "NTH,NNT,2021-04-01,0.4628", "NTH,NNT,2021-04-01,0.4600")
    again = load()
    council, succession = again.differing
    assert council == "councils, “NNT”: region is “East Midlands” here and “Midlands” in the file"
    assert succession == (
        "successions, “Northamptonshire County Council” “North Northamptonshire Council” “2021-04-01”:"
        " share_bps is “4628” here and “4600” in the file"
    )
    assert (again.unchanged["councils"], again.unchanged["successions"]) == (2, 1)
    assert Council.objects.get(code="NNT").region == "East Midlands"


def test_a_row_added_to_a_file_later_is_added_then(load, folder):
    load()
    rewrite(folder, "council_aliases", "code,alias\n", "code,alias\nNNT,north northants\n")
    again = load()
    assert again.added == {"councils": 0, "bodies": 0, "aliases": 1, "successions": 0, "outturn": 0}


def test_a_refused_row_leaves_nothing_behind(load, folder):
    """The second file names a council that is nowhere."""
    rewrite(folder, "council_successions", "NTH,WNT", "NTH,NOWHERE")
    acts = Act.objects.count()
    with pytest.raises(KeyError, match="NOWHERE"):
        load()
    assert not Council.objects.filter(code="NNT").exists()
    assert Act.objects.count() == acts


def test_a_row_under_another_key_that_is_in_the_way_is_named(load):
    """Somebody added a council of their own under a web name that the register uses."""
    taken = {"name": "Ours", "short_name": "Ours", "slug": "north-northamptonshire", "kind": Council.Kind.OTHER}
    with act(by=Person.objects.get(system=True), at=NOW, verb="added") as this:
        Council.objects.create(act=this, code="ZZZ", **taken)
    with pytest.raises(InTheWay, match="slug of “North Northamptonshire Council” is that of “Ours”"):
        load()


def test_what_was_not_reported_is_kept_as_unknown_and_strangers_keep_their_code(load):
    load()
    copeland = Outturn.objects.filter(name_in_file="Copeland")
    assert copeland.count() > 10
    assert set(copeland.values_list("amount_pence", "council")) == {(None, None)}
    county = Outturn.objects.get(ecode="E2820", line="total_service_expenditure")
    assert (county.council.code, county.year) == ("NTH", 2017)
    assert not Outturn.objects.filter(line="social_care_combined").exists()
    assert set(Outturn.objects.filter(ecode="E7028").values_list("council", flat=True)) == {None}


def test_shares_become_basis_points_exactly_or_not_at_all():
    assert (basis_points("0.4628"), basis_points("2.00"), basis_points("")) == (4628, 20_000, None)
    with pytest.raises(ValueError, match="finer than a basis point"):
        basis_points("0.46285")
