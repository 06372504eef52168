"""What people get to read: the scorecard, what became of the files. Belongs here: choosing and laying out.

Stays out: computing any figure; that is dbt's.
"""
