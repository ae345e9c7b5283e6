"""Who: councils, people and their roles, and the acts that everything else hangs from."""

from django.apps import AppConfig


class CouncilsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "councils"
