"""Days are read day first or as ISO, and only days that a report can mean."""

from datetime import date

import pytest

from ocop_pipeline.vietnamese.dates import parse_date


@pytest.mark.parametrize("text", ["24/11/2023", "24-11-2023", "24.11.2023", "2023-11-24", " 24/11/2023 "])
def test_a_day_is_read(text: str) -> None:
    assert parse_date(text) == date(2023, 11, 24)


def test_the_day_comes_first() -> None:
    assert parse_date("3/4/2023") == date(2023, 4, 3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hôm qua",
        "31/02/2023",
        "11/24/2023",
        "24/11/23",
        "24/11/0023",
        "24/11/1823",
        "24/11/2199",
        "20231124",
        "2023-11-24T00:00",
        "24/11/2023 10:00",
        "45254",
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|day|month|year"):
        parse_date(text)
