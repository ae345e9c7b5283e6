"""The ledger, and whatever has to be ready before the first request or task."""

from django.apps import AppConfig


class SavingsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "savings"

    def ready(self) -> None:
        # Makes ours the current Celery app, so that @shared_task and delay() find the broker from a web process too.
        from savings import (
            celery,  # noqa: F401
            walls,  # noqa: F401  registers the system check
        )
