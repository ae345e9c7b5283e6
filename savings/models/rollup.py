"""Roll-up facts, and the marks that say which of them are stale.

Facts are recomputed from the ledger and replaced, never incremented. Marks are only ever added by the ledger's own
triggers and taken away by the worker; the broker is a doorbell (DESIGN section 5).
"""

from django.db import models

from councils.models import Council
from partnerships.models import Partnership
from partnerships.models.arrangement import Audience


class Mark(models.Model):
    """This partnership and year changed since its facts were computed."""

    id = models.BigAutoField(primary_key=True)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    year = models.SmallIntegerField(db_comment="financial-year start")
    act = models.BigIntegerField(null=True, db_comment="what made it stale; null where no act did (DESIGN 10.30)")
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["partnership", "year"], name="savings_mark_shard")]

    def __str__(self):
        return f"{self.partnership_id} {self.year}"


class Attempt(models.Model):
    """How often a stale key was tried since it last worked; counted before the work, parked after five."""

    id = models.BigAutoField(primary_key=True)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    attempts = models.SmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    parked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partnership", "year"], name="savings_attempt_once")]

    def __str__(self):
        return f"{self.partnership_id} {self.year}: {self.attempts}"


class Rollup(models.Model):
    """One member of one partnership in one year, for one audience. All amounts are signed pence, nominal, in-year.

    Cash is cash-releasing savings only. `claimed` is all of it, `counted` is after the duplicate rules of EVIDENCE
    section 3, `proven` is the part of `counted` with grade 2 or 3. Charges are the payer's figure on both sides.
    """

    id = models.BigAutoField(primary_key=True)
    audience = models.TextField(choices=Audience.Who)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="rollups")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="rollups")
    year = models.SmallIntegerField(db_comment="financial-year start")

    promised_pence = models.BigIntegerField(default=0, db_comment="projected cash savings of the version in force")
    promised_cost_pence = models.BigIntegerField(default=0)
    promised_charges_pence = models.BigIntegerField(default=0, db_comment="received less paid")
    forecast_pence = models.BigIntegerField(default=0)
    forecast_cost_pence = models.BigIntegerField(default=0)
    claimed_pence = models.BigIntegerField(default=0)
    counted_pence = models.BigIntegerField(default=0)
    proven_pence = models.BigIntegerField(default=0)
    grade_0_pence = models.BigIntegerField(default=0, db_comment="of counted")
    grade_1_pence = models.BigIntegerField(default=0, db_comment="of counted")
    grade_2_pence = models.BigIntegerField(default=0, db_comment="of counted")
    grade_3_pence = models.BigIntegerField(default=0, db_comment="of counted")
    disputed_pence = models.BigIntegerField(default=0, db_comment="of counted, openly disputed")
    one_off_cost_pence = models.BigIntegerField(default=0)
    running_cost_pence = models.BigIntegerField(default=0)
    charges_paid_pence = models.BigIntegerField(default=0)
    charges_received_pence = models.BigIntegerField(default=0, db_comment="as the payers report it")
    charges_unreconciled_pence = models.BigIntegerField(
        default=0, db_comment="what this receiver reports less what its payers report"
    )
    non_cash_pence = models.BigIntegerField(default=0)
    avoidance_pence = models.BigIntegerField(default=0)
    reduction_pence = models.BigIntegerField(default=0)
    funding_shift_pence = models.BigIntegerField(default=0)
    income_pence = models.BigIntegerField(default=0)
    recurring_pence = models.BigIntegerField(default=0, db_comment="of counted, recurring: feeds the run-rate only")
    entries = models.IntegerField(default=0)
    unsigned = models.IntegerField(default=0, db_comment="banked entries below grade 2 and not reversed")
    returned = models.SmallIntegerField(default=0, db_comment="quarters with a return, nil or not; without one: silent")
    returns_signed_off = models.SmallIntegerField(default=0, db_comment="quarters whose return is signed off or closed")
    nil_cost_returns = models.SmallIntegerField(
        default=0, db_comment="of those signed off, stating that there was no cost"
    )
    last_event = models.BigIntegerField(default=0, db_comment="highest event id included")
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "year", "council", "audience"], name="savings_rollup_once")
        ]
        indexes = [models.Index(fields=["council", "audience", "year"], name="savings_rollup_council")]

    def __str__(self):
        return f"{self.partnership_id} {self.council_id} {self.year} {self.audience}"


class PastFigures(models.Model):
    """The facts of a partnership at a past moment, for readers to whom it is shown and who may read no row of it.

    Asked for by `past_ask` in the database and worked out by the worker (`savings.looking_back`), once: the past stays.
    """

    id = models.BigAutoField(primary_key=True)
    moment = models.BigIntegerField(db_comment="of councils_moment: always the end of a day")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    audience = models.TextField(blank=True, db_comment="whom it was shown to then; empty while it is waiting")
    facts = models.JSONField(default=list, db_comment="rows of savings_rollup as that audience saw them")
    attempts = models.SmallIntegerField(default=0, db_comment="counted before the work")
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["moment", "partnership"], name="savings_pastfigures_once")]
        indexes = [models.Index(fields=["id"], name="savings_pastfigures_due", condition=models.Q(audience=""))]

    def __str__(self):
        return f"{self.partnership_id} at {self.moment}: {self.audience or 'waiting'}"
