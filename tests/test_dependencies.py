"""pyproject.toml names what we use, all of it and no more: what nobody imports costs every first start its download."""

import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions

import pytest

from tests.test_repository import BELOW, ROOT, imported, python_files

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
RUNTIME = PROJECT["dependencies"]
DEVELOPMENT = PROJECT["optional-dependencies"]["dev"]
DISTRIBUTIONS = packages_distributions()  # by the name that is imported
STANDS_BEHIND = {"psycopg": "django.db.backends.postgresql"}  # imported by what the settings name


def plain(name):
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", name)[0]).lower()


@cache
def third_party(*places):
    """`(module, file)` for each import of code that is not ours and not Python's."""
    return {
        (top, str(path.relative_to(ROOT)))
        for place in places
        for path in python_files(place)
        for top in {module.split(".")[0] for module in imported(path)}
        if top in DISTRIBUTIONS and top not in sys.stdlib_module_names
    }


@pytest.mark.parametrize(("places", "declared"), [(BELOW, RUNTIME), (["tests"], RUNTIME + DEVELOPMENT)])
def test_what_is_imported_is_declared(places, declared):
    known = {plain(requirement) for requirement in declared}
    strangers = {
        (module, path)
        for module, path in third_party(*places)
        if not known & {plain(name) for name in DISTRIBUTIONS[module]}
    }
    assert strangers == set()


@pytest.mark.parametrize("requirement", RUNTIME, ids=plain)
def test_what_is_declared_is_used(requirement):
    """Imported, or named in quotes as Django's settings and our own supervisor name things."""
    name = plain(requirement)
    modules = {module for module, owners in DISTRIBUTIONS.items() if name in map(plain, owners)}
    words = {name, *modules, STANDS_BEHIND.get(name, name)}
    if modules & {module for module, _ in third_party(*BELOW)}:
        return
    named = re.compile(rf"[\"'](?:{'|'.join(map(re.escape, words))})\b")
    assert any(named.search(path.read_text("utf-8")) for app in BELOW for path in python_files(app)), name
