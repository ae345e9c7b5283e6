"""Who: councils, people and their roles, and the acts that everything else hangs from."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CouncilsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "councils"

    def ready(self) -> None:
        from .schema import after_migrations

        post_migrate.connect(after_migrations, sender=self)
