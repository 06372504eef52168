"""The handful of rows that are wrong on purpose, each in its own way.

Belongs here: which rule each breaks and in which file. They speak of things that exist nowhere else in the
demo (or repeat what is there, or hide one order line), so that no calibrated figure depends on them.
Stays out: the file that is cut off on its way (`district_files`).
"""

from datetime import date

from ocop_pipeline.demo.district_files import SOURCE as DISTRICTS
from ocop_pipeline.demo.inbox_file import Mistake
from ocop_pipeline.demo.labour_files import SOURCE as LABOUR
from ocop_pipeline.demo.records import World
from ocop_pipeline.demo.shop_files import SOURCE as SHOPS
from ocop_pipeline.demo.workbook import Row

_ENTITY: Row = {
    "entity_code": "2699999991",
    "entity_name": "HTX Ví dụ sai sót",
    "entity_type": "Hợp tác xã",
    "is_woman_led": "không",
}
_EVENT: Row = {
    "product_code": "25-000-00000-01-2023",
    "product_name": "Sản phẩm ví dụ thiếu quyết định",
    "product_group": "I",
    "event_kind": "mới",
    "stars": "3",
    "score": 62,
    "decision_date": date(2023, 3, 15),
}
_LABOUR: Row = {
    "report_period": "2023-Q2",
    "entity_code": "2699999992",
    "entity_name": "HTX Ví dụ sai đơn vị tính",
    "entity_type": "Hợp tác xã",
    "total_workers": 12,
    "regular_workers": 10,
    "seasonal_workers": 2,
    "mean_income_vnd": 6_200_000,
}
_MISTAKEN_ORDERS = "ocop_dat_to", "Order.all.20230624_20230731"
"""Shop and export whose last line has a status that nobody knows; the next export tells its order again."""


def mistakes_in(world: World) -> list[Mistake]:
    """Seven rows in seven files, in districts that lie apart."""
    place = [f"{DISTRICTS}/{district}" for district in world.districts]
    labour = next(r for r in world.labour if r.label == _LABOUR["report_period"]).entity.commune.district
    shop, export = _MISTAKEN_ORDERS
    return [
        Mistake(
            "commune_code_not_a_commune",
            place[0],
            "bao-cao-2023-02",
            "entities",
            {**_ENTITY, "commune_code": "Xã Không Có Trong Danh Mục"},
        ),
        Mistake(
            "entity_type_unknown",
            place[2],
            "bao-cao-2023-04",
            "entities",
            {**_ENTITY, "entity_type": "Tập đoàn đa ngành"},
        ),
        Mistake("stars_without_decision", place[4], "bao-cao-2023-03", "product_events", _EVENT),
        Mistake(
            "revenue_vnd_not_a_number",
            place[6],
            "bao-cao-2023-09",
            "product_values",
            {"product_code": _EVENT["product_code"], "revenue_vnd": "chưa tổng hợp"},
        ),
        Mistake("duplicate_row", place[7], "bao-cao-2023-10", "entities"),
        Mistake("mean_income_vnd_out_of_range", f"{LABOUR}/{labour}", "lao-dong-2023-Q2", "labour_reports", _LABOUR),
        Mistake("status_unknown", f"{SHOPS}/{shop}", export, "order_lines"),
    ]
