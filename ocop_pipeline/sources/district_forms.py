"""The seven forms that reporting units fill in: their columns and rules.

Belongs here: what is asked and what must hold. Stays out: how a file is taken apart.
"""

from ocop_pipeline.contracts import Column, ColumnType, Form, FormKind, Rule, When
from ocop_pipeline.sources.entity_types import ENTITY_TYPES

EVENT_KINDS = {
    "mới": "new",
    "nâng hạng": "upgrade",
    "đánh giá lại": "reassess",
    "công nhận": "recognise",
    "thu hồi": "revoke",
    "đăng ký": "register",
}
"""“Công nhận” is a certification of which the sender does not say whether it is a new one."""
PRODUCT_GROUPS = {"i": "I", "ii": "II", "iii": "III", "iv": "IV", "v": "V", "vi": "VI"}
STAR_RATINGS = {
    "1": "1",
    "2": "2",
    "3": "3",
    "4": "4",
    "5": "5",
    "1 sao": "1",
    "2 sao": "2",
    "3 sao": "3",
    "4 sao": "4",
    "5 sao": "5",
    "tiềm năng 5 sao": "potential_5",
}
LINKAGE_KINDS = {
    "cung ứng nguyên liệu": "supply",
    "tiêu thụ sản phẩm": "offtake",
    "sản xuất - tiêu thụ": "production_offtake",
}
FUNDING_SOURCES = {
    "ngân sách trung ương": "central_budget",
    "ngân sách tỉnh": "province_budget",
    "ngân sách huyện": "district_budget",
    "lồng ghép": "merged_programme",
    "xã hội hóa": "private",
}

_IS_CERTIFICATE = When("event_kind", ("new", "upgrade", "reassess", "recognise"))
_HAS_STARS = When("stars", tuple(sorted(set(STAR_RATINGS.values()))))


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


ENTITY_CODE = Column(
    "entity_code",
    "Mã chủ thể",
    "Registration number or tax number of the entity",
    aliases=("mã số đăng ký/mã số thuế", "mã số đăng ký", "mã số thuế"),
    may_hold_citizen_id=True,
)
PRODUCT_CODE = Column("product_code", "Mã sản phẩm", "Product code as the district writes it")

ENTITIES = Form(
    "entities",
    "Chủ thể",
    "an entity as the unit describes it in one period",
    FormKind.REGISTER,
    (
        Column(
            "entity_code",
            "Mã số đăng ký/mã số thuế",
            ENTITY_CODE.description,
            aliases=("mã chủ thể", "mã số đăng ký", "mã số thuế"),
            may_hold_citizen_id=True,
        ),
        Column("entity_name", "Tên chủ thể", "Name of the entity", required=True),
        Column("entity_type", "Loại hình", "Legal form", required=True, choices=ENTITY_TYPES),
        Column("commune_code", "Xã", "Commune of the entity", ColumnType.COMMUNE),
        Column("joined_date", "Ngày tham gia", "Day the entity joined the programme", ColumnType.DATE),
        Column("is_woman_led", "Chủ thể nữ", "Is the entity led by a woman", ColumnType.BOOLEAN),
        Column(
            "regular_workers",
            "Lao động thường xuyên",
            "Regular workers stated by the unit",
            ColumnType.INTEGER,
            minimum=0,
            maximum=100_000,
            is_suppressed=True,
        ),
    ),
    key=("entity_code", "entity_name"),
)

_DECISION_DATE = Column("decision_date", "Ngày quyết định", "Day of the decision", ColumnType.DATE)
_EXPIRY_DATE = Column("expiry_date", "Ngày hết hạn", "First day on which it is no longer valid", ColumnType.DATE)
PRODUCT_EVENTS = Form(
    "product_events",
    "Sản phẩm",
    "a registration, certification or revocation of a product",
    FormKind.REGISTER,
    (
        PRODUCT_CODE,
        Column("product_name", "Tên sản phẩm", "Name of the product or product group", required=True),
        Column("product_group", "Nhóm", "Product group I to VI of Decision 148/QĐ-TTg", choices=PRODUCT_GROUPS),
        ENTITY_CODE,
        Column("entity_name", "Tên chủ thể", "Name of the entity; needed where it has no code"),
        Column("commune_code", "Xã", "Commune of the product", ColumnType.COMMUNE),
        Column("event_kind", "Loại sự kiện", "What happened", required=True, choices=EVENT_KINDS),
        Column("stars", "Hạng sao", "Star rating of the decision", choices=STAR_RATINGS),
        Column("score", "Điểm", "Mean score of the council", ColumnType.NUMBER, minimum=0, maximum=100),
        Column("decision_number", "Số quyết định", "Number of the decision"),
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
)

PRODUCT_VALUES = Form(
    "product_values",
    "Giá trị",
    "a product in the period",
    FormKind.FLOW,
    (
        Column("product_code", "Mã sản phẩm", PRODUCT_CODE.description, required=True),
        Column("quantity", "Sản lượng", "Quantity produced", ColumnType.NUMBER, minimum=0),
        Column("quantity_unit", "Đơn vị tính", "Unit of the quantity"),
        Column("mean_price_vnd", "Giá bán bình quân", "Mean selling price, VND", ColumnType.NUMBER, minimum=0),
        Column(
            "revenue_vnd", "Doanh thu kỳ", "Revenue of the period, VND", ColumnType.NUMBER, required=True, minimum=0
        ),
        Column(
            "declared_online_revenue_vnd",
            "Doanh thu trực tuyến khai báo",
            "Part of the revenue declared as sold online, VND",
            ColumnType.NUMBER,
            minimum=0,
        ),
    ),
    key=("product_code",),
    is_monthly=True,
)

_START_DATE = Column("start_date", "Ngày bắt đầu", "First day", ColumnType.DATE, required=True)
_END_DATE = Column("end_date", "Ngày kết thúc", "First day on which it has ended; empty while open", ColumnType.DATE)
LINKAGE_CONTRACTS = Form(
    "linkage_contracts",
    "Liên kết chuỗi",
    "a linkage contract for a product",
    FormKind.EVENTS,
    (
        Column("product_code", "Mã sản phẩm", PRODUCT_CODE.description, required=True),
        Column("partner_name", "Đối tác", "Organisation on the other side"),
        Column("linkage_kind", "Loại liên kết", "Kind of linkage", choices=LINKAGE_KINDS),
        Column("contract_number", "Số hợp đồng", "Number of the contract", required=True),
        _START_DATE,
        _END_DATE,
    ),
    key=("product_code", "contract_number"),
    own_rules=(_not_before("end_before_start", _START_DATE, _END_DATE),),
)

_OPENED_DATE = Column("opened_date", "Ngày hoạt động", "Day the point opened", ColumnType.DATE, required=True)
_STOPPED_DATE = Column("stopped_date", "Ngày dừng", "First day on which it is closed", ColumnType.DATE)
SALES_POINTS = Form(
    "sales_points",
    "Điểm bán",
    "a point that introduces and sells OCOP products",
    FormKind.REGISTER,
    (
        Column("sales_point_code", "Mã điểm", "Code of the point", required=True),
        Column("sales_point_name", "Tên điểm", "Name of the point", required=True),
        Column("address", "Địa chỉ", "Address of the point"),
        Column("commune_code", "Xã", "Commune of the point", ColumnType.COMMUNE),
        Column("managed_by", "Đơn vị quản lý", "Organisation that runs it"),
        _OPENED_DATE,
        _STOPPED_DATE,
    ),
    key=("sales_point_code",),
    own_rules=(_not_before("stopped_before_opened", _OPENED_DATE, _STOPPED_DATE),),
)

PROMOTION_EVENTS = Form(
    "promotion_events",
    "Xúc tiến",
    "a trade promotion event",
    FormKind.EVENTS,
    (
        Column("event_code", "Mã sự kiện", "Code shared by all units that took part", required=True),
        Column("event_name", "Tên sự kiện", "Name of the event", required=True),
        Column("event_form", "Hình thức", "Fair, festival, connection conference ..."),
        _START_DATE,
        _END_DATE,
        Column("place", "Địa điểm", "Where it took place"),
        Column("product_count", "Số sản phẩm", "Products shown", ColumnType.INTEGER, minimum=0),
        Column("contract_count", "Số hợp đồng", "Contracts signed", ColumnType.INTEGER, minimum=0),
        Column("sales_vnd", "Doanh số", "Sales at the event, VND", ColumnType.NUMBER, minimum=0),
    ),
    key=("event_code",),
    own_rules=(_not_before("end_before_start", _START_DATE, _END_DATE),),
)

SUPPORT_DISBURSEMENTS = Form(
    "support_disbursements",
    "Kinh phí",
    "a disbursement of support; a refund is negative",
    FormKind.EVENTS,
    (
        Column("voucher_number", "Số chứng từ", "Number of the voucher", required=True),
        Column("funding_source", "Nguồn", "Where the money comes from", required=True, choices=FUNDING_SOURCES),
        Column("purpose", "Nội dung", "What it was paid for"),
        Column(
            "entity_code",
            "Mã chủ thể hoặc đơn vị",
            "Entity or unit that received it",
            aliases=("mã chủ thể",),
            may_hold_citizen_id=True,
        ),
        Column("amount_vnd", "Số tiền", "Amount, VND", ColumnType.NUMBER, required=True),
        Column("disbursed_date", "Ngày giải ngân", "Day of payment", ColumnType.DATE, required=True),
    ),
    key=("voucher_number",),
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
