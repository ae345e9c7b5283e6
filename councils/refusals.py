"""Why something was not done, in words that can be shown to the person as they stand."""


class Refused(Exception):
    """Nothing was written. `field` names the form field or file column at fault; empty when it is no single one."""

    def __init__(self, message, *, field=""):
        super().__init__(message)
        self.field = field
