"""The header sheet of a workbook, which says whose report of which period it is, and finding sheets by name.

Belongs here: what sheets and labels are called, however people number and write them. Stays out: what follows from what
the header says.
"""

import re
from collections.abc import Sequence

from ocop_pipeline.sources.cells import as_text
from ocop_pipeline.sources.document import FileRejectedError
from ocop_pipeline.sources.grid import Grid
from ocop_pipeline.vietnamese.text import heading_key, without_accents, without_hint

HEADER_SHEET = "Thông tin"
PERIOD_LABEL = "Kỳ báo cáo"
UNIT_LABEL = "Đơn vị báo cáo"

_SHEET_NUMBER = re.compile(r"^(?:(?:biểu|mẫu|phụ lục|pl) (?:số )?)?(?:\d+|[ivx]+(?=[.):-]))[a-d]?[.):-]? *[-.:]? *")


def find_sheet(grids: Sequence[Grid], *names: str) -> Grid | None:
    """The sheet of that name, however it is numbered and written; FileRejectedError when two are."""
    found = [grid for grid in grids if is_called(grid.name, *names)]
    if len(found) > 1:
        raise FileRejectedError(
            found[1].name,
            "sheet_repeated",
            f"Có hai trang cho “{names[0]}”: “{found[0].name}” và “{found[1].name}”; chỉ giữ một.",
            f"Two sheets are “{names[0]}”: “{found[0].name}” and “{found[1].name}”; keep one.",
        )
    return found[0] if found else None


def is_called(title: str, *names: str) -> bool:
    """Whether a sheet's title is one of the names, however it is numbered and written."""
    return _sheet_key(title) in {without_accents(heading_key(name)) for name in names}


def labelled(grid: Grid, label: str) -> str:
    """What the sheet says behind the label: after its colon, or in the next cell that is not empty; "" without it."""
    for row in grid.rows:
        texts = [text for cell in row if (text := as_text(cell)) and text != ":"]
        for text, following in zip(texts, [*texts, ""][1:], strict=True):
            key, colon, behind = text.partition(":")
            if without_hint(heading_key(key)) == heading_key(label):
                return (behind if colon and behind else following).strip(": ")
    return ""


def _sheet_key(name: str) -> str:
    """A sheet's name without number and accents: "Biểu 2. Sản phẩm", "02_SẢN PHẨM" and "San pham" are "san pham"."""
    return without_accents(_SHEET_NUMBER.sub("", heading_key(name.replace("_", " "))))
