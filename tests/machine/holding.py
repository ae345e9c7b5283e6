"""What has to hold after every step, and, once a run has ended, of everything that it left."""

from django.db import connection
from django.db.models import Sum
from hypothesis.stateful import invariant

from councils.verification import verify
from partnerships.models import Approval
from savings.balances import balances
from savings.models import Confirmation, Decision, DisputeOutcome, Entry, EntryState, Return, Support
from savings.models.typed import closing_with
from savings.reporting import figures, rollups
from tests.database import as_role
from tests.factories import acting

from .trying import COUNCILS, YEAR, Trying


class Holding(Trying):
    @invariant()
    def balances_are_the_models(self):
        if not hasattr(self, "world"):
            return
        with as_role("worker"):
            told = {
                (code, kind): pence
                for code, kind, pence in Entry.objects.banked()
                .filter(partnership=self.cast.partnership)
                .values_list("council__code", "kind")
                .annotate(pence=Sum("amount_pence"))
            }
        for council in COUNCILS:
            for kind in ("saving", "one_off_cost"):
                assert told.get((council, kind), 0) == self.world.balance(council, lambda each, k=kind: each.kind == k)

    @invariant()
    def what_was_closed_has_not_moved(self):
        if not hasattr(self, "world"):
            return
        for (council, quarter), now in self.world.returns.items():
            if now.step != "closed":
                continue
            with as_role("worker"):
                own = Entry.objects.banked().filter(
                    closing_with(YEAR.quarters[quarter]), council=self.cast.councils[council], adjustment=False,
                    partnership=self.cast.partnership, reverses__isnull=True,
                )  # fmt: skip
                assert own.total() == now.frozen

    def everything_holds(self):
        with as_role("worker"):
            self._grades()
            self._promises()
            self._two_people()
            rollups.drain()
            assert rollups.check() == []
            assert [*balances()] == []
            assert verify().problems == []
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        with acting(self.cast.people["erin"], self.at):
            found = figures.partnership_figures(self.cast.partnership, self.at.date())
        for council in COUNCILS:
            claimed = self.world.balance(council, lambda each: each.cash)
            mine = next((m.figures for m in found.members if m.id == self.cast.councils[council].pk), None)
            assert (mine.claimed if mine else 0) == claimed
            assert (mine.promised if mine else 0) == self.world.promised(council)
        for place, name in enumerate(found.total._fields):
            assert sum(member.figures[place] for member in found.members) == found.total[place], name

    def _grades(self):
        for amount in self.world.amounts:
            entry = self.rows[id(amount)]
            state = EntryState.objects.filter(entry_id=entry.reverses_id or entry.pk).first()
            assert (state.grade if state else 0) == amount.grade
            own = EntryState.objects.filter(entry=entry).first()
            assert (own is not None and own.disputed) == self.world.is_disputed(amount)
            assert Entry.objects.filter(reverses=entry).count() == int(amount.reversed)

    def _promises(self):
        """What an approval posted stands as it was posted, whatever was restated since."""
        for council in COUNCILS:
            posted = Entry.objects.filter(series="projected", council=self.cast.councils[council])
            told = dict(posted.values_list("business_case__version").annotate(Sum("amount_pence")))
            assert told == self.world.posted(council)

    def _two_people(self):
        for decided in Decision.objects.filter(partnership=self.cast.partnership).select_related("entry"):
            assert decided.decided_by_id != decided.entry.recorded_by_id
            assert not Support.objects.filter(pk=decided.support_id, document__uploaded_by=decided.decided_by).exists()
        signed = Return.objects.filter(partnership=self.cast.partnership, step="signed_off")
        assert not any(each.stepped_by_id == each.previous_by_id for each in signed)
        for approved in Approval.objects.filter(partnership=self.cast.partnership).select_related("case"):
            assert approved.approved_by_id != approved.case.drafted_by_id
        for said in Confirmation.objects.filter(partnership=self.cast.partnership):
            confirmed = [pk for line in said.request.lines.all() for pk in line.entries]
            assert not Entry.objects.filter(pk__in=confirmed, recorded_by=said.answered_by_id).exists()
        for ended in DisputeOutcome.objects.exclude(outcome="withdrawn").select_related("dispute"):
            assert ended.decided_by_id != ended.dispute.raised_by_id
