"""A partnership and everything about it that changes with time, each change a row of its own."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from councils.models import Council, Person, Sealed

from .service import Service


class Precision(models.TextChoices):
    """How exactly a date is known; a date known to the year is stored as its first day."""

    DAY = "day", "day"
    MONTH = "month", "month"
    YEAR = "year", "year"


class IsKept(models.Func):
    """Whether a ledger of the partnership with this id is kept here: it was founded here, or claimed."""

    function = "is_kept"
    output_field = models.BooleanField()


class PartnershipQuerySet(models.QuerySet):
    def with_kept(self):
        """Each knows whether it is `kept`."""
        return self.annotate(kept=IsKept("pk"))

    def kept(self):
        """Those whose ledger is kept here."""
        return self.filter(IsKept("pk"))


class Partnership(Sealed):
    """An arrangement to share services. What can change about it stands in the tables below."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.TextField()
    summary = models.TextField(blank=True)
    started_on = models.DateField()
    started_precision = models.TextField(choices=Precision, default=Precision.DAY)
    from_public_record = models.BooleanField(
        default=False, db_comment="known from what was published; claimed by no member yet"
    )
    invented = models.BooleanField(default=False, db_comment="part of the demonstration")
    founded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("partnerships:partnership", args=[self.slug])


class PartnershipService(Sealed):
    """A service the partnership shares."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="services")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="partnerships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partnership", "service"], name="partnerships_service_once")]

    def __str__(self):
        return f"{self.partnership_id} {self.service_id}"


class Purpose(Sealed):
    """Why the partnership exists; not every one was meant to save."""

    class What(models.TextChoices):
        SAVE = "save", "Save money"
        RESILIENCE = "resilience", "Resilience"
        QUALITY = "quality", "Quality"
        INCOME = "income", "Income"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="purposes")
    what = models.TextField(choices=What)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partnership", "what"], name="partnerships_purpose_once")]

    def __str__(self):
        return self.get_what_display()


class Vehicle(Sealed):
    """The legal form from a date; the latest date holds."""

    class Form(models.TextChoices):
        DELEGATION = "delegation", "Delegation to another council"
        JOINT_COMMITTEE = "joint_committee", "Joint committee"
        SHARED_STAFF = "shared_staff", "Shared staff (section 113)"
        LEAD_AUTHORITY = "lead_authority", "Lead authority"
        GOODS_AND_SERVICES = "goods_and_services", "Sale of services (1970 Act)"
        TECKAL = "teckal", "Wholly owned company (Teckal)"
        TRADING_COMPANY = "trading_company", "Trading company"
        JOINT_VENTURE = "joint_venture", "Joint venture company"
        OUTSOURCED = "outsourced", "Joint outsourced contract"
        MUTUAL = "mutual", "Employee-led mutual"
        CONSORTIUM = "consortium", "Purchasing consortium"
        JOINT_BOARD = "joint_board", "Joint board or corporate joint committee"
        COMBINED_AUTHORITY = "combined_authority", "Combined authority"
        MERGER = "merger", "Merger of councils"
        OTHER = "other", "Other"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="vehicles")
    form = models.TextField(choices=Form)
    starts_on = models.DateField()
    as_published = models.TextField(blank=True)

    class Meta:
        ordering = ["starts_on", "id"]

    def __str__(self):
        return self.get_form_display()


class Audience(Sealed):
    """Who may see the partnership's figures from now on; the latest row holds. Rows stay with the members (10.21)."""

    class Who(models.TextChoices):
        MEMBERS = "members", "Its members"
        SECTOR = "sector", "Everyone signed in"
        PUBLIC = "public", "Everyone"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="audiences")
    who = models.TextField(choices=Who)

    def __str__(self):
        return self.get_who_display()


class Ending(Sealed):
    """When and why the partnership ended."""

    partnership = models.OneToOneField(Partnership, on_delete=models.PROTECT, related_name="ending")
    ended_on = models.DateField(db_comment="first day it no longer existed")
    ended_precision = models.TextField(choices=Precision, default=Precision.DAY)
    why = models.TextField()

    def __str__(self):
        return str(self.ended_on)


class MembershipQuerySet(models.QuerySet):
    def kept(self):
        """Those of partnerships whose ledger is kept here."""
        return self.filter(IsKept("partnership_id"))

    def current(self):
        """The last version of each membership, including those that have ended."""
        return self.filter(replaced_by__isnull=True)

    def on(self, day):
        """Memberships that hold on `day`."""
        return self.current().filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day)


class Membership(Sealed):
    """A council in a partnership from one date to another. A change is a new row that replaces the old."""

    class Role(models.TextChoices):
        PROVIDER = "provider", "Provider"
        RECEIVER = "receiver", "Receiver"
        BOTH = "both", "Provider and receiver"
        UNKNOWN = "unknown", "Not published"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="memberships")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="memberships")
    role = models.TextField(choices=Role)
    host = models.BooleanField(default=False)
    starts_on = models.DateField()
    starts_precision = models.TextField(choices=Precision, default=Precision.DAY)
    ends_on = models.DateField(null=True, blank=True, db_comment="first day it was no longer a member")
    ends_precision = models.TextField(choices=Precision, default=Precision.DAY)
    cost_share_bps = models.IntegerField(null=True, blank=True, db_comment="basis points of cost")
    gain_share_bps = models.IntegerField(null=True, blank=True, db_comment="basis points of gain")
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["council", "partnership"], name="partnerships_member_council"),
        ]
        constraints = [
            models.CheckConstraint(
                name="partnerships_membership_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                violation_error_message="A council cannot leave before it joins.",
            ),
            models.CheckConstraint(
                name="partnerships_membership_shares",
                condition=(Q(cost_share_bps__isnull=True) | Q(cost_share_bps__range=(0, 10_000)))
                & (Q(gain_share_bps__isnull=True) | Q(gain_share_bps__range=(0, 10_000))),
            ),
        ]

    def __str__(self):
        return f"{self.council_id} in {self.partnership_id}"


class Resolution(Sealed):
    """A decision of a council body about the partnership (a Decision is on an entry; DESIGN 10.19)."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="resolutions")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="resolutions")
    body = models.TextField()
    resolved_on = models.DateField()
    minute_reference = models.TextField(blank=True)

    def __str__(self):
        return f"{self.body} {self.resolved_on}"
