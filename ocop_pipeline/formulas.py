"""Texts of strangers in files that people open in a spreadsheet.

Belongs here: which text a spreadsheet would run, and how a CSV file says that it is text. Stays out: workbooks, whose
cells have a type.
"""

import re

_FORMULA = re.compile(r"[\s'\"]*[=+\-@＝＋－＠]")
_NUMBER = re.compile(r"\s*[+-]?[0-9][0-9.,\s]*%?\s*|\s*-*\s*")


def disarmed(text: str) -> str:
    """The text as it may stand in a CSV cell: what a spreadsheet would take for a formula begins with an apostrophe.

    That is OWASP's advice on CSV injection. A number with its sign stays a number; so does a line of dashes.
    """
    return "'" + text if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
