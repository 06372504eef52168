"""The seven forms that reporting units fill in: their columns and rules.

Belongs here: what is asked and what must hold. Stays out: other words for headings (`district_headings`), how a file
is taken apart.
"""

from collections.abc import Mapping
from typing import Any

from ocop_pipeline.contracts import Column, ColumnType, Form, FormKind, Rule, When
from ocop_pipeline.sources.district_headings import HEADINGS, SHEETS
from ocop_pipeline.sources.district_words import (
    EVENT_KINDS,
    FUNDING_SOURCES,
    LINKAGE_KINDS,
    OTHER_EVENT_KINDS,
    OTHER_FUNDING_SOURCES,
    OTHER_LINKAGE_KINDS,
    OTHER_PRODUCT_GROUPS,
    OTHER_STAR_RATINGS,
    PRODUCT_GROUPS,
    STAR_RATINGS,
)
from ocop_pipeline.sources.entity_types import ENTITY_TYPES, OTHER_ENTITY_TYPES
from ocop_pipeline.vietnamese.amounts import MONEY, PEOPLE

_PRICE = (100, 1e9)
_REVENUE = (1_000, 1e11)
_AMOUNT = (1_000, 1e12)
"""The least and the most đồng that a price, the revenue of one product in a month, and any amount can be: the whole
province sells for some 10^12 đồng a year, and who writes 12,5 means millions."""
_LABEL = (
    r"(?i)^(?:tổng|cộng(?! đồng)|lũy kế|luỹ kế|trong đó|bằng chữ|ghi chú|total|"
    r"toàn (?:huyện|thị xã|thành phố|xã|phường|tỉnh|đơn vị))\b|^tc$"
)
_POINTS = {"điểm": 1}
_PRODUCTS = {"sản phẩm": 1, "sp": 1}
_CONTRACTS = {"hợp đồng": 1, "hđ": 1}
_IS_CERTIFICATE = When("event_kind", ("new", "upgrade", "reassess", "recognise"))
_HAS_STARS = When("stars", tuple(sorted(set(STAR_RATINGS.values()))))


def _column(
    name: str,
    heading: str,
    description: str,
    type_: ColumnType = ColumnType.TEXT,
    **more: Any,  # noqa: ANN401 - what else a Column takes
) -> Column:
    return Column(name, heading, description, type_, aliases=HEADINGS.get(name, ()), **more)


def _choice(name: str, heading: str, description: str, *words: Mapping[str, str], required: bool = False) -> Column:
    choices, other_words = words
    return _column(name, heading, description, required=required, choices=choices, other_words=other_words)


def _money(name: str, heading: str, description: str, least: float, most: float, **more: Any) -> Column:  # noqa: ANN401
    """An amount in đồng: 0, or one that such a thing can cost; what lies outside was written in another unit."""
    bounds = {"minimum": 0, **more, "maximum": most, "least": least}
    return _column(name, heading, description, ColumnType.NUMBER, units=MONEY, **bounds)


def _no_label(column: Column) -> Rule:
    """A code that is none but what stands before a sum or a note: its row is not data."""
    return Rule(
        f"{column.name}_is_a_label",
        "ExpectColumnValuesToNotMatchRegex",
        {"column": column.name, "regex": _LABEL},
        (column.name,),
        "“{heading}”: “{value}” không phải là mã; dòng cộng, lũy kế hoặc ghi chú không được tính.",
        "“{heading}”: “{value}” is no code; a row of sums, of sums to date or of notes does not count.",
    )


def _not_before(code: str, first: Column, last: Column) -> Rule:
    """`last` does not lie before `first`, where both are given."""
    return Rule(
        code,
        "ExpectColumnPairValuesAToBeGreaterThanB",
        {
            "column_A": last.name,
            "column_B": first.name,
            "or_equal": True,
            "ignore_row_if": "either_value_is_missing",
        },
        (last.name,),
        f"“{last.heading}” ({{value}}) sớm hơn “{first.heading}”.",
        f"“{last.heading}” ({{value}}) lies before “{first.heading}”.",
    )


ENTITY_CODE = _column(
    "entity_code", "Mã chủ thể", "Registration number or tax number of the entity", may_hold_citizen_id=True
)
PRODUCT_CODE = _column("product_code", "Mã sản phẩm", "Product code as the district writes it")

ENTITIES = Form(
    "entities",
    "Chủ thể",
    "an entity as the unit describes it in one period",
    FormKind.REGISTER,
    (
        _column("entity_code", "Mã số đăng ký/mã số thuế", ENTITY_CODE.description, may_hold_citizen_id=True),
        _column("entity_name", "Tên chủ thể", "Name of the entity", required=True),
        _choice("entity_type", "Loại hình", "Legal form", ENTITY_TYPES, OTHER_ENTITY_TYPES, required=True),
        _column("commune_code", "Xã", "Commune of the entity", ColumnType.COMMUNE),
        _column("joined_date", "Ngày tham gia", "Day the entity joined the programme", ColumnType.DATE),
        _column("is_woman_led", "Chủ thể nữ", "Is the entity led by a woman", ColumnType.BOOLEAN),
        _column(
            "regular_workers",
            "Lao động thường xuyên",
            "Regular workers stated by the unit",
            ColumnType.INTEGER,
            units=PEOPLE,
            minimum=0,
            maximum=100_000,
            is_suppressed=True,
        ),
    ),
    key=("entity_code", "entity_name"),
    sheet_aliases=SHEETS["entities"],
)

_DECISION_DATE = _column("decision_date", "Ngày quyết định", "Day of the decision", ColumnType.DATE)
_EXPIRY_DATE = _column(
    "expiry_date",
    "Ngày hết hạn",
    "First day on which it is no longer valid",
    ColumnType.DATE,
    hint="Ngày đầu tiên giấy chứng nhận không còn hiệu lực; để trống nếu là 36 tháng kể từ ngày quyết định.",
)
PRODUCT_EVENTS = Form(
    "product_events",
    "Sản phẩm",
    "a registration, certification or revocation of a product",
    FormKind.REGISTER,
    (
        PRODUCT_CODE,
        _column("product_name", "Tên sản phẩm", "Name of the product or product group", required=True),
        _choice(
            "product_group",
            "Nhóm",
            "Product group I to VI of Decision 148/QĐ-TTg",
            PRODUCT_GROUPS,
            OTHER_PRODUCT_GROUPS,
        ),
        ENTITY_CODE,
        _column("entity_name", "Tên chủ thể", "Name of the entity; needed where it has no code"),
        _column("commune_code", "Xã", "Commune of the product", ColumnType.COMMUNE),
        _choice("event_kind", "Loại sự kiện", "What happened", EVENT_KINDS, OTHER_EVENT_KINDS, required=True),
        _choice("stars", "Hạng sao", "Star rating of the decision", STAR_RATINGS, OTHER_STAR_RATINGS),
        _column(
            "score",
            "Điểm",
            "Mean score of the council",
            ColumnType.NUMBER,
            units=_POINTS,
            minimum=0,
            maximum=100,
            adds_up=False,
        ),
        _column("decision_number", "Số quyết định", "Number of the decision"),
        _DECISION_DATE,
        _EXPIRY_DATE,
    ),
    key=("product_code", "product_name", "event_kind", "decision_number", "decision_date"),
    own_rules=(
        Rule(
            "certificate_without_stars",
            "ExpectColumnValuesToNotBeNull",
            {"column": "stars"},
            ("stars",),
            "Sự kiện công nhận nhưng không ghi hạng sao.",
            "A certification without a star rating.",
            (_IS_CERTIFICATE,),
        ),
        Rule(
            "stars_without_decision",
            "ExpectColumnValuesToNotBeNull",
            {"column": "decision_number"},
            ("decision_number",),
            "Có hạng sao hoặc công nhận nhưng không có số quyết định.",
            "A star rating or a certification without the number of its decision.",
            (_IS_CERTIFICATE, _HAS_STARS),
        ),
        _not_before("expiry_before_decision", _DECISION_DATE, _EXPIRY_DATE),
    ),
    sheet_aliases=SHEETS["product_events"],
)

PRODUCT_VALUES = Form(
    "product_values",
    "Giá trị",
    "a product in the period",
    FormKind.FLOW,
    (
        _column("product_code", "Mã sản phẩm", PRODUCT_CODE.description, required=True),
        _column(
            "quantity", "Sản lượng", "Quantity produced", ColumnType.NUMBER, unit_column="quantity_unit", minimum=0
        ),
        _column("quantity_unit", "Đơn vị tính", "Unit of the quantity"),
        _money("mean_price_vnd", "Giá bán bình quân", "Mean selling price, VND", *_PRICE, adds_up=False),
        _money("revenue_vnd", "Doanh thu kỳ", "Revenue of the period, VND", *_REVENUE, required=True),
        _money(
            "declared_online_revenue_vnd",
            "Doanh thu trực tuyến khai báo",
            "Part of the revenue declared as sold online, VND",
            *_REVENUE,
        ),
    ),
    key=("product_code",),
    own_rules=(
        _no_label(PRODUCT_CODE),
        Rule(
            "quantity_unit_is_money",
            "ExpectColumnValuesToNotMatchRegex",
            {
                "column": "quantity_unit",
                "regex": r"(?i)^(?:1[., ]?000|nghìn|ngàn|triệu|tr|tỷ|tỉ)[ .]*(?:đồng|đ|vnđ|vnd)?$",
            },
            ("quantity_unit",),
            "“{heading}”: “{value}” là đơn vị tiền; cột này là đơn vị của sản lượng (kg, lít ...), tiền ghi bằng đồng.",
            "“{heading}”: “{value}” is a unit of money; this column is that of the quantity, and money is in đồng.",
        ),
    ),
    is_monthly=True,
    sheet_aliases=SHEETS["product_values"],
)

_START_DATE = _column("start_date", "Ngày bắt đầu", "First day", ColumnType.DATE, required=True)
_END_DATE = _column(
    "end_date",
    "Ngày kết thúc",
    "First day on which it has ended; empty while open",
    ColumnType.DATE,
    hint="Ngày đầu tiên không còn hiệu lực; để trống khi chưa kết thúc.",
)
LINKAGE_CONTRACTS = Form(
    "linkage_contracts",
    "Liên kết chuỗi",
    "a linkage contract for a product",
    FormKind.EVENTS,
    (
        _column("product_code", "Mã sản phẩm", PRODUCT_CODE.description, required=True),
        _column("partner_name", "Đối tác", "Organisation on the other side"),
        _choice("linkage_kind", "Loại liên kết", "Kind of linkage", LINKAGE_KINDS, OTHER_LINKAGE_KINDS),
        _column("contract_number", "Số hợp đồng", "Number of the contract", required=True),
        _START_DATE,
        _END_DATE,
    ),
    key=("product_code", "contract_number"),
    own_rules=(_not_before("end_before_start", _START_DATE, _END_DATE),),
    sheet_aliases=SHEETS["linkage_contracts"],
)

_OPENED_DATE = _column("opened_date", "Ngày hoạt động", "Day the point opened", ColumnType.DATE, required=True)
_STOPPED_DATE = _column(
    "stopped_date",
    "Ngày dừng",
    "First day on which it is closed",
    ColumnType.DATE,
    hint="Ngày đầu tiên không còn bán; để trống khi đang hoạt động.",
)
SALES_POINTS = Form(
    "sales_points",
    "Điểm bán",
    "a point that introduces and sells OCOP products",
    FormKind.REGISTER,
    (
        _column("sales_point_code", "Mã điểm", "Code of the point", required=True),
        _column("sales_point_name", "Tên điểm", "Name of the point", required=True),
        _column("address", "Địa chỉ", "Address of the point"),
        _column("commune_code", "Xã", "Commune of the point", ColumnType.COMMUNE),
        _column("managed_by", "Đơn vị quản lý", "Organisation that runs it"),
        _OPENED_DATE,
        _STOPPED_DATE,
    ),
    key=("sales_point_code",),
    own_rules=(_not_before("stopped_before_opened", _OPENED_DATE, _STOPPED_DATE),),
    sheet_aliases=SHEETS["sales_points"],
)

PROMOTION_EVENTS = Form(
    "promotion_events",
    "Xúc tiến",
    "a trade promotion event",
    FormKind.EVENTS,
    (
        _column(
            "event_code",
            "Mã sự kiện",
            "Code shared by all units that took part",
            required=True,
            hint="Mã chung của sự kiện cho mọi đơn vị tham gia.",
        ),
        _column("event_name", "Tên sự kiện", "Name of the event", required=True),
        _column("event_form", "Hình thức", "Fair, festival, connection conference ..."),
        _START_DATE,
        _END_DATE,
        _column("place", "Địa điểm", "Where it took place"),
        _column("product_count", "Số sản phẩm", "Products shown", ColumnType.INTEGER, units=_PRODUCTS, minimum=0),
        _column("contract_count", "Số hợp đồng", "Contracts signed", ColumnType.INTEGER, units=_CONTRACTS, minimum=0),
        _money("sales_vnd", "Doanh số", "Sales at the event, VND", *_AMOUNT),
    ),
    key=("event_code",),
    own_rules=(_not_before("end_before_start", _START_DATE, _END_DATE),),
    sheet_aliases=SHEETS["promotion_events"],
)

SUPPORT_DISBURSEMENTS = Form(
    "support_disbursements",
    "Kinh phí",
    "a disbursement of support; a refund is negative",
    FormKind.EVENTS,
    (
        _column("voucher_number", "Số chứng từ", "Number of the voucher", required=True),
        _choice(
            "funding_source",
            "Nguồn",
            "Where the money comes from",
            FUNDING_SOURCES,
            OTHER_FUNDING_SOURCES,
            required=True,
        ),
        _column("purpose", "Nội dung", "What it was paid for"),
        _column("entity_code", "Mã chủ thể hoặc đơn vị", "Entity or unit that received it", may_hold_citizen_id=True),
        _money(
            "amount_vnd",
            "Số tiền",
            "Amount, VND",
            *_AMOUNT,
            minimum=-_AMOUNT[1],
            required=True,
            hint="Tiền thu hồi ghi số âm.",
        ),
        _column("disbursed_date", "Ngày giải ngân", "Day of payment", ColumnType.DATE, required=True),
    ),
    key=("voucher_number",),
    sheet_aliases=SHEETS["support_disbursements"],
)

FORMS = (
    ENTITIES,
    PRODUCT_EVENTS,
    PRODUCT_VALUES,
    LINKAGE_CONTRACTS,
    SALES_POINTS,
    PROMOTION_EVENTS,
    SUPPORT_DISBURSEMENTS,
)
