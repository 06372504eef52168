"""A file read piece after piece gives the cells that it gives as a whole."""

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocop_pipeline.sources.csv_files import read_csv
from ocop_pipeline.sources.csv_pieces import open_csv
from ocop_pipeline.sources.document import FileRejectedError

CELLS = st.one_of(
    st.text(st.sampled_from('a ,"\n\rĐ\t#'), max_size=4), st.sampled_from(["", " ", "#N/A", "\u00a0x", "x\t", '5" x'])
)
ROWS = st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=12)
SOMETIMES_DAMAGED = st.lists(
    st.sampled_from(
        [
            "a,b,c\n",
            '"a\nb",c,d\n',
            "\n",
            ",,\n",
            'a"b,c,d\n',
            '"a",b\n',
            "x,y,z\r\n",
            '"a" ,b,c\n',
            "a,b,c,d\n",
            '"a""b",c,"d"\n',
            '"',
            "é,b,c\n",
        ]
    ),
    max_size=12,
)


def whole(path: Path) -> object:
    try:
        rows = read_csv(path).rows
        return (
            rows[["source_row", *(position for position in (0, 2) if position in rows)]]
            .astype("object")
            .to_numpy()
            .tolist()
        )
    except FileRejectedError as error:
        return error.rule


def in_pieces(path: Path, size: int) -> object:
    try:
        file = open_csv(path, ",", "utf-8-sig")
        positions = [position for position in (0, 2) if position < len(file.headings)]
        rows = pd.concat([table.rows.astype("object") for table in file.pieces(positions, size)] or [pd.DataFrame()])
        return rows.where(rows.notna(), None).to_numpy().tolist()
    except FileRejectedError as error:
        return error.rule


@given(rows=ROWS, size=st.integers(1, 60), quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_good_file(tmp_path: Path, rows: list[list[str]], size: int, quoting: int) -> None:
    lines = io.StringIO()
    csv.writer(lines, quoting=quoting).writerows([["mã", "tên", "giá"], *rows])  # type: ignore[arg-type]
    path = tmp_path / "a.csv"
    path.write_text(lines.getvalue(), encoding="utf-8", newline="")
    assert in_pieces(path, size) == whole(path)


@given(lines=SOMETIMES_DAMAGED, size=st.integers(1, 60))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_that_may_be_damaged(tmp_path: Path, lines: list[str], size: int) -> None:
    path = tmp_path / "a.csv"
    path.write_text("mã,tên,giá\n" + "".join(lines), encoding="utf-8", newline="")
    assert in_pieces(path, size) == whole(path)


@pytest.mark.parametrize("content", [b"a,b,c\n1,2\x003,4\n", b"a,b,c\n1,\xff,3\n"])
def test_what_is_no_utf_8_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert in_pieces(path, 4) == "file_encoding"
