"""The morning's digest: what came in, who is missing, what moved and why, what ends soon.

Belongs here: choosing and wording, for the whole province and without persons. Stays out: how runs went (its caller
knows Dagster), and sending (`alerts`).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ocop_pipeline.reports.arrivals import OUTCOMES_VI
from ocop_pipeline.reports.expiry import expiries_of
from ocop_pipeline.reports.layout import objects, show
from ocop_pipeline.reports.reporting import behind, last_due, reports_of
from ocop_pipeline.reports.scorecard import Basis, scorecard_rows
from ocop_pipeline.reports.scorecard_sheet import value_of
from ocop_pipeline.reports.wording import Language
from ocop_pipeline.settings import VIETNAM
from ocop_pipeline.sources import ALL_SOURCES
from ocop_pipeline.warehouse import ledger
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.receipts import Submission
from ocop_pipeline.warehouse.server import Role, Warehouse

_NAMED = 10
_SOON_DAYS = 30
_NEW_DISAGREEMENTS = """
select rule_name_vi, count(*) as disagreements from marts.fct_disagreements
where left_submission_id = any(:numbers) or right_submission_id = any(:numbers)
group by rule_name_vi, sort_order order by sort_order
"""


@dataclass(frozen=True)
class Night:
    """How one run went; `seconds` is None while it runs."""

    run_id: str
    began_at: datetime
    seconds: float | None
    is_good: bool


def digest(warehouse: Warehouse, nights: Sequence[Night], since: datetime, now: datetime) -> tuple[str, str]:
    """Title and text, in Vietnamese, of what has happened since a moment."""
    files = {
        number: file
        for number, file in ledger.submissions(warehouse).items()
        if since < file.received_at.astimezone(VIETNAM) <= now
    }
    sections = (
        ("Lượt chạy", [_night(night) for night in nights] or ["không có lượt chạy nào"]),
        ("Tệp mới", _files(files)),
        ("Báo cáo còn thiếu hoặc muộn", list(_behind(warehouse))),
        ("Chênh lệch mới giữa các nguồn", _disagreements(warehouse, list(files))),
        ("Chỉ tiêu thay đổi", list(_moved(warehouse, since, now))),
        (f"Giấy chứng nhận hết hạn trong {_SOON_DAYS} ngày", _expiring(warehouse, now)),
    )
    text = "\n\n".join(_section(heading, lines) for heading, lines in sections if lines)
    happened = f"{show(len(files))} tệp mới" if all(night.is_good for night in nights) else "có lượt chạy thất bại"
    return f"OCOP {now:%d/%m/%Y}: {happened}", text


def failure(run_id: str | None, step: str | None) -> tuple[str, str]:
    """Title and text for a run that failed; without what the step said, which may quote what it was reading.

    Without a number it has not begun, or Dagster could not write down how it ended.
    """
    title = "OCOP: lượt chạy thất bại"
    if run_id is None:
        return title, "Lượt chạy đêm không bắt đầu hoặc không kết thúc được. Chạy `ocop doctor` để biết lý do."
    where = f" ở bước {step}" if step else ""
    return title, f"Lượt {run_id} thất bại{where}. Xem trang của lượt này trong Dagster, hoặc chạy `ocop doctor`."


def unwritten(files: Sequence[str]) -> tuple[str, str]:
    """Title and text for files of the outbox that could not be written."""
    return (
        "OCOP: không ghi được tệp gửi đơn vị",
        f"{len(files)} tệp trong outbox không ghi được, lượt chạy sau sẽ ghi lại. Đĩa có thể đầy: chạy `ocop doctor`.",
    )


def _section(heading: str, lines: Sequence[str]) -> str:
    return "\n".join((f"{heading}:", *(f"- {line}" for line in lines)))


def _night(night: Night) -> str:
    if not night.is_good:
        ended = f"thất bại, lượt {night.run_id}"
    else:
        ended = "đang chạy" if night.seconds is None else f"xong, {night.seconds:.0f} giây"
    return f"{night.began_at:%H:%M %d/%m}: {ended}"


def _files(files: dict[int, Submission]) -> list[str]:
    if not files:
        return ["không có"]
    counts = Counter(file.outcome for file in files.values())
    rejected = sum(file.rows_rejected for file in files.values())
    lines = [f"{show(count)} {OUTCOMES_VI[outcome]}" for outcome, count in counts.items()]
    return [*lines, f"{show(rejected)} dòng bị trả lại"] if rejected else lines


def _behind(warehouse: Warehouse) -> Iterator[str]:
    titles = {source.name: source.title for source in ALL_SOURCES}
    for source, period in last_due(warehouse).items():
        late = behind([report for report in reports_of(warehouse, period) if report.source == source])
        if late:
            yield f"{titles[source]}, kỳ {period.label}: {late}"


def _disagreements(warehouse: Warehouse, numbers: Sequence[int]) -> list[str]:
    """Those that rest on a new file: others stood before."""
    found = fetch(warehouse, _NEW_DISAGREEMENTS, {"numbers": list(numbers)}).rows
    return [f"{name}: {show(count)}" for name, count in found]


def _moved(warehouse: Warehouse, since: datetime, now: datetime) -> Iterator[str]:
    """The province's figures then and now, and whether new files or the days that passed moved them."""
    if fetch(warehouse, "select to_regclass('as_known.kpi_scorecard_at')", role=Role.TRANSFORMER).rows[0][0] is None:
        return
    then, aged, today = (
        {row["kpi_code"]: row for row in scorecard_rows(warehouse, basis, "province")}
        for basis in (Basis(since.date(), since), Basis(now.date(), since), Basis(now.date()))
    )
    for kpi, row in today.items():
        if row["value"] == then[kpi]["value"]:
            continue
        causes = ["tệp mới"] if row["value"] != aged[kpi]["value"] else []
        causes += ["ngày trôi qua"] if aged[kpi]["value"] != then[kpi]["value"] else []
        yield f"{row['kpi_name_vi']}: {_said(then[kpi])} → {_said(row)} (do {', '.join(causes)})"


def _said(row: dict[str, Any]) -> str:
    return value_of(row, Language.VI, ", ") or "chưa có"


def _expiring(warehouse: Warehouse, now: datetime) -> list[str]:
    rows = objects(expiries_of(warehouse, now.date(), within_days=_SOON_DAYS))
    lines = [f"{row['valid_to']:%d/%m}: {row['product_name']} ({row['reporting_unit_name']})" for row in rows[:_NAMED]]
    return [*lines, f"và {show(len(rows) - _NAMED)} giấy nữa"] if len(rows) > _NAMED else lines
