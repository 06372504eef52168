"""What lies in the inbox on the evening before the nights of these tests: a file of every fate.

Belongs here: the files. Stays out: what becomes of them (`states`).
"""

import os
from datetime import datetime, timedelta
from pathlib import Path

from ocop_pipeline.settings import VIETNAM
from ocop_pipeline.sources.district_forms import ENTITIES, PRODUCT_EVENTS, PRODUCT_VALUES, SALES_POINTS
from ocop_pipeline.sources.labour_statistics import LABOUR_REPORTS
from ocop_pipeline_tests.files import RECOGNISED, SEVEN_STARS, csv_text, header, rows_of, sheet, xlsx

MIDNIGHT = datetime(2023, 7, 11, tzinfo=VIETNAM)
"""The end of the day on which the reports of June 2023 were due; 17:00 the day before in Greenwich."""
ON_TIME = "district_submissions/231/bao-cao-2023-06.xlsx"
LATE = "district_submissions/232/bao-cao-2023-06.xlsx"
DAMAGED = "district_submissions/227/bao-cao-2023-06.xlsx"
OLD = "district_submissions/231/product_values_2023-05.csv"
NEW = "district_submissions/231/product_values_2023-05_sua.csv"
ORDERS = "ecommerce_sales/ocop_dat_to/2023-06.csv"
ORDERS_AGAIN = "ecommerce_sales/ocop_dat_to/2023-06_2.csv"
LABOUR = "labour_statistics/231/2023-Q2.csv"
_ORDER_HEADINGS = ["Mã đơn hàng", "Trạng thái", "Mã SKU", "Tên hàng", "Số lượng", "Đơn giá", "Thời gian đặt"]
_ENTITY = {"entity_code": "2600000001", "entity_name": "HTX Một", "entity_type": "HTX", "commune_code": "Xã Đại Phạm"}


def values(revenue: int, code: str = "A") -> str:
    """A month's sales of a product, as the form of its own."""
    return csv_text(rows_of(PRODUCT_VALUES, {"product_code": code, "revenue_vnd": revenue}))


def orders(*lines: tuple[str, str, int]) -> str:
    """An export of orders of one SKU: number, status, quantity."""
    rows = [[number, status, "CHE", "Chè", count, "90.000", "2023-06-09 10:00"] for number, status, count in lines]
    return csv_text([_ORDER_HEADINGS, *rows])


def evening() -> dict[str, bytes | str]:
    """The files by their place in the inbox, in the order in which they came, from half a minute before midnight."""
    recognised = RECOGNISED | {"entity_code": _ENTITY["entity_code"]}
    labour: dict[str, object] = {"report_period": "2023-Q2", "entity_code": _ENTITY["entity_code"]}
    labour |= {"entity_name": "HTX Một", "total_workers": 12, "regular_workers": 10, "seasonal_workers": 2}
    point = {"sales_point_code": "D1", "sales_point_name": "Điểm 1", "opened_date": "01/06/2023"}
    june = {"product_code": "A", "revenue_vnd": 5_000_000}
    return {
        ON_TIME: xlsx(
            header()
            | sheet(ENTITIES, _ENTITY)
            | sheet(PRODUCT_EVENTS, recognised, SEVEN_STARS)
            | sheet(PRODUCT_VALUES, june)
        ),
        LATE: xlsx(
            header(unit="232") | sheet(SALES_POINTS, point) | sheet(PRODUCT_VALUES, june | {"product_code": "B"})
        ),
        DAMAGED: b"PK\x03\x04 cut off here",
        OLD: values(4_000_000),
        NEW: values(4_500_000),
        ORDERS: orders(("D1", "Đang giao", 1), ("D2", "Hoàn thành", 2), ("D3", "Đang lạc", 1)),
        ORDERS_AGAIN: orders(("D1", "Hoàn thành", 1), ("D2", "Đã hủy", 2)),
        LABOUR: csv_text(rows_of(LABOUR_REPORTS, labour)),
    }


def put(inbox: Path, place: str, content: bytes | str, arrived: datetime = MIDNIGHT) -> Path:
    """Lay a file into the inbox, with the time at which its sender saved it there."""
    target = inbox / place
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content.encode() if isinstance(content, str) else content)
    os.utime(target, (arrived.timestamp(),) * 2)
    return target


def put_evening(inbox: Path) -> None:
    """Lay all of them into the inbox."""
    for minute, (place, content) in enumerate(evening().items()):
        put(inbox, place, content, saved_at(minute))


def saved_at(number: int) -> datetime:
    """When the file of that number, counted from 0, was saved."""
    return MIDNIGHT + timedelta(minutes=number, seconds=-30)
