"""Surrey as a plan that anybody may change: real councils and a real vesting day, and everything else a draft.

Two unitary councils are to come on 1 April 2027; how the districts fall and the county is shared are written here as an
example, by the number of people in 2020, and labelled so. Nothing in the story hangs on it.
"""

import datetime

from councils.models import Council
from councils.succession import WHOLE
from savings.actions import reorganisations

VESTING = datetime.date(2027, 4, 1)
COUNTY = "SRY"
EAST = ("ELM", "EPS", "MOL", "REI", "TAN")
WEST = ("GRT", "RUN", "SPE", "SUR", "WAE", "WOI")
LABEL = (
    "A draft for the demonstration, not a decision: names, codes and shares may be changed. The county is shared by "
    "the number of people of its districts in 2020."
)


def draft_surrey(by, at):
    """The plan, in `by`'s scope; nothing where the register lacks Surrey (a part was loaded) or it has passed."""
    councils = {each.code: each for each in Council.objects.in_being(at.date()).filter(code__in=(COUNTY, *EAST, *WEST))}
    if len(councils) < 1 + len(EAST) + len(WEST):
        return None
    people = {code: councils[code].population_2020 or 0 for code in (*EAST, *WEST)}
    east = round(WHOLE * sum(people[code] for code in EAST) / sum(people.values()))
    new = [
        {"code": code, "name": f"{name} Council", "short_name": name, "kind": Council.Kind.UNITARY,
         "nation": "England", "region": "South East"}
        for code, name in (("ESURREY", "East Surrey"), ("WSURREY", "West Surrey"))
    ]  # fmt: skip
    whole = [(code, "ESURREY") for code in EAST] + [(code, "WSURREY") for code in WEST]
    passings = [(code, to, WHOLE, "all of it") for code, to in whole]
    passings += [(COUNTY, to, share, "population 2020") for to, share in (("ESURREY", east), ("WSURREY", WHOLE - east))]
    return reorganisations.draft(
        by=by, at=at, name="Surrey (draft)", vesting_on=VESTING, explanation=LABEL, councils=new,
        passings=[
            {"predecessor": councils[code], "to": to, "share_bps": share, "share_basis": basis}
            for code, to, share, basis in passings
        ],
    )  # fmt: skip
