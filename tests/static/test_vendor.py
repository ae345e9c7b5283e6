"""What other people made is as VENDOR.json records it, and carries nothing that is not ours to show."""

import importlib.util
import json
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "static"
PACKAGES = json.loads((STATIC / "vendor" / "VENDOR.json").read_text("utf-8"))["packages"]


@pytest.fixture(scope="module")
def vendor():
    spec = importlib.util.spec_from_file_location("vendor", STATIC / "vendor" / "vendor.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_every_file_is_the_one_recorded_and_brings_its_licence(vendor, package):
    assert vendor.differences(package) == []
    assert "LICENCE" in package["sha256"]


def test_a_changed_file_is_named(vendor):
    package = {**PACKAGES[0], "sha256": {**PACKAGES[0]["sha256"], "LICENCE": "0" * 64}}
    assert vendor.differences(package) == ["govuk-frontend-6.6.0/LICENCE differs"]


def test_neither_the_font_nor_the_crest_of_govuk_is_served():
    """Both are for GOV.UK only (the licence of the font; crown copyright of the crest)."""
    css = (STATIC / "vendor" / "govuk-frontend-6.6.0" / "govuk-frontend.min.css").read_text("utf-8")
    assert not re.search(r"GDS Transport|@font-face|url\(|crest", css)
    assert not [path for path in STATIC.rglob("*") if path.suffix in {".woff", ".woff2", ".ttf"}]


def test_the_pages_name_the_folders_that_are_here():
    templates = (STATIC.parent / "templates").rglob("*.html")
    named = {folder for path in templates for folder in re.findall(r"vendor/([^/']+)/", path.read_text("utf-8"))}
    assert named == {path.name for path in (STATIC / "vendor").iterdir() if path.is_dir() and path.name[0] != "_"}


def test_no_template_holds_script_or_style_the_policy_would_refuse():
    inline = re.compile(r"\sstyle=|\son[a-z]+=\"|<style|<script(?![^>]*(?:src=|application/json))")
    wrong = [
        path.name for path in (STATIC.parent / "templates").rglob("*.html") if inline.search(path.read_text("utf-8"))
    ]
    assert wrong == []
