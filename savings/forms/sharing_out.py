"""A line for all members together, shared out by what they agreed: savings by gain share, costs by cost share."""

from django.core.exceptions import ValidationError

from councils.money import split
from savings.models.typed import Kind

ALL = "all members"
GAIN, COST = "gain", "cost"


def shared_out(rows, members, shares):
    """`rows` with each line for `ALL` replaced by one for each member that has a share; no penny is lost.

    `shares` holds basis points, or None, by (council id, `GAIN` or `COST`) for those who share now. Raises
    `ValidationError` where a share is not agreed.
    """
    found = []
    for row in rows:
        if row["member"] != ALL:
            found.append(row)
            continue
        what = GAIN if row["kind"] in (Kind.SAVING, Kind.INCOME) else COST
        taking = [(council, shares[council.pk, what]) for council in members if (council.pk, what) in shares]
        if missing := [council.short_name for council, share in taking if share is None]:
            raise ValidationError(
                f"No {what} share is agreed for {' and '.join(missing)}. Write a line for each member instead."
            )
        if sum(share for _, share in taking) != 10_000:
            raise ValidationError(f"The {what} shares do not come to 100%. Write a line for each member instead.")
        amounts = split(row["amount"], [share for _, share in taking])
        found += [
            row | {"member": council, "amount": pence}
            for (council, _), pence in zip(taking, amounts, strict=True)
            if pence
        ]
    return found
