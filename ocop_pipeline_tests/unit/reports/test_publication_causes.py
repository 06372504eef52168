"""Which files stand below a figure that has moved since it was published."""

from ocop_pipeline.reports.publications import _because


def test_a_new_file_that_gives_nothing_itself_is_named_as_the_cause() -> None:
    """A revocation: the figure falls by what an older file gave, and #9 says why."""
    figure = {"is_suppressed": False, "is_about_people": False}
    known = {"file": "a.csv", "received_at": None, "sent_by": "231", "submission_id": 5, "numerator_now": 1}
    files = [
        {"submission_id": 9, "file": "thu-hoi.csv", "received_at": None, "unit_code": "231"},
        {"submission_id": 10, "file": "khac.csv", "received_at": None, "unit_code": "232"},
    ]
    assert [cause["submission_id"] for cause in _because(figure, [known], files)] == [9, 5]
    assert [cause["submission_id"] for cause in _because(figure, [known | {"submission_id": 9}], files)] == [9]
    assert _because(figure | {"is_suppressed": True}, [known], files) == []
