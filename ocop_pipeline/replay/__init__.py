"""Kept files read again by today's rules: after an alias, a rule or a correction was added.

Belongs here: `reading` (choosing, reading, comparing, writing) and `wording` (what people see of it). Stays out: how
a file is read and judged, which is the same as for a file that arrives.
"""
