from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from ocop_pipeline.reports.wording import Language, percent, worded, worded_difference, worded_target

COUNT: Mapping[str, Any] = {"measure_unit": "product", "target_upper_value": None}


@pytest.mark.parametrize(
    ("amount", "english", "vietnamese"),
    [
        (999_999, "999,999 đ", "999.999 đ"),
        (1_000_000, "1.0 m đ", "1,0 triệu"),
        (17_580_264, "17.6 m đ", "17,6 triệu"),
        (Decimal(999_940_000), "999.9 m đ", "999,9 triệu"),
        (Decimal(999_960_000), "1.0 bn đ", "1,0 tỷ"),
        (-361_249_999_999, "-361.2 bn đ", "-361,2 tỷ"),
        (1_065_800_000_000, "1,066 bn đ", "1.066 tỷ"),
    ],
)
def test_an_amount_is_worded_in_the_unit_that_fits_it(amount: Decimal, english: str, vietnamese: str) -> None:
    assert worded(amount, "vnd", Language.EN) == english
    assert worded(amount, "vnd", Language.VI) == vietnamese


@pytest.mark.parametrize(
    ("row", "english", "vietnamese"),
    [
        ({"comparison": "at_least", "target_value": Decimal(1), "measure_unit": "share"}, "≥ 100 %", "≥ 100 %"),
        ({"comparison": "strictly_more", "target_value": Decimal(6000)}, "> 6,000", "> 6.000"),
        ({"comparison": "every_unit", "target_value": Decimal(13)}, "all 13", "đủ 13"),
        (
            {
                "comparison": "band",
                "target_value": Decimal(5000000),
                "target_upper_value": Decimal(7500000),
                "measure_unit": "vnd_per_month",
            },
            "5–7.50 m đ",
            "5–7,50 triệu",
        ),
        ({"target_value": None}, None, None),
    ],
)
def test_a_target_is_worded_with_its_comparison(row: Mapping[str, Any], english: str, vietnamese: str) -> None:
    assert worded_target({**COUNT, **row}, Language.EN) == english
    assert worded_target({**COUNT, **row}, Language.VI) == vietnamese


def test_differences_of_shares_are_percentage_points() -> None:
    assert worded_difference(Decimal("0.0849"), "share", Language.EN) == "8.5 pp"
    assert worded(Decimal("0.0849"), "share", Language.EN) == "8.5 %"


@pytest.mark.parametrize(("share", "text"), [("0.999", "99 %"), ("1", "100 %"), ("1.25", "125 %"), ("-0.2", "-20 %")])
def test_nothing_short_of_the_whole_is_shown_as_the_whole(share: str, text: str) -> None:
    assert percent(Decimal(share), Language.EN) == text
