"""The planner knows what lies in a table that has just been written to."""

from ocop_pipeline.sources.district_forms import PRODUCT_VALUES
from ocop_pipeline_tests.files import csv_text, rows_of
from ocop_pipeline_tests.offices import Office

LOOKED_AT = "select reltuples::int from pg_class where oid = 'raw.product_values'::regclass"


def test_a_table_is_looked_at_as_soon_as_files_made_it_grow(office: Office) -> None:
    rows = [{"product_code": f"SP{number}", "revenue_vnd": 1000 * (1 + number)} for number in range(500)]
    office.put("district_submissions/231/product_values_2023-06.csv", csv_text(rows_of(PRODUCT_VALUES, *rows)))
    office.take_in()
    (found,) = office.select(LOOKED_AT)
    assert found >= len(rows)
