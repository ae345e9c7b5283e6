"""The closing calendar: by when a council does what after a quarter, and who was reminded of it."""

from django.db import models
from django.db.models import F, Q

from councils.models import Council, Person, Sealed
from partnerships.models import Partnership


class ClosingDays(Sealed):
    """A council's own days for closing a quarter, counted from the day its closing begins; the latest row holds."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="closing_days")
    record_days = models.SmallIntegerField(db_comment="last day to record, in days after the quarter")
    submit_days = models.SmallIntegerField()
    sign_off_days = models.SmallIntegerField()
    close_days = models.SmallIntegerField()
    reason = models.TextField()
    set_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="savings_closing_days_order",
                condition=Q(record_days__gte=1)
                & Q(record_days__lte=F("submit_days"))
                & Q(submit_days__lte=F("sign_off_days"))
                & Q(sign_off_days__lte=F("close_days"))
                & Q(close_days__lte=30),
                violation_error_message="The days go record, submit, sign off, close, from 1 to 30.",
            ),
            models.CheckConstraint(name="savings_closing_days_reason", condition=~Q(reason="")),
        ]

    def __str__(self):
        return f"{self.council_id}: {self.record_days}/{self.submit_days}/{self.sign_off_days}/{self.close_days}"


class Reminder(models.Model):
    """One step of one quarter that one person was, or is to be, reminded of by e-mail; kept by the worker."""

    class What(models.TextChoices):
        SUBMIT = "submit", "to submit"
        SIGN_OFF = "sign_off", "to sign off"
        CLOSE = "close", "to close"
        SILENT = "silent", "silent member"

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+", db_comment="whose return it is")
    quarter = models.DateField(db_comment="first day of the quarter")
    what = models.TextField(choices=What)
    attempts = models.SmallIntegerField(default=0, db_comment="counted before the mail is sent")
    last_error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "partnership", "council", "quarter", "what"], name="savings_reminder_once"
            )
        ]

    def __str__(self):
        return f"{self.person_id} {self.what} {self.quarter}"


class ReminderChoice(models.Model):
    """Whether a person wants reminders by e-mail; the latest row holds, and without one they are sent."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reminder_choices")
    wanted = models.BooleanField()
    chosen_at = models.DateTimeField()

    def __str__(self):
        return f"{self.person_id}: {self.wanted}"


class YearTurned(models.Model):
    """A financial year that became complete, and for which what lapsed with it was marked; kept by the worker."""

    year = models.SmallIntegerField(primary_key=True, db_comment="financial-year start")
    at = models.DateTimeField()

    def __str__(self):
        return f"{self.year}"
