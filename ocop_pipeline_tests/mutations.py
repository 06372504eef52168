"""Good files, and what a bad transmission, program or person makes of them, at random from a seed.

Belongs here: the files and the ways in which they are damaged. Stays out: what becomes of them.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from ocop_pipeline.sources.district_forms import PRODUCT_EVENTS, PRODUCT_VALUES
from ocop_pipeline.sources.labour_statistics import LABOUR_REPORTS
from ocop_pipeline_tests.files import RECOGNISED, Rows, csv_text, header, rows_of, sheet, xls, xlsx

_PIECES = [
    *"0123456789.,-/+~%()[]{}:;'\"\\ \t\n\0",
    "triệu",
    "tỷ",
    "đ",
    "kg",
    "tháng",
    "năm",
    "quý",
    "II",
    "xã",
    "TT.",
    "★",
]
_FAR = datetime(9999, 12, 31)  # noqa: DTZ001 - a spreadsheet's date
_OTHER_CELLS: list[object] = [float("nan"), float("inf"), -0.0, 1e300, 45254.0, 2**70, _FAR, date.min, time(7)]
_OTHER_CELLS += [timedelta(days=400), None, "", "9" * 400, "٣", "½", "\u202e", "🙂"]
_VALUES: list[dict[str, object]] = [
    {"product_code": code, "revenue_vnd": 1_000_000 * number, "quantity_sold": number, "quantity_unit": "kg"}
    for number, code in enumerate("ABCDEFGH", 1)
]
_EVENTS = [RECOGNISED | {"product_code": code, "product_name": f"Chè {code}"} for code in "ABCDEFGH"]
_LABOUR: dict[str, object] = {"report_period": "2023-Q2", "entity_code": "2600000001", "entity_name": "HTX Một"}
_LABOUR |= {"total_workers": 12, "regular_workers": 10, "seasonal_workers": 2}
_DISTRICT = header() | sheet(PRODUCT_EVENTS, *_EVENTS) | sheet(PRODUCT_VALUES, *_VALUES)
_ORDERS: Rows = [
    ["Mã đơn hàng", "Trạng thái", "Mã SKU", "Tên hàng", "Số lượng", "Đơn giá", "Thời gian đặt"],
    *([f"D{n}", "Hoàn thành", "CHE", "Chè", n, "90.000", f"2023-06-{n:02} 10:00"] for n in range(1, 20)),
]
_STATISTICS: Rows = [
    ["Labour force at 15 years of age and above by province by Cities, provinces and Year (Thous. pers.)"],
    [],
    ["Cities, provinces", "2021", "2022", "Prel. 2023"],
    ["WHOLE COUNTRY", "50560.5", "51704.9", "52403.9"],
    ["Phu Tho", "831.6", "843.7", "850.3"],
]


def random_cell(random: Random) -> object:
    """A cell with anything: mostly texts of what numbers, dates and names are made of."""
    match random.randrange(10):
        case 0:
            return random.choice(_OTHER_CELLS)
        case 1:
            return "".join(chr(random.randrange(0x2FFF)) for _ in range(random.randrange(12)))
        case _:
            return "".join(random.choice(_PIECES) for _ in range(random.randrange(9)))


def _csv(sheets: Mapping[str, Rows]) -> bytes:
    (rows,) = sheets.values()
    return csv_text(rows).encode()


_WRITERS: dict[str, Callable[[Mapping[str, Rows]], bytes]] = {"xlsx": xlsx, "xls": xls, "csv": _csv}
_GOOD: list[tuple[str, str, Mapping[str, Rows]]] = [
    ("district_submissions/231/{}.xlsx", "xlsx", _DISTRICT),
    ("district_submissions/231/{}.xls", "xls", _DISTRICT),
    ("district_submissions/231/product_values_2023-06_{}.csv", "csv", {"": rows_of(PRODUCT_VALUES, *_VALUES)}),
    ("ecommerce_sales/ocop_dat_to/{}.xlsx", "xlsx", {"orders": _ORDERS}),
    ("ecommerce_sales/ocop_dat_to/{}.xls", "xls", {"orders": _ORDERS}),
    ("ecommerce_sales/ocop_dat_to/{}.csv", "csv", {"": _ORDERS}),
    ("labour_statistics/231/{}.xlsx", "xlsx", sheet(LABOUR_REPORTS, _LABOUR)),
    ("labour_statistics/231/{}.csv", "csv", {"": rows_of(LABOUR_REPORTS, _LABOUR)}),
    ("labour_statistics/{}.csv", "csv", {"": _STATISTICS}),
]


def mutated_files(random: Random, count: int) -> dict[str, bytes]:
    """So many damaged files by their place in the inbox, as many of each good one."""
    made = {}
    for number in range(count):
        place, kind, sheets = _GOOD[number % len(_GOOD)]
        content = b""
        while not content:
            content = random.choice(_DAMAGES[kind])(random, kind, sheets)
        made[place.format(f"{number:04}")] = content
    return made


def _in_bytes(random: Random, kind: str, sheets: Mapping[str, Rows]) -> bytes:
    """Bytes lost, changed, doubled or put in, at up to five places."""
    return _damaged(random, _WRITERS[kind](sheets))


def _damaged(random: Random, content: bytes) -> bytes:
    for _ in range(random.randint(1, 5)):
        start = random.randrange(len(content) + 1)
        end = min(len(content), start + random.choice([0, 1, 2, 50, 5000]))
        match random.randrange(4):
            case 0:
                piece = b""
            case 1:
                piece = random.randbytes(end - start)
            case 2:
                piece = content[start:end] * 2
            case _:
                piece = random.randbytes(random.choice([1, 2, 200]))
        content = content[:start] + piece + content[end:]
    return content


def _in_zip(random: Random, kind: str, sheets: Mapping[str, Rows]) -> bytes:
    """A part that is lost, empty, damaged, in another's place, there twice or under another name."""
    parts = _parts(_WRITERS[kind](sheets))
    number = random.randrange(len(parts))
    name, part = parts[number]
    match random.randrange(6):
        case 0:
            del parts[number]
        case 1:
            parts[number] = (name, b"")
        case 2:
            parts[number] = (name, _damaged(random, part))
        case 3:
            parts[number] = (name, random.choice(parts)[1])
        case 4:
            parts.append((name, random.choice(parts)[1]))
        case _:
            parts[number] = (random.choice(["../" + name, "/etc/x", name.upper(), name + "\0.xml", "xl/x.xml"]), part)
    return _zipped(parts)


def _in_xml(random: Random, kind: str, sheets: Mapping[str, Rows]) -> bytes:
    """Tags, attributes or texts of one part that are lost, doubled or something else."""
    parts = _parts(_WRITERS[kind](sheets))
    number = random.choice([n for n, (name, _) in enumerate(parts) if name.endswith((".xml", ".rels"))])
    name, part = parts[number]
    tokens = re.findall(rb"<[^>]*>|[^<]+", part)
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(tokens))
        values = rb'(?<=")[^"]*(?=")'
        others = [b"", b"-1", b"0", b"99999999999", b"XFD1048576", b"&xxe;", b"A0", b"e", "ạ".encode(), b"1e999"]
        other = random.choice(others)
        match random.randrange(5):
            case 0:
                tokens[at] = b""
            case 1:
                tokens[at] *= 2
            case 2:
                tokens[at] = other.join(re.split(values, tokens[at], maxsplit=random.randint(0, 2)))
            case 3:
                tokens[at] = random.choice(tokens)
            case _:
                tokens[at] += other
    parts[number] = (name, b"".join(tokens))
    return _zipped(parts)


def _in_cells(random: Random, kind: str, sheets: Mapping[str, Rows]) -> bytes:
    """Cells that hold anything, rows and columns lost, doubled or in another order; nothing if no program writes it."""
    changed = {name: [list(row) for row in rows] for name, rows in sheets.items()}
    for _ in range(random.randint(1, 6)):
        rows = random.choice(list(changed.values()))
        row = random.choice(rows)
        match random.randrange(5):
            case 0:
                rows.insert(random.randrange(len(rows) + 1), list(row))
            case 1:
                rows.remove(row) if len(rows) > 1 else None
            case 2:
                random.shuffle(row)
            case _ if row:
                row[random.randrange(len(row))] = random_cell(random)
    try:
        return _WRITERS[kind](changed)
    except Exception:  # noqa: BLE001 - the writers name what they refuse by many kinds of errors
        return b""


def _in_dialect(random: Random, _: str, sheets: Mapping[str, Rows]) -> bytes:
    """A CSV file of another dialect or encoding, and not quite."""
    (rows,) = sheets.values()
    text = io.StringIO()
    delimiter, ends = random.choice(",;\t|"), random.choice(["\n", "\r\n", "\r", "\n\n"])
    quoting: Any = random.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC])
    csv.writer(text, delimiter=delimiter, lineterminator=ends, quoting=quoting).writerows(rows)
    encoding = random.choice(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258", "latin-1"])
    content = text.getvalue().encode(encoding, "replace")
    return _damaged(random, content) if random.random() < 0.5 else content


_Damage = Callable[[Random, str, Mapping[str, Rows]], bytes]
_DAMAGES: dict[str, list[_Damage]] = {
    "xlsx": [_in_bytes, _in_zip, _in_xml, _in_xml, _in_cells],
    "xls": [_in_bytes, _in_cells],
    "csv": [_in_bytes, _in_dialect, _in_cells],
}


def _parts(workbook: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def _zipped(parts: list[tuple[str, bytes]]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts:
            archive.writestr(name, part)
    return content.getvalue()
