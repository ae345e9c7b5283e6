"""The command is a thin door: one JSON object out, mistakes as an error of status 2."""

import io
import json
import re
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from savings.analysis.case import evaluate_case
from savings.management.commands.evidence import Command

CASE = Path(__file__).parents[2] / "oracles" / "P02-deflator" / "case.json"


def test_the_command_prints_the_result_and_nothing_else():
    out = io.StringIO()
    Command(stdout=out).handle(case=str(CASE))
    assert json.loads(out.getvalue()) == evaluate_case(CASE)


def test_a_mistake_is_an_error_of_status_2(tmp_path):
    (tmp_path / "case.json").write_text('{"method": "guess"}')
    with pytest.raises(CommandError, match="unknown method 'guess'") as raised:
        Command(stdout=io.StringIO()).handle(case=str(tmp_path / "case.json"))
    assert raised.value.returncode == 2


def test_a_file_that_is_not_there_is_named_with_its_folder(tmp_path):
    missing = tmp_path / "nowhere" / "case.json"
    with pytest.raises(CommandError, match=re.escape(f"{missing} cannot be read: No such file or directory")):
        Command(stdout=io.StringIO()).handle(case=str(missing))
