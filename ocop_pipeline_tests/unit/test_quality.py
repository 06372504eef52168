"""Great Expectations judges: which rule is broken by which rows, and a rule that cannot be judged is an error."""

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from ocop_pipeline.contracts import Column, ColumnType, Form, FormKind, Rule, When
from ocop_pipeline.quality import JudgementError, judge
from ocop_pipeline.settings import Settings
from ocop_pipeline.sources.cells import clean
from ocop_pipeline.sources.document import Part
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.vietnamese.periods import parse_period

SETTINGS = Settings()
REFERENCE = Reference.load(SETTINGS.seeds, SETTINGS.mappings)
FIRST = Column("first_date", "Từ", "First day", ColumnType.DATE)
FORM = Form(
    "toy",
    "Thử",
    "a toy",
    FormKind.REGISTER,
    (
        Column("code", "Mã", "Code", required=True, pattern=r"^SP\d+$"),
        Column("kind", "Loại", "Kind", choices={"mới": "new", "cũ": "old"}),
        Column("workers", "Số", "Workers", ColumnType.INTEGER, required=True, minimum=0, maximum=10),
        FIRST,
        Column("last_date", "Đến", "Last day", ColumnType.DATE),
        Column("is_open", "Mở", "Open", ColumnType.BOOLEAN),
    ),
    key=("code",),
    own_rules=(
        Rule(
            "last_before_first",
            "ExpectColumnPairValuesAToBeGreaterThanB",
            {
                "column_A": "last_date",
                "column_B": "first_date",
                "or_equal": True,
                "ignore_row_if": "either_value_is_missing",
            },
            ("last_date",),
            "a",
            "b",
        ),
        Rule(
            "new_without_first",
            "ExpectColumnValuesToNotBeNull",
            {"column": "first_date"},
            ("first_date",),
            "a",
            "b",
            (When("kind", ("new",)),),
        ),
    ),
)
GOOD = {"code": "SP1", "kind": "cũ", "workers": 5}


def judged(*rows: dict[str, Any], form: Form = FORM, files: int = 1) -> dict[str, tuple[object, ...]]:
    """The broken rules and their rows, the same rows being sent in so many files."""
    cells = [{"source_row": n + 2} | {c.name: row.get(c.name) for c in form.columns} for n, row in enumerate(rows)]
    part = Part(form.name, "231", parse_period("2023-06"), "Thử", pd.DataFrame(cells, dtype="object"))
    typed = clean(form, [part] * files, REFERENCE).rows
    return {breach.rule.code: breach.rows for breach in judge(form, typed.assign(file_number=typed["part_number"]))}


def test_good_rows_break_nothing_and_no_rows_are_good() -> None:
    assert judged(GOOD, GOOD | {"code": "SP2", "kind": None}) == {}
    assert judge(FORM, pd.DataFrame()) == []


def test_every_breach_names_its_rows() -> None:
    assert judged(
        GOOD,
        GOOD | {"code": "SP2", "workers": 11},
        GOOD | {"code": "x", "kind": "lạ"},
        GOOD | {"code": None, "workers": -1},
        GOOD | {"code": "SP5", "is_open": "có lẽ"},
    ) == {
        "code_missing": (3,),
        "code_malformed": (2,),
        "kind_unknown": (2,),
        "workers_out_of_range": (1, 3),
        "is_open_not_yes_or_no": (4,),
    }


def test_a_cell_that_cannot_be_read_is_not_also_missing() -> None:
    assert judged(GOOD | {"workers": "năm"}, GOOD | {"code": "SP2", "workers": None}) == {
        "workers_not_a_whole_number": (0,),
        "workers_missing": (1,),
    }


def test_a_repetition_breaks_one_rule_and_a_contradiction_another() -> None:
    assert judged(GOOD, GOOD, GOOD | {"code": "SP2"}, GOOD | {"code": "SP2", "workers": 6}) == {
        "duplicate_row": (1,),
        "conflicting_rows": (2, 3),
    }


def test_rows_of_two_files_neither_repeat_nor_contradict_each_other() -> None:
    assert judged(GOOD, files=2) == {}


def test_rows_without_a_key_contradict_each_other_too() -> None:
    form = replace(FORM, columns=(replace(FORM.columns[0], required=False, pattern=None), *FORM.columns[1:]))
    assert judged(GOOD | {"code": None}, GOOD | {"code": None, "workers": 6}, form=form) == {"conflicting_rows": (0, 1)}


def test_a_rule_may_hold_for_some_rows_only() -> None:
    assert judged(
        GOOD,
        GOOD | {"code": "SP2", "kind": "mới"},
        GOOD | {"code": "SP3", "kind": "mới", "first_date": date(2023, 6, 9)},
    ) == {"new_without_first": (1,)}


def test_a_pair_is_judged_where_both_are_given() -> None:
    days = {"first_date": "09/06/2023", "last_date": "09/06/2023"}
    assert judged(
        GOOD | days,
        GOOD | days | {"code": "SP2", "last_date": "08/06/2023"},
        GOOD | days | {"code": "SP3", "last_date": None},
    ) == {"last_before_first": (1,)}


def test_the_rows_are_counted_from_0_whatever_their_index() -> None:
    part = Part("toy", "231", parse_period("2023-06"), "Thử", pd.DataFrame([{**GOOD, "source_row": 2}]))
    cells = {c.name: part.rows.get(c.name) for c in FORM.columns}
    typed = clean(FORM, [replace(part, rows=part.rows.assign(**cells))], REFERENCE).rows
    typed = typed.assign(file_number=0, workers=99)
    typed.index = pd.Index(["here"])
    assert [breach.rows for breach in judge(FORM, typed)] == [(0,)]


def test_a_rule_that_cannot_be_judged_is_a_fault_of_the_contract() -> None:
    rule = Rule("impossible", "ExpectColumnValuesToNotBeNull", {"column": "nowhere"}, ("code",), "a", "b")
    with pytest.raises(JudgementError, match="impossible"):
        judged(GOOD, form=replace(FORM, own_rules=(rule,)))
