"""What every failure that a person can act on has in common.

Belongs here: the one class. Stays out: the failures themselves; each lives with what can fail.
"""


class OcopError(Exception):
    """One line for the person who ran the command: what is wrong, where, and what to do."""
