"""A file becomes a table with places, or is refused with one reason."""

from datetime import date
from pathlib import Path

import pytest

from ocop_pipeline.sources.document import FileRejectedError
from ocop_pipeline.sources.tables import read_csv, read_workbook
from ocop_pipeline_tests.files import header, xlsx


def a_file(folder: Path, content: bytes | str) -> Path:
    path = folder / "a.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_row_keeps_the_number_that_its_sender_sees(tmp_path: Path) -> None:
    day = date(2023, 6, 9)
    path = a_file(
        tmp_path, xlsx({"Trang": [[], ["Mã", 2023], [], ["a", 1.5], [], ["b", True], [" ", day], ["d", " "]]})
    )
    table = read_workbook(path)["trang"]
    assert table.headings == ("Mã", "2023")
    assert table.rows.to_numpy().tolist() == [[4, "a", 1.5], [6, "b", "TRUE"], [7, None, day], [8, "d", None]]


def test_sheets_are_found_by_their_names_however_they_are_written(tmp_path: Path) -> None:
    assert set(read_workbook(a_file(tmp_path, xlsx({" THÔNG TIN ": [["a"]]} | header())))) == {"thông tin"}


def test_a_csv_s_cells_are_text_and_empty_ones_none(tmp_path: Path) -> None:
    table = read_csv(a_file(tmp_path, '\ufeffMã,Số\r\n\r\n 07900 ,"1,5"\r\n"hai\ndòng",\r\n'))
    assert table.headings == ("Mã", "Số")
    assert table.rows.to_numpy().tolist() == [[3, "07900", "1,5"], [4, "hai\ndòng", None]]


def test_empty_cells_behind_the_headings_are_no_fault(tmp_path: Path) -> None:
    assert read_csv(a_file(tmp_path, "a,b\n1,2,,\n")).rows.to_numpy().tolist() == [[2, "1", "2"]]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("a,b\n1,2,3\n", "row_too_long"),
        ('a,b\n"1,2\n', "file_unreadable"),
        ("a,b\n" + "x" * 200_000 + ",1\n", "file_unreadable"),
        ("a,b\n1,\x002\n", "file_encoding"),
        ("a,b\n1,2\n".encode("utf-16"), "file_encoding"),
        ("a,b\n1,2\n".encode("utf-16-le"), "file_encoding"),
        (b"M\xe3,Gi\xe1\n", "file_encoding"),
    ],
)
def test_a_csv_that_is_none_is_refused(tmp_path: Path, content: bytes | str, rule: str) -> None:
    with pytest.raises(FileRejectedError) as refusal:
        read_csv(a_file(tmp_path, content))
    assert refusal.value.rule == rule
