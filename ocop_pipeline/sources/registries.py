"""The office's registries: which of our own keys a written code or name stands for, and when.

Belongs here: the three registries, and how the office's workbook is taken apart. Stays out: what is resolved by them
(dbt, macro `registered_key`), suggestions (`reports.registry`).
"""

from datetime import date

from ocop_pipeline.contracts import Archive, Column, ColumnType, Form, FormKind, Rule, Source, When
from ocop_pipeline.sources.csv_files import read_csv
from ocop_pipeline.sources.document import Arrival, Document, FileRejectedError, Part
from ocop_pipeline.sources.layout import lay_out
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.sources.tables import Table, form_repairs, form_rows
from ocop_pipeline.sources.workbooks import read_workbook
from ocop_pipeline.vietnamese.periods import Period
from ocop_pipeline.vietnamese.text import heading_key

ALIAS_KINDS = {"mã": "code", "tên": "name", "mã số thuế": "tax_code"}
"""How a thing was named. A tax code is a code: only entities have one, and only of a firm is it shown."""


def _registry(thing: str, sheet: str, kinds: tuple[str, ...]) -> Form:
    """A registry of entities, products or sales points: all have the same columns but for the key's name."""
    words = thing.replace("_", " ")
    valid_from = Column("valid_from_date", "Từ ngày", "First day it was written so; empty = always", ColumnType.DATE)
    valid_to = Column("valid_to_date", "Đến ngày", "First day it no longer was; empty = open", ColumnType.DATE)
    # An official product code looks like a citizen id with something behind it.
    may_be_tax_code = "tax_code" in kinds
    return Form(
        f"{thing}_aliases",
        sheet,
        f"a code or name that stands for one of our own keys of a {words} over a time",
        FormKind.REGISTER,
        (
            Column(
                f"{thing}_key",
                "Mã của sở",
                f"Our own key of the {words}",
                required=True,
                may_hold_citizen_id=may_be_tax_code,
            ),
            Column(
                "alias_kind",
                "Loại",
                "What is written: a code, a name, a tax code",
                required=True,
                choices={word: kind for word, kind in ALIAS_KINDS.items() if kind in kinds},
            ),
            Column(
                "alias",
                "Cách ghi",
                "The code or name as written",
                required=True,
                may_hold_citizen_id=may_be_tax_code,
            ),
            Column("unit_code", "Đơn vị", "Where it is written so; empty = everywhere", ColumnType.UNIT),
            valid_from,
            valid_to,
            Column("reason", "Lý do", "Why it stands for that key", required=True),
        ),
        key=("alias_kind", "alias", "unit_code", "valid_from_date"),
        own_rules=(
            Rule(
                "name_without_unit",
                "ExpectColumnValuesToNotBeNull",
                {"column": "unit_code"},
                ("unit_code",),
                "Tên chỉ có nghĩa trong một đơn vị: ghi huyện, hoặc tỉnh nếu dùng cho mọi nơi.",
                "A name means something inside a unit only: state the district, or the province for every place.",
                (When("alias_kind", ("name",)),),
            ),
            Rule(
                "valid_to_before_valid_from",
                "ExpectColumnPairValuesAToBeGreaterThanB",
                {
                    "column_A": "valid_to_date",
                    "column_B": "valid_from_date",
                    "or_equal": False,
                    "ignore_row_if": "either_value_is_missing",
                },
                ("valid_to_date",),
                "“Đến ngày” ({value}) không sau “Từ ngày”.",
                "“Đến ngày” ({value}) does not lie after “Từ ngày”.",
            ),
        ),
    )


ENTITY_ALIASES = _registry("entity", "Bí danh chủ thể", ("code", "name", "tax_code"))
PRODUCT_ALIASES = _registry("product", "Bí danh sản phẩm", ("code", "name"))
SALES_POINT_ALIASES = _registry("sales_point", "Bí danh điểm bán", ("code", "name"))
FORMS = (ENTITY_ALIASES, PRODUCT_ALIASES, SALES_POINT_ALIASES)

ALWAYS = Period(date(2000, 1, 1), date(2100, 1, 1))
"""A registry states its own dates row by row; a new version replaces the whole of it."""
_OWNER = "registry"


def read(arrival: Arrival, _reference: Reference) -> Document:
    """A workbook with a sheet per registry, or one registry as CSV; a registry that is not there stays as it was.

    FileRejectedError when none is there.
    """
    if arrival.path.suffix.lower() == ".csv":
        only = read_csv(arrival.path)
        tables = [(form, only) for form in FORMS if arrival.path.name.startswith(form.name)]
    else:
        grids = {heading_key(grid.name): grid for grid in read_workbook(arrival.path)}
        sheets = [(form, grids.get(heading_key(form.sheet))) for form in FORMS]
        tables = [(form, lay_out(grid, form)) for form, grid in sheets if grid is not None]
    parts = tuple(_part(form, table) for form, table in tables if table.headings)
    if not parts:
        titles, names = (", ".join(words) for words in ([f.sheet for f in FORMS], [f"{f.name}.csv" for f in FORMS]))
        raise FileRejectedError(
            arrival.path.name,
            "registry_missing",
            f"Không có sổ nào: cần trang {titles}, hoặc tệp {names}.",
            f"There is no registry in it: a sheet {titles}, or a file {names}, is needed.",
        )
    return Document(_OWNER, ALWAYS, parts)


def _part(form: Form, table: Table) -> Part:
    rows, repairs = form_rows(table, form), form_repairs(table, form)
    return Part(form.name, _OWNER, ALWAYS, table.sheet, rows, repairs=repairs)


SOURCE = Source(
    "registries",
    "Sổ mã của sở",
    "Which of our own keys a written code or name stands for: entities, products, sales points",
    FORMS,
    Archive.REDACTED,
    (".xlsx", ".csv"),
    read,
)
