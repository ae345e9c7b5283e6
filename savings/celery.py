"""The worker: `celery -A savings worker` and `celery -A savings beat`.

The broker is a doorbell and may lose everything: what has to be done is a row in the database, every task may run
twice, and the two sweeps below find whatever was forgotten (DESIGN section 5).
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "savings.settings")
os.environ.setdefault("DATABASE_ROLE", "worker")
# One task, one core: eight prefork children that each start eight threads are slower than eight that do not.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("POLARS_MAX_THREADS", "1")

from celery import Celery
from celery.signals import setup_logging, worker_init, worker_ready

app = Celery("savings")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_logging(**_kwargs: object) -> None:
    """Being connected is enough: Celery then leaves the logging of settings.py alone."""
    import logging.config

    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@worker_init.connect
def refuse_a_powerful_role(**_kwargs: object) -> None:
    """A worker that could go round row-level security does not start, nor one that cannot ask who it is."""
    from savings.walls import refuse_to_start_without_walls

    try:
        refuse_to_start_without_walls()
    except Exception as refusal:
        # Celery writes what a receiver raises into the log and starts all the same, unless it means to leave.
        raise SystemExit(f"{refusal}") from refusal


@worker_ready.connect
def look_round_at_once(**_kwargs: object) -> None:
    """Beat would ask in half a minute: a worker that comes back looks for forgotten work now and says it lives."""
    for entry in app.conf.beat_schedule.values():
        app.send_task(entry["task"])


@app.task(name="savings.heartbeat")
def heartbeat() -> None:
    """Note that a worker took a task from the broker and reached the database; /readyz reads it."""
    from django.utils import timezone

    from savings.models import Heartbeat

    Heartbeat.objects.update_or_create(name="worker", defaults={"at": timezone.now()})
