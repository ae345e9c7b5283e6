"""Does sharing really pay? The arithmetic, and only the arithmetic.

Numbers in, numbers out: nothing here knows Django, a database or a screen, so every figure on a page can be
worked out again from a file (`manage.py evidence CASE.json`). One method a module; `run` opens any of them by name.
Formulas and their sources are listed in `docs/methods.md`.
"""

from savings.analysis.methods import run

__all__ = ["run"]
