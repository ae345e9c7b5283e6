"""The project package and the ledger: settings, the servers' front doors, and what was saved.

Deliberately imports nothing: `manage.py` reads `savings.bootstrap` before a single dependency is installed.
"""
