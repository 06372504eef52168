"""Headings and notes of the scorecard for people, in each language.

Belongs here: texts. Stays out: choosing among them (`scorecard_sheet`), words that other reports need (`wording`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ocop_pipeline.reports.wording import Language


@dataclass(frozen=True)
class Words:
    """The texts of one language; braces are filled in."""

    name_column: str
    title: str
    province_columns: tuple[str, ...]
    district_columns: tuple[str, ...]
    more: str
    mean_of: str
    too_few_points: str
    starts_anew: str
    hidden: str
    no_data: str
    too_little: str
    above_band: str
    target: str
    basis: str
    known_now: str
    known_then: str
    published: str
    future: str
    series_break: str
    province_legend: str
    district_legend: str
    rules_title: str
    rules: Mapping[str, str]
    plan: str
    reading: str
    parts_title: str
    parts_columns: tuple[str, str]
    parts_legend: str
    unknown: str
    more_members: str


_EN = Words(
    name_column="kpi_name_en",
    title="OCOP scorecard of {unit} as of {day}",
    province_columns=(
        *("KPI", "Value", "Target", "Gap", "Way\nmade", "Needed\na month", "Forecast", "Status", "Data\nin"),
    ),
    district_columns=("KPI", "Value", "District target", "Still to add", "Status"),
    more="{count} more",
    mean_of="mean of {count}",
    too_few_points="too few\npoints",
    starts_anew="new each\nyear",
    hidden="hidden",
    no_data="no data",
    too_little="too few",
    above_band="above band",
    target="Targets of {document} for {day}.",
    basis="As of {day}, {known}: ledger position {position}.",
    known_now="as known now",
    known_then="as known at {known}",
    published="as published on {published} (publication {number}), as known at {known}",
    future="{day} lies ahead: this is what would be left if nobody renewed and nothing more was reported.",
    series_break="* The list of communes changed on {day}: earlier figures count others, the trend begins there.",
    province_legend=(
        "Value: of a ratio also numerator / denominator, of a mean over how many. Gap: missing to the target, + "
        "is beyond it (pp: percentage "
        "points). Way made: share of the way from the baseline; blank without one. Needed a month: gap over the whole "
        "months left. Forecast: for the target date, a straight line through up to 12 month ends (95 % range); none "
        "for what is counted anew each year. "
        "Data in: share of the expected reports that arrived."
    ),
    district_legend=(
        "Most targets at risk or missed first. Still to add: products, workers, entities, points or communes until the "
        "target is met. Not measured: no data (nothing reported), hidden (few people or one entity), too few (to "
        "tell)."
    ),
    rules_title="District targets: {rules}.",
    rules=MappingProxyType(
        {
            "by_commune_count": "counts are the province's by number of communes, rounded up",
            "same_value": "shares and incomes are the same for all",
            "one_each": "one sales point each",
        }
    ),
    plan="What would close the gaps of a district: ocop plan --as-of {day} --unit CODE",
    reading="reading the figures ...",
    parts_title="What stands below and beside the figures: {unit}",
    parts_columns=("KPI, variant, breakdown", "Value"),
    parts_legend="Of many parts the largest are shown; all of them: --breakdown --format csv.",
    unknown="not stated",
    more_members="and {count} more",
)
_VI = Words(
    name_column="kpi_name_vi",
    title="Bộ chỉ tiêu OCOP của {unit} đến ngày {day}",
    province_columns=(
        *("Chỉ tiêu", "Kết quả", "Mục tiêu", "Còn thiếu", "Đã\nđi", "Cần mỗi\ntháng", "Dự báo", "Trạng thái", "Đủ\nsố"),
    ),
    district_columns=("Chỉ tiêu", "Kết quả", "Mục tiêu huyện", "Còn phải thêm", "Trạng thái"),
    more="còn {count}",
    mean_of="của {count}",
    too_few_points="quá ít\nđiểm",
    starts_anew="tính lại\nmỗi năm",
    hidden="ẩn",
    no_data="trống",
    too_little="quá ít",
    above_band="vượt khung",
    target="Mục tiêu theo {document}, hạn {day}.",
    basis="Đến ngày {day}, {known}: vị trí sổ cái {position}.",
    known_now="theo số liệu hiện có",
    known_then="như đã biết lúc {known}",
    published="như đã công bố lúc {published} (lần công bố {number}), như đã biết lúc {known}",
    future="{day} là ngày trong tương lai: đây là phần còn lại nếu không ai gia hạn và không có báo cáo mới.",
    series_break="* Danh mục xã thay đổi từ {day}: số liệu trước đó đếm xã khác, xu hướng tính từ ngày ấy.",
    province_legend=(
        "Kết quả: với tỷ lệ có thêm tử số / mẫu số, với bình quân: của bao nhiêu. Còn thiếu: khoảng cách đến mục "
        "tiêu, dấu + là vượt (điểm: điểm "
        "phần trăm). Đã đi: phần đường từ mức xuất phát; trống nếu không có. Cần mỗi tháng: phần còn thiếu chia cho số "
        "tháng trọn còn lại. Dự báo: vào hạn mục tiêu, đường thẳng qua tối đa 12 cuối tháng (khoảng 95 %); không có "
        "với chỉ tiêu tính lại mỗi năm. Đủ số: "
        "phần báo cáo đã đến so với phải có."
    ),
    district_legend=(
        "Đơn vị có nhiều chỉ tiêu có nguy cơ hoặc không đạt đứng trước. Còn phải thêm: số sản phẩm, lao động, chủ thể, "
        "điểm bán hoặc xã để đạt mục tiêu. Chưa đo: trống (chưa báo cáo), ẩn (ít người hoặc một chủ thể), quá ít (để "
        "tính)."
    ),
    rules_title="Mục tiêu huyện: {rules}.",
    rules=MappingProxyType(
        {
            "by_commune_count": "số đếm chia theo số xã, làm tròn lên",
            "same_value": "tỷ lệ và thu nhập như nhau cho mọi huyện",
            "one_each": "mỗi huyện một điểm bán",
        }
    ),
    plan="Việc cần làm của một huyện: ocop plan --as-of {day} --unit MÃ",
    reading="đang đọc số liệu ...",
    parts_title="Chi tiết và cách tính khác của các chỉ tiêu: {unit}",
    parts_columns=("Chỉ tiêu, cách tính, phân tổ", "Kết quả"),
    parts_legend="Nếu nhiều phần, chỉ nêu phần lớn nhất; đầy đủ: --breakdown --format csv.",
    unknown="chưa ghi",
    more_members="và {count} phần khác",
)
WORDS = MappingProxyType({Language.EN: _EN, Language.VI: _VI})
