"""The picture of online sales: repeatable, a colour per marketplace, what is unmapped pale."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

from PIL import Image

from ocop_pipeline.reports.sales_plot import sales_plot

BLUE, PALE_BLUE, ORANGE = (23, 105, 170), (162, 195, 221), (199, 119, 0)


def month(number: int, name: str, mapped: int | None, unmapped: int | None = None) -> dict[str, Any]:
    vnd = [None if value is None else Decimal(value * 10**6) for value in (mapped, unmapped)]
    return {
        "month_date": date(2023, number, 1),
        "marketplace_name": name,
        "mapped_vnd": vnd[0],
        "unmapped_vnd": vnd[1],
    }


def pixels(rows: list[dict[str, Any]], colour: tuple[int, int, int]) -> int:
    """How many pixels are of that colour, or next to it: the palette is made for the picture."""
    picture = Image.open(io.BytesIO(sales_plot(rows))).convert("RGB")
    counts = picture.getcolors(picture.width * picture.height) or []
    return sum(count for count, found in counts if isinstance(found, tuple) and is_near(found, colour))


def is_near(found: tuple[int, ...], colour: tuple[int, int, int]) -> bool:
    return all(abs(one - other) < 8 for one, other in zip(found, colour, strict=True))


def test_the_same_sales_give_the_same_picture() -> None:
    rows = [month(5, "Shopee", 3), month(6, "Shopee", 2, 1), month(6, "Lazada", -1)]
    assert sales_plot(rows) == sales_plot(rows)


def test_a_marketplace_has_its_colour_and_unmapped_sales_are_pale() -> None:
    mapped = [month(6, "Shopee", 3), month(6, "Lazada", 1)]
    assert pixels(mapped, BLUE) > 2 * pixels(mapped, ORANGE) > 100
    half = [month(6, "Shopee", 1, 2), month(6, "Lazada", 1)]
    assert pixels(half, PALE_BLUE) > pixels(half, BLUE) > pixels(mapped, PALE_BLUE)


def test_a_month_without_sales_stays_empty() -> None:
    whole = [month(number, "Shopee", 1) for number in (1, 2, 3)]
    assert pixels(whole[::2], BLUE) < pixels(whole, BLUE)
