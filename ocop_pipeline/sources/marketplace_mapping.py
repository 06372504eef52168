"""Mapping files: how a marketplace's export becomes canonical order lines.

Belongs here: reading a mapping file and applying its words and formats. Stays out: any particular
marketplace; those are the `.toml` files in `mappings/`, or the office's own.
"""

import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ocop_pipeline.sources.document import FileRejectedError
from ocop_pipeline.sources.tables import Table, heading_positions
from ocop_pipeline.vietnamese.numbers import NotANumberError, NumberStyle, parse_number
from ocop_pipeline.vietnamese.text import heading_key

_SHIPPED = Path(__file__).parent / "mappings"
_REQUIRED = ("order_id", "status", "quantity", "list_price_vnd", "ordered_at")


class Mapping(BaseModel):
    """What a mapping file says.

    `columns` maps canonical column to heading; `status_words` and `status_prefixes` map the marketplace's
    words to canonical statuses, `status_default` stands for every other word (leave it out, and an unknown
    word is quarantined); `time` is a strptime format, GMT+7; `vnd_per_unit` the fixed rate of the currency.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    delimiter: str = ","
    encoding: str = "utf-8-sig"
    numbers: NumberStyle = "vi"
    time: str
    vnd_per_unit: float = 1.0
    columns: dict[str, str]
    status_words: dict[str, str] = Field(default_factory=dict)
    status_prefixes: dict[str, str] = Field(default_factory=dict)
    status_default: str | None = None

    def columns_of(self, table: Table) -> dict[str, "pd.Series[Any]"]:
        """The table's cells by canonical column; FileRejectedError when a needed column is missing."""
        return {name: table.rows[position] for name, position in self.positions_of(table).items()}

    def positions_of(self, table: Table) -> dict[str, int]:
        """Where the table has each canonical column; FileRejectedError when a needed one is missing."""
        positions = heading_positions(table, wanted=frozenset(map(heading_key, self.columns.values())))
        found = {
            name: positions[heading_key(heading)]
            for name, heading in self.columns.items()
            if heading_key(heading) in positions
        }
        for name in _REQUIRED:
            if name not in found:
                heading = self.columns.get(name, name)
                raise FileRejectedError(
                    table.sheet,
                    "column_missing",
                    f"Thiếu cột bắt buộc “{heading}” (mẫu “{self.title}”).",
                    f"The required column “{heading}” is missing (mapping “{self.title}”).",
                )
        return found

    def statuses(self, words: "pd.Series[Any]") -> "pd.Series[Any]":
        """Canonical statuses; an unknown word stays as it is, so that it is never taken for a sale."""
        return words.map({word: self._status(word) for word in words.dropna().unique()})

    def amounts(self, cells: "pd.Series[Any]") -> "pd.Series[float]":
        """Numbers in the export's style; NaN where a cell says none."""
        return cells.map({cell: self._amount(cell) for cell in cells.dropna().unique()}).astype("float64")

    def _status(self, word: str) -> str:
        known = {heading_key(key): status for key, status in self.status_words.items()}
        if heading_key(word) in known:
            return known[heading_key(word)]
        for prefix, status in self.status_prefixes.items():
            if heading_key(word).startswith(heading_key(prefix)):
                return status
        return self.status_default or word

    def _amount(self, cell: object) -> float:
        try:
            return parse_number(str(cell), self.numbers)
        except NotANumberError:
            return float("nan")


def load_mapping(name: str, own_folder: Path) -> Mapping:
    """The mapping of that name: the office's own, else the shipped one; FileRejectedError when it is unusable."""
    for folder in (own_folder, _SHIPPED):
        path = folder / f"{name}.toml"
        if path.is_file():
            try:
                return Mapping.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
            except (tomllib.TOMLDecodeError, ValidationError) as error:
                first_line = str(error).splitlines()[0]
                raise FileRejectedError(
                    path.name,
                    "mapping_unusable",
                    f"Tệp ánh xạ {path.name} có lỗi: {first_line}",
                    f"The mapping file {path.name} cannot be used: {first_line}",
                ) from error
    raise FileRejectedError(
        name,
        "mapping_unknown",
        f"Không có tệp ánh xạ “{name}.toml”.",
        f"There is no mapping file “{name}.toml”.",
    )
