"""The demonstration: six invented councils, four partnerships, five years. docs/demo.md says what is in it and why."""


def credentials(data_dir):
    """The sign-ins of this `DATA_DIR`, most useful first: name, email, password, role and councils (codes) of each."""
    from .sign_ins import credentials as found

    return found(data_dir)


def first_steps():
    """Three errands to try, each a sentence that names who to sign in as."""
    from .councils import NORTHFORD
    from .people import CHIEF, LEAD, OFFICER, of

    officer, lead, chief = (of(what, NORTHFORD).email for what in (OFFICER, LEAD, CHIEF))
    return [
        f"Sign in as {officer} and record a saving of Five Rivers Revenues and Benefits, with a PDF as its evidence.",
        f"Sign in as {lead}, open the sign-off queue and sign it off: nobody signs off what they recorded themselves.",
        f"Sign in as {chief}, see Northford's page change, and ask for the evidence report of a partnership.",
    ]
