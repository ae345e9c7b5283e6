"""The whole site map on one screen."""

from allauth.account import views as account
from django.urls import include, path, re_path

from savings.views import (
    acts,
    assurance,
    budgets,
    business_cases,
    calendar,
    case_drafting,
    charges,
    confirm,
    confirmations,
    councils,
    documents,
    double_claims,
    entries,
    errors,
    grid,
    health,
    ledger,
    notes,
    partnerships,
    past,
    people,
    recurring,
    reports,
    returns,
    schemes,
    signoff,
    since,
    start,
    volumes,
)

# The namespace `savings`: the ledger and what is done to it. Other pages of the namespace join this list.
savings = [
    path("entries/", ledger.entries, name="ledger"),
    path("entries/new/", entries.new, name="entry-new"),
    path("entries/grid/", grid.grid, name="grid"),
    path("entries/grid/saved/<uuid:public_id>/", grid.saved, name="grid-saved"),
    path("entries/resembles/", entries.radar, name="radar"),
    path("entries/<uuid:public_id>/", entries.detail, name="entry"),
    path("entries/<uuid:public_id>/attach/", acts.attach, name="entry-attach"),
    path("entries/<uuid:public_id>/reverse/", acts.reverse, name="entry-reverse"),
    path("entries/<uuid:public_id>/sign-off/", signoff.sign_off, name="entry-sign-off"),
    path("entries/<uuid:public_id>/return/", signoff.send_back, name="entry-return"),
    path("entries/<uuid:public_id>/dispute/", acts.dispute, name="entry-dispute"),
    path("disputes/<uuid:public_id>/end/", acts.end_dispute, name="dispute-end"),
    path("budgets/", budgets.budgets, name="budgets"),
    path("budgets/new/", budgets.new, name="budget-new"),
    path("budgets/<uuid:public_id>/", budgets.budget, name="budget"),
    path("double-claims/", double_claims.double_claims, name="double-claims"),
    path("confirm/<str:token>/", confirm.confirm, name="confirm"),
    path("confirmations/", confirmations.requests, name="confirmations"),
    path("confirmations/ask/<slug:slug>/", confirmations.ask, name="confirmation-ask"),
    path("confirmations/contacts/<slug:slug>/", confirmations.contacts, name="contacts"),
    path("confirmations/contacts/<uuid:public_id>/end/", confirmations.end_contact, name="contact-end"),
    path("confirmations/<uuid:public_id>/", confirmations.detail, name="confirmation"),
    path("confirmations/<uuid:public_id>/revoke/", confirmations.revoke, name="confirmation-revoke"),
    path("confirmations/<uuid:public_id>/again/", confirmations.again, name="confirmation-again"),
    path("sign-off/", signoff.queue, name="sign-off-queue"),
    path("returns/", returns.returns, name="returns"),
    path("returns/calendar/", calendar.calendar, name="calendar"),
    path("account/reminders/", calendar.reminders, name="reminders"),
    path("returns/<slug:slug>/<slug:code>/<slug:quarter>/", returns.quarter, name="return"),
    path("recurring/", recurring.years, name="recurring"),
    path("recurring/<slug:code>/<slug:year>/", recurring.attest, name="attest"),
    path("charges/", charges.charges, name="charges"),
    path("charges/new/", charges.new, name="charge-new"),
    path("charges/differences/", charges.differing, name="charge-differences"),
    path("charges/<uuid:public_id>/reverse/", charges.reverse, name="charge-reverse"),
    path("charges/<uuid:public_id>/final/", charges.finalise, name="charge-finalise"),
    path("schemes/new/", schemes.new, name="scheme-new"),
    path("schemes/<uuid:public_id>/", schemes.detail, name="scheme"),
    path("notes/<slug:about>/<slug:key>/", notes.notes, name="notes"),
    path("documents/<uuid:public_id>/", documents.download, name="document"),
    path("assurance/", assurance.assurance, name="assurance"),
    path("assurance/checkpoints/<uuid:public_id>.json", assurance.checkpoint_file, name="checkpoint-file"),
    path("reports/", reports.reports, name="reports"),
    path("reports/new/", reports.new, name="report-new"),
    path("reports/<uuid:public_id>/", reports.report, name="report"),
    path("reports/<uuid:public_id>/report.<slug:format>", reports.report_file, name="report-file"),
    path("jobs/<uuid:public_id>/", reports.job, name="job"),
    path("as-at/", past.choose, name="past"),
]

council_pages = [
    path("", councils.councils, name="list"),
    path("<slug:slug>/", councils.council, name="council"),
    path("<slug:slug>/people/", people.people, name="people"),
    path("<slug:slug>/changes/", since.of_council, name="changes"),
]
partnership_pages = [
    path("", partnerships.partnerships, name="list"),
    path("<slug:slug>/", partnerships.partnership, name="partnership"),
    path("<slug:slug>/changes/", since.of_partnership, name="changes"),
    path("<slug:slug>/business-cases/", business_cases.business_cases, name="business-cases"),
    path("<slug:slug>/business-cases/new/", case_drafting.new, name="business-case-new"),
    path("<slug:slug>/business-cases/<int:version>/", business_cases.business_case, name="business-case"),
    path("<slug:slug>/business-cases/<int:version>/approve/", business_cases.approve, name="business-case-approve"),
    path("<slug:slug>/business-cases/<int:version>/step/", business_cases.step, name="business-case-step"),
    path("<slug:slug>/business-cases/<int:version>/volumes/", volumes.volumes, name="business-case-volumes"),
]

# Of allauth’s pages only these: an address is given by an administrator, so nobody changes or adds one by themselves.
account_pages = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", account.signup, name="account_signup"),  # closed, and says so
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]

urlpatterns = [
    path("", start.start, name="start"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include(account_pages)),
    path("councils/", include((council_pages, "councils"))),
    path("partnerships/", include((partnership_pages, "partnerships"))),
    path("", include((savings, "savings"))),
]

handler404, handler500 = errors.not_found, errors.server_error
