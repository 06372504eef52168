"""Rules that follow from columns, and sentences that can be filled in."""

import pickle
import warnings
from importlib import import_module
from types import ModuleType

import pytest

from ocop_pipeline.contracts import Column, ColumnType, Form, FormKind, Rule, Source
from ocop_pipeline.sources import ALL_SOURCES

FORMS = [form for source in ALL_SOURCES for form in source.forms]
RULES = [pytest.param(form, rule, id=f"{form.name}-{rule.code}") for form in FORMS for rule in form.rules()]


@pytest.fixture(scope="module")
def expectations() -> ModuleType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return import_module("great_expectations.expectations")


def codes(column: Column) -> list[str]:
    return [rule.code for rule in column.rules()]


def test_a_text_may_be_anything_but_a_formula_without_a_result() -> None:
    assert codes(Column("note", "Ghi chú", "A note")) == ["note_not_computed"]


@pytest.mark.parametrize(
    ("type_", "code"),
    [
        (ColumnType.INTEGER, "a_not_a_whole_number"),
        (ColumnType.NUMBER, "a_not_a_number"),
        (ColumnType.DATE, "a_not_a_date"),
        (ColumnType.TIMESTAMP, "a_not_a_time"),
        (ColumnType.BOOLEAN, "a_not_yes_or_no"),
        (ColumnType.COMMUNE, "a_not_a_commune"),
    ],
)
def test_a_typed_column_must_be_readable(type_: ColumnType, code: str) -> None:
    assert codes(Column("a", "A", "a", type_)) == [code]


def test_a_required_choice_in_a_range_and_of_a_form_has_each_rule() -> None:
    column = Column("a", "A", "a", required=True, choices={"có": "yes"}, minimum=0, pattern="^y")
    assert codes(column) == ["a_missing", "a_not_computed", "a_unknown", "a_out_of_range", "a_malformed"]


def test_bounds_are_stated_in_the_sender_s_unit_and_judged_in_the_stored_one() -> None:
    column = Column("a", "A", "a", ColumnType.NUMBER, minimum=500, maximum=100_000, scale=1000, stated_in="nghìn đồng")
    rule = column.rules()[-1]
    assert (rule.arguments["min_value"], rule.arguments["max_value"]) == (500_000, 100_000_000)
    assert column.allowed() == "500 – 100.000 nghìn đồng"
    assert Column("a", "A", "a", ColumnType.NUMBER, minimum=0, maximum=1e11).allowed() == "0 – 100.000.000.000"


def test_what_is_allowed_names_each_choice_once() -> None:
    assert Column("a", "A", "a", choices={"hợp tác xã": "c", "htx": "c", "làng nghề": "v"}).allowed() == (
        "hợp tác xã, làng nghề"
    )


def test_a_form_without_a_key_lets_rows_repeat() -> None:
    columns = (Column("a", "A", "a"),)
    assert Form("f", "F", "a", FormKind.FLOW, columns).rules() == columns[0].rules()
    assert [rule.code for rule in Form("f", "F", "a", FormKind.FLOW, columns, key=("a",)).rules()] == [
        "a_not_computed",
        "duplicate_row",
        "conflicting_rows",
    ]


def test_an_unknown_column_or_form_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        FORMS[0].column("nothing")
    with pytest.raises(KeyError):
        ALL_SOURCES[0].form("nothing")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_a_form_s_names_are_unique(form: Form) -> None:
    names = [column.name for column in form.columns]
    rules = [rule.code for rule in form.rules()]
    assert len(set(names)) == len(names)
    assert len(set(rules)) == len(rules)


@pytest.mark.parametrize(("form", "rule"), RULES)
def test_a_rule_names_an_expectation_and_columns_that_exist_and_fills_in_its_reasons(
    expectations: ModuleType, form: Form, rule: Rule
) -> None:
    assert hasattr(expectations, rule.expectation)
    column = form.column(rule.columns[0])
    words = {"heading": column.heading, "value": "{x}", "allowed": column.allowed(), "meant_vi": "", "meant_en": ""}
    reasons = rule.reason_vi.format(**words), rule.reason_en.format(**words)
    assert all(reason.endswith(".") and "{heading}" not in reason for reason in reasons)
    assert reasons[0] != reasons[1]


@pytest.mark.parametrize("source", ALL_SOURCES, ids=lambda source: source.name)
def test_a_source_can_be_sent_to_the_process_that_opens_strangers_files(source: Source) -> None:
    assert pickle.loads(pickle.dumps(source)) == source  # noqa: S301 - our own
