"""The shape of the repository: imports point one way, migrations are complete, every template is used."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).parent.parent
BELOW = {"councils": set(), "partnerships": {"councils"}, "savings": {"councils", "partnerships"}}
#: Inside savings: what each layer must not import. Models never know a screen; analysis never knows Django.
FORBIDDEN = {
    "savings/models": {"savings.views", "savings.forms", "savings.actions", "savings.reporting", "savings.tasks"},
    "savings/actions": {"savings.views", "savings.forms", "savings.reporting", "savings.charts", "savings.tasks"},
    "savings/reporting": {"savings.views", "savings.forms", "savings.actions", "savings.charts"},
    "savings/analysis": {
        "django",
        "celery",
        "councils.models",
        "savings.models",
        "savings.reporting",
        "savings.actions",
    },
    "councils/money.py": {"django"},
    "councils/years.py": {"django"},
}
FORBIDDEN_NAMES = {"utils", "helpers", "core", "manager", "misc", "common"}


def python_files(place):
    found = ROOT / place
    return [found] if found.is_file() else sorted(found.rglob("*.py"))


def imported(path):
    """Every module the file imports, absolute; relative imports are resolved against its package."""
    package = list(path.relative_to(ROOT).with_suffix("").parts[:-1])
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("app", BELOW)
def test_imports_point_down(app):
    upward = set(BELOW) - BELOW[app] - {app}
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in python_files(app)
        for module in imported(path)
        if module.split(".")[0] in upward
    ]
    assert wrong == []


@pytest.mark.parametrize("layer", FORBIDDEN)
def test_layers_know_only_what_is_below_them(layer):
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in python_files(layer)
        for module in imported(path)
        if any(module == bad or module.startswith(bad + ".") for bad in FORBIDDEN[layer])
    ]
    assert wrong == []


def test_the_arrow_test_would_notice(tmp_path, monkeypatch):
    """The control: an upward import is seen, relative or not."""
    monkeypatch.setattr("tests.test_repository.ROOT", tmp_path)
    place = tmp_path / "councils" / "models"
    place.mkdir(parents=True)
    (place / "bad.py").write_text("from savings.models import Entry\nfrom ..money import pounds\n")
    found = list(imported(place / "bad.py"))
    assert "savings.models" in found
    assert "councils.money" in found


def test_migrations_are_complete(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_every_template_is_used():
    """By a view, another template, or a framework that names it by convention."""
    by_convention = re.compile(r"^(404|403|500|400|account/|allauth/|django/|base\.html)")
    templates = {str(path.relative_to(ROOT / "templates")) for path in (ROOT / "templates").rglob("*.html")}
    sources = "\n".join(
        path.read_text("utf-8")
        for place in ("councils", "partnerships", "savings", "templates")
        for path in (ROOT / place).rglob("*")
        if path.suffix in {".py", ".html"}
    )
    unused = [name for name in sorted(templates) if not by_convention.match(name) and name not in sources]
    widgets = {name for name in unused if name.startswith("govuk/") or "/widgets/" in name or "/forms/" in name}
    assert [name for name in unused if name not in widgets] == []


def test_no_file_is_named_for_nothing():
    places = [path for app in BELOW for path in (ROOT / app).rglob("*")]
    assert [str(path) for path in places if path.stem in FORBIDDEN_NAMES] == []


def test_lock_files_name_no_host():
    for lock in ROOT.glob("requirements*.txt"):
        assert "://" not in lock.read_text("utf-8"), lock.name


def test_every_model_says_what_it_is():
    ours = [model for app in BELOW for model in apps.get_app_config(app).get_models()]
    made_up = {model: f"{model.__name__}(" for model in ours}  # what Django writes where nobody did
    assert [model for model, listing in made_up.items() if (model.__doc__ or listing).startswith(listing)] == []
