"""docs/questions.md: each statement is run as a BI tool would, on the simulated province, against its answer key."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from ocop_pipeline.demo import DEFAULT_SEED
from ocop_pipeline.settings import PROJECT_ROOT
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.server import Warehouse
from ocop_pipeline_tests.integration.conftest import Demo

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Question:
    """One section of the page: its number, both wordings, its statement and the columns it names."""

    number: int
    english: str
    vietnamese: str
    sql: str
    columns: tuple[str, ...]


def questions() -> list[Question]:
    page = (PROJECT_ROOT / "docs" / "questions.md").read_text(encoding="utf-8")
    return [question(section) for section in page.split("\n## ")[1:]]


def question(section: str) -> Question:
    found = re.search(
        r"\A(\d+)\. (.+\?)\n\n\*(.+\?)\*\n.*```sql\n(.+?)```\n\nColumns: (.+?)\.\n", section + "\n", flags=re.DOTALL
    )
    assert found, section.partition("\n")[0]
    number, english, vietnamese, sql, columns = found.groups()
    return Question(int(number), english, vietnamese, sql, tuple(re.findall(r"`(\w+)`", columns)))


@dataclass(frozen=True)
class Province:
    """The simulated province: its warehouse and what its generator says it holds."""

    warehouse: Warehouse
    figures: list[dict[str, Any]]

    def answer(self, number: int) -> list[dict[str, Any]]:
        asked = next(question for question in questions() if question.number == number)
        found = fetch(self.warehouse, asked.sql)
        return [dict(zip(found.columns, row, strict=True)) for row in found.rows]

    def key(self, kpi: str, as_of: str, name: str = "value") -> float:
        """The province's figure."""
        wanted = {"kpi": kpi, "as_of": as_of, "unit_code": "25", "variant": "", "breakdown": ""}
        (figure,) = [figure for figure in self.figures if wanted.items() <= figure.items()]
        return float(figure[name])


@pytest.fixture(scope="module")
def province(demo_of: Callable[[int], Demo]) -> Province:
    demo = demo_of(DEFAULT_SEED)
    return Province(demo.warehouse, demo.key["figures"])


def test_the_page_asks_at_least_ten_questions_in_both_languages_and_numbers_them() -> None:
    asked = questions()
    assert len(asked) >= 10
    assert [question.number for question in asked] == list(range(1, len(asked) + 1))
    assert all(question.english.isascii() and not question.vietnamese.isascii() for question in asked)


@pytest.mark.parametrize("asked", questions(), ids=lambda asked: f"question-{asked.number}")
def test_a_question_has_an_answer_under_the_columns_it_names(province: Province, asked: Question) -> None:
    answer = fetch(province.warehouse, asked.sql)
    assert answer.columns == asked.columns
    assert answer.rows


def test_the_province_stands_where_the_answer_key_says(province: Province) -> None:
    rows = {row["kpi_code"]: row for row in province.answer(1)}
    assert len(rows) == 12
    assert rows["certified_products"]["value"] == province.key("certified_products", "2023-11-24") == 194
    assert rows["certified_products"]["gap"] == 228 - 194


def test_the_revenue_of_the_groups_adds_up_to_the_product_value(province: Province) -> None:
    total = sum(row["revenue_vnd"] for row in province.answer(4))
    assert total == province.key("product_value", "2023-12-31")


def test_the_sales_of_the_marketplaces_add_up_to_the_online_sales(province: Province) -> None:
    total = sum(row["online_sales_vnd"] for row in province.answer(5))
    assert total == province.key("online_sales", "2023-12-31")


def test_the_communes_without_a_product_are_those_that_the_share_lacks(province: Province) -> None:
    communes = province.key("participating_communes_share", "2023-12-31", "denominator")
    taking_part = province.key("participating_communes_share", "2023-12-31", "numerator")
    assert len(province.answer(6)) == communes - taking_part


def test_the_months_end_where_the_answer_key_says(province: Province) -> None:
    months = province.answer(9)
    assert len(months) == 13
    assert months[-1]["value"] == province.key("certified_products", "2023-12-31")
    assert sum(month["change"] for month in months[1:]) == months[-1]["value"] - months[0]["value"]


def test_the_files_of_a_figure_bring_all_of_it(province: Province) -> None:
    total = sum(row["numerator"] for row in province.answer(10))
    assert total == province.key("certified_products", "2023-11-24")
