"""What the database says when it refuses, in words a person can read."""

from django.db import IntegrityError

from councils.refusals import Refused

CLOSED_MEANWHILE = (
    "Somebody closed or reopened that quarter at the same moment. Nothing was recorded. Look at the return, then send "
    "this again: what comes after closing is recorded as an adjustment."
)
QUALITY_MEANWHILE = (
    "Somebody recorded a saving and somebody else its quality at the same moment, and the two did not meet. Nothing "
    "was recorded here. Send this again: a saving whose quality did not hold is then shown as disputed."
)
NOT_COMPARED = "No rule takes these for one saving, so there is nothing to tell apart: each counts already."
#: What the database says, and the field and words a person gets. Words not listed are shown as the database put them.
WORDS = {
    "claims on a budget reduction would exceed it": (
        "reduction",
        "Claims on that budget would come to more than was taken out of it. Check the amount and the ledger code.",
    ),
    "savings_entry_external_key": ("external_key", "This council already has an entry with that key."),
    "savings_entry_in_range": ("amount", "An amount cannot be more than £10 billion."),
    "a council has no budget for a year in which it is not there": (
        "year",
        "The council has passed to others by then. Enter the gap for the council that follows it.",
    ),
    "a budget gap is no more than £10 billion": ("amount", "An amount cannot be more than £10 billion."),
    "savings_reduction_once": ("ledger_code", "Somebody recorded that budget at the same moment. Try again."),
    "a budget reduction is not lowered below what is claimed": (
        "amount",
        "More than that is already claimed of this budget. Reverse what is claimed too much first.",
    ),
    "savings_correction_sequence": ("", "Somebody corrected that budget at the same moment. Look at it again."),
    "savings_reduction_skeleton": (
        "ledger_code",
        "A budget with a code that would be read as the same was recorded at the same moment. Try again.",
    ),
    "savings_scheme_skeleton": ("reference", "Somebody added that reference at the same moment. Try again."),
    "_letters": ("", "A code or reference has letters, digits, spaces and . _ / : & ( ) + # ' - only."),
    '_plain"': ("", "A text holds a character that cannot be seen, or is not normalised (NFC). Type it again."),
    "savings_distinction_once": ("", "Somebody said something else of these two at the same moment. Look again."),
    "savings_across_once": ("", "Somebody said something else of these two at the same moment. Look again."),
    "no rule takes these claims for one saving": ("", NOT_COMPARED),
    "found distinct by somebody who recorded neither": (
        "",
        "You recorded one of these, so somebody else has to say that they are different savings.",
    ),
    "savings_disputeoutcome_dispute": ("", "That dispute has already ended."),
    "savings_confirmation_request_id": ("", "This has been answered already."),
    "savings_confirmationrevocation_request": ("", "It has been taken back already."),
    "savings_contact_replaces": ("", "That contact has been changed or ended meanwhile."),
    "savings_charge_reverses": ("", "This charge is already reversed."),
    "savings_charge_in_range": ("amount", "An amount cannot be more than £10 billion."),
    "savings_return_sequence": ("", "Somebody took the next step at the same moment. Look at the return again."),
    "only a submitted business case is approved": (
        "",
        "It was returned or withdrawn at the same moment. Look at the business case again.",
    ),
    "a later version is already approved": ("", "A later version was approved at the same moment."),
    "the return states nil": (
        "",
        (
            "The return states that there was nothing, and something is recorded for the quarter. "
            "Reopen the return, then submit it without that statement."
        ),
    ),
    "savings_saving_ended_once": ("reason", "It is already said that this saving has ended."),
    "savings_closing_days_order": ("record_days", "The days go record, submit, sign off, close, from 1 to 30."),
    "savings_entry_reverses": ("", "This entry is already reversed."),
    "savings_reading_once": ("quarter", "That quarter has a reading already. Put that one right instead."),
    "savings_reading_replaces": ("", "Somebody put that reading right meanwhile. Look at it again."),
    "savings_scheme_status_sequence": ("", "Somebody took the next step at the same moment. Look at the scheme again."),
    "savings_schemeversion_once": ("", "Somebody changed the scheme at the same moment. Look at it again."),
    "savings_indicator_once": ("name", "This partnership already has an indicator with that name."),
    "this scheme already has amounts": (
        "month",
        (
            "This scheme already has amounts for that year recorded the other way. "
            "A year is recorded by month or as a whole, never both."
        ),
    ),
    "savings_scheme_reference": ("reference", "This partnership already has a scheme with that reference."),
    "the entry is reversed": ("", "This entry has been reversed meanwhile: there is nothing left to decide."),
    "that council disputes this entry already": ("", "Your council disputes this entry already."),
    "a claim and a reading met in the same moment": ("", QUALITY_MEANWHILE),
    "the quarter it would be posted in is closed": ("", CLOSED_MEANWHILE),
    "an amount for a closed quarter is an adjustment": ("", CLOSED_MEANWHILE),
}


class ledger_words:  # a context manager reads as a phrase: with ledger_words()
    """Turns a refusal by the database into a `Refused` that a person can read; anything else goes on as it was."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if not isinstance(error, IntegrityError):
            return
        said = str(error)
        for part, (field, words) in WORDS.items():
            if part in said:
                raise Refused(words, field=field) from error
        if getattr(error.__cause__, "sqlstate", "") == "23514":
            raise Refused(said.splitlines()[0].capitalize() + ".") from error
