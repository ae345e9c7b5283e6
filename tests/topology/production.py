"""Reads docker-compose.yml, Dockerfile and .dockerignore as Docker would: what is tried is what is written there."""

import json
import re
import shutil
from pathlib import Path

import yaml

from savings.services.places import CHECKOUT

VARIABLE = re.compile(r"\$(?:(\$)|\{(\w+)(?::([?-])([^}]*))?\})")


class Missing(Exception):
    """A variable that has no default is not set; the message is the one a person would read."""


def services(variables):
    """The services of docker-compose.yml with `variables` put in; raises `Missing`."""
    return filled(_read()["services"], variables)


def needed():
    """The names of the variables without which compose refuses to start."""
    names = VARIABLE.findall((CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8"))
    return {name for _, name, kind, _ in names if kind == "?"}


def filled(part, variables):
    if isinstance(part, dict):
        return {key: filled(value, variables) for key, value in part.items()}
    if isinstance(part, list):
        return [filled(value, variables) for value in part]
    return VARIABLE.sub(lambda found: _value(found, variables), part) if isinstance(part, str) else part


def image_environment():
    """What the last ENV of the Dockerfile sets."""
    block = _dockerfile().split("\nENV ")[-1].split("\n")[0]
    return dict(pair.split("=", 1) for pair in block.split())


def image_command():
    return json.loads(_dockerfile().split("\nCMD ")[-1])


def make_image_tree(into):
    """Copy what .dockerignore lets into the image to the folder `into`."""
    rules = (CHECKOUT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in rules, "the image must hold nothing but what is named"
    into.mkdir()
    for name in (rule[1:] for rule in rules if rule.startswith("!")):
        if (CHECKOUT / name).is_dir():
            shutil.copytree(CHECKOUT / name, into / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        else:
            shutil.copy2(CHECKOUT / name, into / name)


def files_of(tree):
    """Each file's size and time, to see afterwards that nothing was written where the image cannot be written."""
    return {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in Path(tree).rglob("*") if path.is_file()}


def _read():
    return yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8"))


def _dockerfile():
    """Its instructions, one a line: comments taken out and continued lines joined."""
    lines = (CHECKOUT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    return re.sub(r"\s*\\\n\s*", " ", "\n".join(line for line in lines if not line.startswith("#")))


def _value(found, variables):
    dollar, name, kind, text = found.groups()
    if dollar:
        return "$"
    if variables.get(name):
        return variables[name]
    if kind == "?":
        raise Missing(f"{name}: {text}")
    return text if kind == "-" else ""
