import dagster as dg

from ocop_pipeline.defs.dbt_models import MAY_HOLD_CITIZEN_ID, hidden_columns
from ocop_pipeline.defs.tables import FIGURES, HIDDEN, INLINE_LENGTH, PREVIEW, preview_table, relation_metadata
from ocop_pipeline.warehouse.server import Warehouse


def test_a_preview_hides_what_it_would_tell_about_the_people_of_one_entity() -> None:
    shown = preview_table(["entity_code", "regular_workers", "mean_income_vnd"], [["2600000001", 3, 5_500_000]])
    assert shown.value.splitlines()[-1] == f"| 2600000001 | {HIDDEN} | {HIDDEN} |"


def test_a_preview_of_what_lies_before_the_marts_hides_the_figures() -> None:
    columns, row = ["entity_key", "numerator", "value", "left_value"], ["A", 3, 3, 3]
    assert preview_table(columns, [row], FIGURES).value.splitlines()[-1] == f"| A | {HIDDEN} | {HIDDEN} | {HIDDEN} |"
    assert preview_table(columns, [row]).value.splitlines()[-1] == "| A | 3 | 3 | 3 |"


def test_a_preview_hides_the_columns_that_their_model_marks() -> None:
    columns = [dg.TableColumn("code_key", tags={MAY_HOLD_CITIZEN_ID: ""}), dg.TableColumn("entity_key")]
    spec = dg.AssetSpec("keys", metadata={"dagster/column_schema": dg.TableSchema(columns=columns)})
    shown = preview_table(["code_key", "entity_key"], [["8012345678", "231/hộ mai"]], hidden_columns(spec))
    assert shown.value.splitlines()[-1] == f"| {HIDDEN} | 231/hộ mai |"
    assert hidden_columns(dg.AssetSpec("others")) == set()


def test_a_text_cannot_break_out_of_a_preview() -> None:
    shown = preview_table(["product_name"], [["a | b\n| c"]])
    assert shown.value.splitlines()[-1] == r"| a \| b \| c |"


def test_a_preview_is_short_enough_to_be_shown_on_the_page() -> None:
    columns = [f"column_{number}" for number in range(40)]
    shown = preview_table(columns, [["a cell of twenty-odd letters"] * 40] * 5)
    assert len(shown.value.splitlines()) >= 3
    assert len(shown.value) < INLINE_LENGTH


def test_a_view_that_computes_for_long_does_not_slow_the_night(embedded_warehouse: Warehouse) -> None:
    slow = "(select cast(pg_sleep(60) as text)) as slow"
    assert "not shown" in str(relation_metadata(embedded_warehouse, slow, set(), is_view=True)[PREVIEW])
    quick = "(select 1) as quick"
    assert "not shown" not in str(relation_metadata(embedded_warehouse, quick, set(), is_view=True)[PREVIEW])
