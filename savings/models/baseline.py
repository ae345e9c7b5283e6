"""Where a baseline can be looked up: a line of the council's outturn, or a document kept as evidence."""

from django.db import models
from django.db.models import Q

from councils.models import Council, Outturn, Sealed
from partnerships.models import Baseline, Partnership

from .evidence import Document


class BaselineSource(Sealed):
    """One source of one baseline, written in the act that drafted its case."""

    baseline = models.OneToOneField(Baseline, on_delete=models.PROTECT, related_name="from_source")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    outturn = models.ForeignKey(Outturn, null=True, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="baselines")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="savings_baselinesource_one",
                condition=Q(outturn__isnull=True, document__isnull=False)
                | Q(outturn__isnull=False, document__isnull=True),
            ),
        ]

    def __str__(self):
        return f"{self.baseline_id} from {self.outturn_id or self.document_id}"
