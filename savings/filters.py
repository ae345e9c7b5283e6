"""What the ledger can be narrowed to. The address holds the view, so every filter is a query parameter."""

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q

from councils import carrying
from councils.models import Council
from councils.years import FinancialYear, Quarter, YearError
from partnerships.models import Membership, Partnership, Service
from savings.analysis.rag import COLOURS
from savings.models import Decision, Entry, EntryState, Scheme, SchemeStatus
from savings.models.typed import BenefitClass, Kind, Series, closing_with
from savings.reporting.awaiting import answered
from savings.reporting.double_claim_list import caught

ANY = "Any"

STANDINGS = {
    "0": "Self-declared",
    "1": "Documented",
    "2": "Signed off",
    "3": "Audited",
    "unsigned": "Not signed off",
    "undocumented": "Without a document",
    "returned": "Returned and not put right",
    "exception": "Audit exception",
    "disputed": "Disputed",
    "left_out": "Left out of what counts",
    "elsewhere": "Claimed in two partnerships",
    "reversed": "Reversed or a reversal",
}


def closing_in(rows, _name, slug):
    """Rows whose period closes with the quarter `2025-26-q2`; an address that names none narrows nothing."""
    try:
        return rows.filter(closing_with(Quarter.parse(slug)))
    except YearError:
        return rows


def posted_in(rows, _name, slug):
    """Rows dated in the quarter `2025-26-q2`, whatever period they relate to."""
    try:
        return rows.filter(posted_quarter=Quarter.parse(slug).first_day)
    except YearError:
        return rows


class EntryFilter(django_filters.FilterSet):
    """Takes `person`, `rights` and `today`; rows outside the open scope are not there to be filtered.

    Costs two queries for the choices (councils and partnerships), and one more to search scheme titles.
    """

    search = django_filters.CharFilter(
        label="Search", method="by_words", help_text="Scheme, note, ledger code or document reference"
    )
    council = django_filters.ModelChoiceFilter(
        queryset=Council.objects.none(), to_field_name="slug", label="Council", empty_label=ANY, method="by_council"
    )
    partnership = django_filters.ModelChoiceFilter(
        queryset=Partnership.objects.none(), to_field_name="slug", label="Partnership", empty_label=ANY
    )
    year = django_filters.ChoiceFilter(label="Year", choices=(), empty_label=ANY)
    series = django_filters.ChoiceFilter(label="Series", choices=Series.choices, empty_label=ANY)
    kind = django_filters.ChoiceFilter(label="Kind", choices=Kind.choices, empty_label=ANY)
    benefit_class = django_filters.ChoiceFilter(label="Class", choices=BenefitClass.choices, empty_label=ANY)
    standing = django_filters.ChoiceFilter(
        label="Standing", choices=list(STANDINGS.items()), empty_label=ANY, method="by_standing"
    )
    mine = django_filters.ChoiceFilter(
        label="Recorded by", choices=[("me", "Me")], empty_label="Anybody", method="by_me"
    )
    scheme = django_filters.UUIDFilter(label="Scheme", field_name="scheme__public_id", widget=forms.HiddenInput)
    quarter = django_filters.CharFilter(label="Quarter", method=closing_in, widget=forms.HiddenInput)
    posted = django_filters.CharFilter(label="Posted in", method=posted_in, widget=forms.HiddenInput)
    adjustment = django_filters.ChoiceFilter(
        label="Adjustment", choices=[("true", "Yes")], empty_label=ANY, method="by_adjustment", widget=forms.HiddenInput
    )

    class Meta:
        model = Entry
        fields: list[str] = []

    def __init__(self, *args, person, rights, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        # Partnerships that are only shown to this person have no rows here, so they are not offered.
        mine = Membership.objects.filter(council__in=rights.councils()).values("partnership")
        members = Membership.objects.filter(partnership__in=mine).values("council")
        self.filters["partnership"].queryset = Partnership.objects.filter(pk__in=mine).order_by("name")
        self.filters["council"].queryset = Council.objects.filter(
            pk__in=carrying.with_heirs(members.values_list("council", flat=True), rights.councils())
        ).order_by("name")
        this_year = FinancialYear.containing(today).start
        years = range(this_year + 5, this_year - 20, -1)
        self.filters["year"].extra["choices"] = [(str(start), FinancialYear(start).label) for start in years]

    def by_council(self, rows, _name, council):
        """Carried to successors, the rows of the councils it follows too: a row is never cut in two."""
        return rows.filter(council__in=carrying.forebears([council.pk]))

    def by_words(self, rows, _name, words):
        words = words.strip()
        schemes = list(Scheme.objects.named_like(words).values_list("pk", flat=True)[:500])
        return rows.filter(
            Q(scheme__in=schemes)
            | Q(note__icontains=words)
            | Q(ledger_code__icontains=words)
            | Q(document_ref__icontains=words)
        )

    def by_standing(self, rows, _name, chosen):
        if chosen == "reversed":
            return rows.filter(Q(reverses__isnull=False) | Q(reversed_by__isnull=False))
        if chosen == "disputed":
            return rows.filter(state__disputed=True)
        if chosen in ("left_out", "elsewhere"):
            return caught(rows, left_out=chosen == "left_out")
        if chosen == "returned":
            return rows.filter(~answered(), state__outcome=Decision.Outcome.RETURNED, reversed_by__isnull=True)
        if chosen == "exception":
            return rows.filter(state__outcome=Decision.Outcome.EXCEPTION, reversed_by__isnull=True)
        if chosen in ("unsigned", "undocumented"):
            enough = 2 if chosen == "unsigned" else 1
            has = Exists(EntryState.objects.filter(entry=OuterRef("pk"), grade__gte=enough))
            taken_back = Exists(Entry.objects.filter(reverses=OuterRef("pk")))
            return rows.filter(~has, ~taken_back, reverses__isnull=True)
        return self._graded(rows, int(chosen))

    @staticmethod
    def _graded(rows, grade):
        """Entries of that grade; a reversal has that of what it reverses. Asked row by row, newest first, until enough
        are found: joined, PostgreSQL would join the whole ledger first."""
        states = EntryState.objects.filter(grade=grade) if grade else EntryState.objects.filter(grade__gt=0)
        own = Exists(states.filter(entry=OuterRef("pk")))
        reversed_ = Exists(states.filter(entry=OuterRef("reverses")))
        return rows.filter(own | reversed_) if grade else rows.filter(~own, ~reversed_)

    def by_adjustment(self, rows, _name, _value):
        return rows.filter(adjustment=True)

    def by_me(self, rows, _name, _value):
        return rows.filter(recorded_by=self.person)


class SchemeFilter(django_filters.FilterSet):
    """Takes `rights`, and schemes `as_they_stand`. `rag` is worked out by the page. Two queries for the choices."""

    search = django_filters.CharFilter(label="Search", method="by_words", help_text="Title, reference or owner")
    status = django_filters.ChoiceFilter(
        label="Status", field_name="now_status", choices=SchemeStatus.Status.choices, empty_label=ANY
    )
    rag = django_filters.ChoiceFilter(
        label="Rating", choices=[(each, each) for each in COLOURS], empty_label=ANY, method="unchanged"
    )
    benefit_class = django_filters.ChoiceFilter(
        label="Class", choices=BenefitClass.choices, empty_label=ANY, method="by_class"
    )
    owner = django_filters.CharFilter(label="Owner", field_name="now_owner", lookup_expr="icontains")
    partnership = django_filters.ModelChoiceFilter(
        queryset=Partnership.objects.none(), to_field_name="slug", label="Partnership", empty_label=ANY
    )
    service = django_filters.ModelChoiceFilter(
        queryset=Service.objects.none(), to_field_name="slug", label="Service", empty_label=ANY
    )

    class Meta:
        model = Scheme
        fields: list[str] = []

    def __init__(self, *args, rights, **kwargs):
        super().__init__(*args, **kwargs)
        mine = Membership.objects.filter(council__in=rights.councils()).values("partnership")
        self.filters["partnership"].queryset = Partnership.objects.filter(pk__in=mine).order_by("name")
        used = Scheme.objects.order_by().values("service")
        self.filters["service"].queryset = Service.objects.filter(pk__in=used).order_by("name")

    def by_words(self, rows, _name, words):
        words = words.strip()
        return rows.filter(Q(title__icontains=words) | Q(reference__icontains=words) | Q(now_owner__icontains=words))

    def by_class(self, rows, _name, chosen):
        """What only costs or earns has no class, whatever was proposed."""
        own = Entry.objects.filter(scheme=OuterRef("pk"))
        return rows.filter(Exists(own.filter(kind=Kind.SAVING)) | ~Exists(own), now_class=chosen)

    def unchanged(self, rows, _name, _value):
        return rows
