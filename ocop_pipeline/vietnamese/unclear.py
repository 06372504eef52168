"""What is said when a text cannot be read as one certain thing.

Belongs here: that one error. Stays out: the sentences that a sender reads (`contracts`).
"""


class UnclearError(ValueError):
    """The text says nothing certain.

    `problem` is a word for why ("range", "no_day" ...; "unreadable" where nothing better can be said) and
    `detail` what helps the sender, such as the names that were possible.
    """

    def __init__(self, text: object, problem: str = "unreadable", detail: str = "") -> None:
        """Say it of a cell."""
        super().__init__(f"{text!r} is not clear: {problem}")
        self.problem = problem
        self.detail = detail
