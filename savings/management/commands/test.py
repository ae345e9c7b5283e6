"""`manage.py test [ARGS]`: the whole suite, on a PostgreSQL and a Valkey that are made for it and thrown away."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand

from savings.services.places import CHECKOUT

FROM_PARENT = ("DATABASE_ROLE", "LOG_FORMAT")  # set by the launcher for this command, not for what it starts
ONE_PROCESS = ("-n", "--numprocesses", "--pdb", "--trace", "--collect-only", "--co", "-s")


class Command(BaseCommand):
    help = (
        "Runs the suite with pytest; every argument goes to pytest. Two processes unless -n says otherwise; "
        "--slow adds the slow tests; browser tests need Chromium and are required with REQUIRE_BROWSER=1."
    )

    def run_from_argv(self, argv: list[str]) -> None:
        arguments = argv[2:]
        if {"-h", "--help"} & set(arguments):
            self.print_help(argv[0], argv[1])
            return
        for name in FROM_PARENT:
            os.environ.pop(name, None)
        os.chdir(CHECKOUT)
        os.execv(sys.executable, [sys.executable, "-m", "pytest", *processes(arguments), *arguments])

    def handle(self, *args: Any, **options: Any) -> None:
        """Called by `call_command`: the same with the positional arguments."""
        self.run_from_argv(["manage.py", "test", *args])


def processes(arguments: list[str]) -> list[str]:
    """`-n 2`, unless the arguments say how many or want to talk to one process."""
    return [] if any(argument.startswith(ONE_PROCESS) for argument in arguments) else ["-n", "2"]
