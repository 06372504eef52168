"""A CSV file that a program wrote becomes a table with places, or is refused with one reason."""

from pathlib import Path

import pytest

from ocop_pipeline.sources.csv_files import read_csv
from ocop_pipeline.sources.document import FileRejectedError


def a_file(folder: Path, content: bytes | str) -> Path:
    path = folder / "a.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


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
