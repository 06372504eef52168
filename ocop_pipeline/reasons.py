"""What a sender reads when a cell cannot be read, by the type of its column.

Belongs here: the sentences in both languages, each with what the rule's code says of the column. Stays out: rules
(`contracts`), and what makes a cell unclear (`vietnamese`, `sources.cells`).
"""

UNREADABLE: dict[str, tuple[str, str, str]] = {
    "integer": (
        "a_whole_number",
        "“{heading}”: “{value}” không phải là số nguyên.",
        "“{heading}”: “{value}” is not a whole number.",
    ),
    "number": (
        "a_number",
        "“{heading}”: “{value}” không đọc được thành một con số chắc chắn.",
        "“{heading}”: “{value}” cannot be read as one certain number.",
    ),
    "date": (
        "a_date",
        "“{heading}”: “{value}” không phải là ngày (dùng ngày/tháng/năm).",
        "“{heading}”: “{value}” is not a date (use day/month/year).",
    ),
    "timestamp": (
        "a_time",
        "“{heading}”: “{value}” không phải là thời điểm hợp lệ.",
        "“{heading}”: “{value}” is not a valid time.",
    ),
    "boolean": (
        "yes_or_no",
        "“{heading}”: “{value}” phải là “có” hoặc “không”.",
        "“{heading}”: “{value}” must be “có” (yes) or “không” (no).",
    ),
    "commune": (
        "a_commune",
        "“{heading}”: không có xã “{value}” trong đơn vị báo cáo vào kỳ này.",
        "“{heading}”: the reporting unit has no commune “{value}” in this period.",
    ),
    "unit": (
        "a_unit",
        "“{heading}”: không có tỉnh, huyện nào là “{value}”.",
        "“{heading}”: no province or district is called “{value}”.",
    ),
}

NOT_COMPUTED = (
    "not_computed",
    "“{heading}”: công thức chưa được tính hoặc bị lỗi ({value}); mở tệp bằng Excel, sửa rồi lưu lại.",
    "“{heading}”: a formula without a result or in error ({value}); open in Excel, mend and save it.",
)
"""Problem word, and what the code says of the column; the sentences. Of a column of any type."""

_PRECISE_NUMBER = {
    "range": (
        "is_a_range",
        "“{heading}”: “{value}” là một khoảng, không phải một con số; ghi con số thực tế.",
        "“{heading}”: “{value}” is a range; write the one actual number.",
    ),
    "qualifier": (
        "is_approximate",
        "“{heading}”: “{value}” là số ước chừng; ghi con số thực tế, không kèm “trên”, “khoảng”, “ước” ...",
        "“{heading}”: “{value}” is approximate; write the actual number, without “over”, “about” ...",
    ),
    "ambiguous": (
        "is_ambiguous",
        "“{heading}”: “{value}” có thể đọc thành hai số khác nhau; số nguyên ghi không dấu (1234), số lẻ ghi 1,2.",
        "“{heading}”: “{value}” could be two numbers; write whole numbers without any mark (1234), others like 1,2.",
    ),
    "unit": (
        "has_another_unit",
        "“{heading}”: đơn vị “{detail}” trong “{value}” không phải đơn vị của cột; quy đổi rồi chỉ ghi con số.",
        "“{heading}”: “{value}” has the unit “{detail}”, not the column's; convert it and write the number only.",
    ),
    "too_small": (
        "too_small",
        "“{heading}”: “{value}” quá nhỏ nếu tính bằng đồng; ghi đủ số đồng hoặc ghi kèm đơn vị (12,5 triệu đồng).",
        "“{heading}”: “{value}” is too small for đồng; write all of it, or its unit behind it (12,5 triệu đồng).",
    ),
}
PRECISE: dict[str, dict[str, tuple[str, str, str]]] = {
    "integer": _PRECISE_NUMBER,
    "number": _PRECISE_NUMBER,
    "date": {
        "no_day": (
            "has_no_day",
            "“{heading}”: “{value}” không có ngày; ghi đủ ngày/tháng/năm.",
            "“{heading}”: “{value}” names no day; write day/month/year.",
        ),
        "two_digit_year": (
            "has_a_short_year",
            "“{heading}”: “{value}” không chắc là năm nào; ghi năm đủ bốn chữ số (24/11/2023).",
            "“{heading}”: the year of “{value}” is not certain; write it with four digits (24/11/2023).",
        ),
    },
    "commune": {
        "several": (
            "fits_several",
            "“{heading}”: “{value}” có thể là {detail}; ghi rõ xã, phường, thị trấn nào hoặc ghi mã.",
            "“{heading}”: “{value}” may be {detail}; write which, or its code.",
        ),
        "similar": (
            "not_a_commune",
            "“{heading}”: không có xã “{value}” trong đơn vị báo cáo vào kỳ này; có phải là {detail}?",
            "“{heading}”: the reporting unit has no commune “{value}” in this period; is it {detail}?",
        ),
    },
}
"""By problem word: what the code says of the column, and the sentences."""
