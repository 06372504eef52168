"""The contract judged by Great Expectations: a form's rules become a suite, its results a verdict.

Belongs here: the translation in both directions, and the only import of great_expectations (inside the
function: it takes four seconds). Stays out: what the rules are (`contracts`), what becomes of bad rows.
"""

import logging
import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pandas as pd

from ocop_pipeline.contracts import Form, Rule

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.core.batch_definition import BatchDefinition

ROW = "row_number"


class JudgementError(RuntimeError):
    """A rule could not be evaluated at all: a fault of the contract, never of the data."""


@dataclass(frozen=True)
class Breach:
    """A rule and the rows that break it, counted from 0."""

    rule: Rule
    rows: tuple[int, ...]


def judge(form: Form, rows: pd.DataFrame) -> list[Breach]:
    """The rules that some rows break, with those rows.

    `rows` holds the form's columns typed, their `__problem` columns, `file_number` and, with a key, `repeat_number`.
    Personal columns never come this far. Validating costs 65 ms whether it is 10 rows or 50,000: call it
    once for all files of a form. Raises JudgementError when a rule cannot be evaluated.
    """
    if rows.empty:
        return []
    gx = _great_expectations()
    rules = [rule for rule in form.rules() if not _holds_anyway(rule, rows)]
    arguments = [_arguments(rule, rows) for rule in rules]
    suite = gx.ExpectationSuite(
        name=form.name,
        expectations=[
            getattr(gx.expectations, rule.expectation)(**arguments[position], meta={"rule": position})
            for position, rule in enumerate(rules)
        ],
    )
    batch = _new_files().get_batch({"dataframe": _looked_at(rules, rows)})
    outcome = batch.validate(suite, result_format={"result_format": "COMPLETE", "unexpected_index_column_names": [ROW]})
    breaches = [_breach(result, rules) for result in outcome.results if not result.success]
    return sorted(breaches, key=lambda breach: rules.index(breach.rule))


def _arguments(rule: Rule, rows: pd.DataFrame) -> dict[str, Any]:
    from great_expectations.expectations.row_conditions import Column

    if any(when.one_of is None and rows[when.column].isna().all() for when in rule.when):
        return dict(rule.arguments)  # Every row meets it; looking for those that do would copy them all.
    conditions = [
        Column(when.column).is_null() if when.one_of is None else Column(when.column).is_in(list(when.one_of))
        for when in rule.when
    ]
    return {**rule.arguments, **({"row_condition": reduce(or_, conditions)} if conditions else {})}


def _looked_at(rules: list[Rule], rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the columns that rules look at, and their numbers: GX hashes and copies what it is given."""
    names = {name for rule in rules for name in _columns_of(rule)}
    return rows[[name for name in rows.columns if name in names]].assign(**{ROW: range(len(rows))})


def _columns_of(rule: Rule) -> Iterator[str]:
    for name, value in rule.arguments.items():
        if name == "column_list":
            yield from value
        elif name in {"column", "column_A", "column_B"}:
            yield value
    yield from (when.column for when in rule.when)


def _holds_anyway(rule: Rule, rows: pd.DataFrame) -> bool:
    """A rule against problems that no cell of the column has, as most have none: asking it would cost its time."""
    return rule.expectation == "ExpectColumnValuesToBeNull" and rows[rule.arguments["column"]].isna().all()


def _breach(result: "ExpectationValidationResult", rules: list[Rule]) -> Breach:
    config = result.expectation_config
    if config is None:
        message = f"a result that names no rule: {result.exception_info}"
        raise JudgementError(message)
    rule = rules[config.meta["rule"]]
    positions = result.result.get("unexpected_index_list")
    if positions is None:
        message = f"rule {rule.code} could not be evaluated: {result.exception_info}"
        raise JudgementError(message)
    return Breach(rule, tuple(int(position[ROW]) for position in positions))


@cache
def _new_files() -> "BatchDefinition[Any]":
    """Where Great Expectations takes rows from; made once, because of a large file it judges many pieces."""
    context = _great_expectations().get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    rows = context.data_sources.add_pandas("inbox").add_dataframe_asset("rows")
    new_files: BatchDefinition[Any] = rows.add_batch_definition_whole_dataframe("new files")
    return new_files


def _great_expectations() -> ModuleType:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    with warnings.catch_warnings():
        # pyparsing's use of sre_constants, deep inside GX
        warnings.simplefilter("ignore", DeprecationWarning)
        import great_expectations as gx
        import great_expectations.expectations
    return gx
