"""Other headings and sheet names under which reporting units send the columns and forms of `district_forms`.

Belongs here: words that mean the same and nothing else. Stays out: words with a second reading, such as “đến ngày”
(the form asks for the first day on which something no longer holds, not for the last on which it does).
"""

HEADINGS: dict[str, tuple[str, ...]] = {
    "entity_code": (
        *("mã chủ thể", "mã số đăng ký", "mã số thuế", "mã số đăng ký/mã số thuế", "mã số thuế/mã số đăng ký", "mst"),
        *("mã số doanh nghiệp", "mã đơn vị"),
    ),
    "entity_name": ("chủ thể", "tên chủ thể sản xuất", "chủ thể sản xuất", "tên chủ thể ocop", "tên cơ sở"),
    "entity_type": ("loại hình chủ thể", "loại chủ thể", "loại hình tổ chức"),
    "commune_code": (
        *("mã xã", "tên xã", "xã/phường", "xã, phường", "xã/phường/thị trấn", "xã, phường, thị trấn", "phường/xã"),
        *("xã - phường", "xã/thị trấn", "địa bàn xã"),
    ),
    "joined_date": ("ngày tham gia chương trình", "ngày tham gia ocop", "thời điểm tham gia"),
    "is_woman_led": ("chủ thể là nữ", "nữ làm chủ", "do nữ làm chủ", "chủ là nữ"),
    "regular_workers": ("số lao động thường xuyên", "lđ thường xuyên", "lao động tx"),
    "product_code": ("mã sp", "mã số sản phẩm", "mã sản phẩm ocop", "mã ocop"),
    "product_name": (
        *("tên sp", "sản phẩm", "tên sản phẩm ocop", "tên sản phẩm/nhóm sản phẩm", "tên sản phẩm, nhóm sản phẩm"),
        "sản phẩm/nhóm sản phẩm",
    ),
    "product_group": ("nhóm sản phẩm", "nhóm sp"),
    "event_kind": ("sự kiện", "loại sự kiện ocop", "loại đánh giá"),
    "stars": ("số sao", "sao", "hạng", "xếp hạng", "phân hạng", "xếp hạng sao", "hạng sao ocop", "kết quả phân hạng"),
    "score": ("điểm số", "số điểm", "tổng điểm", "điểm đánh giá", "điểm trung bình"),
    "decision_number": ("số qđ", "quyết định số", "số quyết định công nhận", "quyết định công nhận"),
    "decision_date": ("ngày qđ", "ngày ký quyết định", "ngày ban hành quyết định", "ngày công nhận"),
    "expiry_date": ("hết hạn", "ngày hết hiệu lực", "ngày hết hạn giấy chứng nhận"),
    "quantity": ("số lượng", "sản lượng kỳ", "sản lượng trong kỳ", "sản lượng sản xuất"),
    "quantity_unit": ("đvt", "đơn vị", "đơn vị đo"),
    "mean_price_vnd": ("giá bán", "giá bán bq", "giá bình quân", "giá bán trung bình", "đơn giá", "đơn giá bình quân"),
    "revenue_vnd": ("doanh thu", "doanh thu trong kỳ", "doanh thu kỳ này", "doanh thu tháng", "tổng doanh thu"),
    "declared_online_revenue_vnd": (
        *("doanh thu trực tuyến", "doanh thu bán trực tuyến", "doanh thu online", "doanh thu tmđt"),
        *("doanh thu thương mại điện tử", "doanh thu trên sàn tmđt"),
    ),
    "partner_name": ("tên đối tác", "đối tác liên kết", "đơn vị liên kết", "bên liên kết"),
    "linkage_kind": ("loại hình liên kết", "hình thức liên kết", "kiểu liên kết"),
    "contract_number": ("số hđ", "hợp đồng số", "số hợp đồng liên kết"),
    "start_date": ("từ ngày", "bắt đầu", "ngày khai mạc", "ngày bắt đầu hiệu lực"),
    "end_date": ("kết thúc",),
    "sales_point_code": ("mã điểm bán", "mã điểm bán hàng", "mã số điểm"),
    "sales_point_name": ("tên điểm bán", "tên điểm bán hàng", "điểm bán", "tên điểm giới thiệu và bán sản phẩm"),
    "address": ("địa chỉ điểm bán", "địa điểm", "nơi đặt"),
    "managed_by": ("đơn vị vận hành", "cơ quan quản lý", "đơn vị chủ quản"),
    "opened_date": ("ngày bắt đầu hoạt động", "ngày khai trương", "ngày mở", "ngày đi vào hoạt động"),
    "stopped_date": ("ngày dừng hoạt động", "ngày ngừng", "ngày ngừng hoạt động", "ngày đóng"),
    "event_code": ("mã sk", "mã hoạt động"),
    "event_name": ("tên sk", "tên hội chợ", "tên hoạt động", "tên sự kiện xúc tiến"),
    "event_form": ("hình thức xúc tiến", "hình thức tổ chức", "loại hình sự kiện"),
    "place": ("nơi tổ chức", "địa điểm tổ chức"),
    "product_count": ("số sp", "số lượng sản phẩm", "số sản phẩm tham gia"),
    "contract_count": ("số hđ", "số hợp đồng đã ký", "số hợp đồng ký kết"),
    "sales_vnd": ("doanh số bán", "doanh số bán hàng", "doanh thu"),
    "voucher_number": ("chứng từ", "số ct", "số phiếu chi"),
    "funding_source": ("nguồn vốn", "nguồn kinh phí", "nguồn kinh phí hỗ trợ"),
    "purpose": ("nội dung chi", "nội dung hỗ trợ", "diễn giải"),
    "amount_vnd": ("kinh phí", "kinh phí hỗ trợ", "số tiền hỗ trợ", "số tiền giải ngân", "thành tiền"),
    "disbursed_date": ("ngày chi", "ngày chuyển tiền"),
}
"""By column, casefolded; a column of that name may stand in several forms."""

SHEETS: dict[str, tuple[str, ...]] = {
    "entities": ("chủ thể ocop", "danh sách chủ thể"),
    "product_events": ("sản phẩm ocop", "danh sách sản phẩm"),
    "product_values": ("giá trị sản phẩm", "giá trị sản xuất"),
    "linkage_contracts": ("liên kết", "liên kết chuỗi giá trị"),
    "sales_points": ("điểm bán hàng", "điểm giới thiệu"),
    "promotion_events": ("xúc tiến thương mại", "xttm"),
    "support_disbursements": ("kinh phí hỗ trợ",),
}
"""By form, casefolded."""
