"""What the other members say of a claim: whom to ask, what they were asked, their links, and their answers.

What is to be confirmed is fixed when it is asked: PostgreSQL itself writes the lines from the ledger as it stands then,
with the ids of the entries in them, so a later entry is in none. Of several answers of a member for one quarter the
latest holds, and a request that is asked anew takes the place of the one before.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from councils.models import Council, Person, Sealed
from partnerships.models import Partnership

from .scheme import Scheme
from .typed import BenefitClass, Kind, one_of


def kept(to, related_name="+", **options):
    return models.ForeignKey(to, on_delete=models.PROTECT, related_name=related_name, **options)


class Contact(Sealed):
    """Somebody in a council's finances who is asked by e-mail. A later row replaces it, and one may end it."""

    partnership = kept(Partnership)
    council = kept(Council)
    person = kept(Person, db_comment="who answers; an account with the same address is the same person")
    name = models.TextField()
    email = models.TextField(db_comment="in lower case")
    ended = models.BooleanField(default=False, db_default=False, db_comment="not asked any more")
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    set_by = kept(Person)
    set_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["partnership", "council"], name="savings_contact_member")]
        constraints = [
            models.CheckConstraint(name="savings_contact_said", condition=~Q(name="") & Q(email__contains="@")),
            models.CheckConstraint(name="savings_contact_ended", condition=Q(ended=False) | Q(replaces__isnull=False)),
        ]

    def __str__(self):
        return self.name


class ConfirmationRequest(Sealed):
    """One member is asked about one quarter: does it agree with what the others banked?"""

    partnership = kept(Partnership)
    council = kept(Council, db_comment="who is asked")
    quarter = models.DateField(db_comment="first day of the quarter")
    asked_by = kept(Person)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["partnership", "council", "quarter", "-id"], name="savings_asked_latest")]
        constraints = [
            models.UniqueConstraint(fields=["id", "partnership", "council", "quarter"], name="savings_asked_what"),
            models.CheckConstraint(
                name="savings_asked_quarter", condition=Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10])
            ),
            models.CheckConstraint(name="savings_asked_expires", condition=Q(expires_at__gt=models.F("asked_at"))),
        ]

    def __str__(self):
        return f"{self.council_id} on {self.quarter}"

    def get_absolute_url(self):
        return reverse("savings:confirmation", args=[self.public_id])


class ConfirmationLine(Sealed):
    """What one other member banked on one scheme in the quarter, of one kind and class; written by PostgreSQL only."""

    request = kept(ConfirmationRequest, "lines")
    partnership = kept(Partnership)
    council = kept(Council, db_comment="who is asked")
    claimant = kept(Council)
    scheme = kept(Scheme)
    title = models.TextField(db_comment="the scheme, as it was called")
    kind = models.TextField(choices=Kind)
    benefit_class = models.TextField(choices=BenefitClass, blank=True)
    amount_pence = models.BigIntegerField(db_comment="net of the entries, signed")
    entries = ArrayField(models.BigIntegerField(), db_comment="ids of the entries in it, reversals too")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["id", "request"], name="savings_line_request")]

    def __str__(self):
        return self.title


class ConfirmationLink(Sealed):
    """A link sent to a contact: of its 256 random bits only the SHA-256 is kept. The newest of a contact works."""

    request = kept(ConfirmationRequest, "links")
    partnership = kept(Partnership)
    council = kept(Council)
    contact = kept(Contact)
    nth = models.SmallIntegerField(db_comment="0 the first, 1 and 2 the reminders")
    digest = models.TextField(unique=True, db_comment="SHA-256, hexadecimal")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "contact", "nth"], name="savings_link_once"),
            models.CheckConstraint(name="savings_link_nth", condition=Q(nth__in=[0, 1, 2])),
            models.CheckConstraint(name="savings_link_hash", condition=Q(digest__regex="^[0-9a-f]{64}$")),
        ]

    def __str__(self):
        return f"{self.request_id}, letter {self.nth}"


class ConfirmationRevocation(Sealed):
    """A request taken back before it was answered; its links say so."""

    request = models.OneToOneField(ConfirmationRequest, on_delete=models.PROTECT, related_name="revoked")
    partnership = kept(Partnership)
    council = kept(Council)
    reason = models.TextField()
    revoked_by = kept(Person)
    revoked_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="savings_revoked_reason", condition=~Q(reason=""))]

    def __str__(self):
        return self.reason


class Without(models.TextChoices):
    """How much would have happened without sharing."""

    NONE = "none", "None of it"
    UNDER_QUARTER = "under_quarter", "Under a quarter"
    QUARTER_TO_HALF = "quarter_to_half", "A quarter to a half"
    OVER_HALF = "over_half", "Over half"
    NEARLY_ALL = "nearly_all", "Nearly all of it"
    NOT_KNOWN = "not_known", "Not known"


class Confirmation(Sealed):
    """A member's answer to one request; one request is answered once."""

    request = models.OneToOneField(ConfirmationRequest, on_delete=models.PROTECT, related_name="answered")
    partnership = kept(Partnership)
    council = kept(Council)
    quarter = models.DateField(db_comment="first day of the quarter")
    link = models.OneToOneField(
        ConfirmationLink, null=True, on_delete=models.PROTECT, related_name="used", db_comment="null: signed in"
    )
    without_sharing = models.TextField(choices=Without)
    answered_by = kept(Person)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id", "request"], name="savings_confirmation_request"),
            models.CheckConstraint(name="savings_confirmation_band", condition=one_of("without_sharing", Without)),
        ]

    @property
    def reference(self):
        """What to quote: the first part of its id."""
        return f"C-{str(self.public_id)[:8].upper()}"

    def __str__(self):
        return self.reference


class ConfirmationAnswer(Sealed):
    """What was said of one line; saying anything but yes disputes the entries in it."""

    class Answer(models.TextChoices):
        AGREED = "agreed", "Agreed"
        OTHER_AMOUNT = "other_amount", "Another amount"
        DISPUTED = "disputed", "Disputed"

    confirmation = kept(Confirmation, "answers")
    request = kept(ConfirmationRequest)
    line = kept(ConfirmationLine, "answers")
    partnership = kept(Partnership)
    council = kept(Council)
    answer = models.TextField(choices=Answer)
    stated_pence = models.BigIntegerField(null=True, blank=True, db_comment="the amount they say, if another")
    reason = models.TextField(blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["confirmation", "line"], name="savings_answer_once"),
            models.CheckConstraint(
                name="savings_answer_said",
                condition=Q(answer="agreed", stated_pence__isnull=True, reason="")
                | Q(answer="other_amount", stated_pence__isnull=False)
                | (Q(answer="disputed", stated_pence__isnull=True) & ~Q(reason="")),
                violation_error_message="Say which amount, or what is wrong.",
            ),
        ]

    def __str__(self):
        return self.get_answer_display()
