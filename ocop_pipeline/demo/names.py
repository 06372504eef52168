"""Names that sound right for the simulated products, producers and places of sale.

Belongs here: word lists and nothing else. Stays out: real products (`recognised_products.csv`).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Trade:
    """A kind of product: its name, its group of Decision 148, what its producers call their trade, its price."""

    name: str
    group: str
    trade: str
    unit: str
    price: int


TRADES = (
    Trade("Chè xanh", "I", "chè", "kg", 250_000),
    Trade("Chè đinh", "I", "chè", "kg", 900_000),
    Trade("Chè shan", "I", "chè", "kg", 420_000),
    Trade("Trà túi lọc", "I", "chè", "hộp", 65_000),
    Trade("Mật ong hoa rừng", "I", "nuôi ong", "lít", 220_000),
    Trade("Mật ong hoa nhãn", "I", "nuôi ong", "lít", 180_000),
    Trade("Mì gạo", "I", "mì gạo", "kg", 45_000),
    Trade("Bún khô", "I", "mì gạo", "kg", 42_000),
    Trade("Mì rau củ", "I", "mì gạo", "kg", 52_000),
    Trade("Bánh chưng", "I", "bánh truyền thống", "chiếc", 60_000),
    Trade("Bánh sắn", "I", "bánh truyền thống", "hộp", 50_000),
    Trade("Thịt chua", "I", "chế biến thực phẩm", "hộp", 55_000),
    Trade("Thịt chua ống nứa", "I", "chế biến thực phẩm", "hộp", 75_000),
    Trade("Giò lụa", "I", "chế biến thực phẩm", "kg", 180_000),
    Trade("Cá thính", "I", "chế biến thực phẩm", "kg", 240_000),
    Trade("Rau sắn muối chua", "I", "chế biến nông sản", "hộp", 35_000),
    Trade("Măng khô", "I", "chế biến nông sản", "kg", 260_000),
    Trade("Tương nếp", "I", "làm tương", "lít", 50_000),
    Trade("Tinh bột nghệ", "I", "chế biến nông sản", "kg", 400_000),
    Trade("Tinh bột sắn dây", "I", "chế biến nông sản", "kg", 190_000),
    Trade("Dầu lạc", "I", "ép dầu", "lít", 150_000),
    Trade("Gạo nếp", "I", "lúa gạo", "kg", 38_000),
    Trade("Gạo tẻ thơm", "I", "lúa gạo", "kg", 26_000),
    Trade("Bưởi Diễn", "I", "cây ăn quả", "quả", 35_000),
    Trade("Bưởi đặc sản", "I", "cây ăn quả", "quả", 45_000),
    Trade("Hồng không hạt", "I", "cây ăn quả", "kg", 60_000),
    Trade("Chuối phấn vàng", "I", "cây ăn quả", "kg", 22_000),
    Trade("Trứng gà thảo dược", "I", "chăn nuôi", "hộp", 40_000),
    Trade("Gà đồi", "I", "chăn nuôi", "kg", 160_000),
    Trade("Nấm hương khô", "I", "nấm", "kg", 350_000),
    Trade("Rượu gạo", "II", "nấu rượu", "lít", 70_000),
    Trade("Rượu nếp cái", "II", "nấu rượu", "lít", 95_000),
    Trade("Trà thảo mộc", "III", "dược liệu", "hộp", 90_000),
    Trade("Cao dược liệu", "III", "dược liệu", "hộp", 320_000),
    Trade("Tinh dầu quế", "III", "dược liệu", "chai", 120_000),
    Trade("Nón lá", "IV", "thủ công", "chiếc", 60_000),
    Trade("Mây tre đan", "IV", "thủ công", "bộ", 280_000),
    Trade("Mộc mỹ nghệ", "IV", "mộc", "bộ", 1_500_000),
    Trade("Hoa lan", "V", "hoa cây cảnh", "chậu", 350_000),
    Trade("Du lịch cộng đồng", "VI", "du lịch", "lượt", 400_000),
)
QUALITIES = ("", " thượng hạng", " truyền thống", " đặc biệt", " sạch", " hữu cơ", " bản địa")
BRANDS = ("", " Đất Tổ", " Hùng Vương", " Sông Thao", " Trung Du", " Sông Lô", " Đồi Cọ")

ENTITY_KINDS = {"Hợp tác xã": 55, "Hộ kinh doanh": 22, "Doanh nghiệp": 14, "Tổ hợp tác": 5, "Trang trại": 4}
"""Legal forms and how often they occur among a hundred."""
ENTITY_PREFIX = {
    "Hợp tác xã": "HTX",
    "Hộ kinh doanh": "Hộ kinh doanh",
    "Doanh nghiệp": "Công ty TNHH",
    "Tổ hợp tác": "Tổ hợp tác",
    "Trang trại": "Trang trại",
}

PARTNERS = (
    "Siêu thị nông sản sạch Đất Tổ",
    "Công ty phân phối thực phẩm Trung Du",
    "Chuỗi cửa hàng quà quê",
    "Hợp tác xã vùng nguyên liệu",
    "Đại lý nông sản Hà Nội",
)
LINKAGE_KINDS = ("Cung ứng nguyên liệu", "Tiêu thụ sản phẩm", "Sản xuất - tiêu thụ")
PROMOTIONS = (
    ("Hội chợ Hùng Vương", "Hội chợ"),
    ("Tuần lễ sản phẩm OCOP", "Tuần hàng"),
    ("Hội nghị kết nối cung cầu", "Kết nối cung cầu"),
    ("Lễ hội chè", "Lễ hội"),
    ("Phiên chợ nông sản an toàn", "Hội chợ"),
    ("Ngày hội bưởi", "Lễ hội"),
)
FUNDING = (
    ("Ngân sách tỉnh", "Hỗ trợ bao bì, nhãn mác"),
    ("Ngân sách huyện", "Hỗ trợ xây dựng hồ sơ sản phẩm"),
    ("Ngân sách trung ương", "Hỗ trợ máy móc, thiết bị"),
    ("Lồng ghép", "Đào tạo, tập huấn chủ thể"),
    ("Xã hội hóa", "Xây dựng điểm bán hàng"),
)
PROVINCES = ("Phú Thọ", "Hà Nội", "Vĩnh Phúc", "Hải Phòng", "Đà Nẵng", "TP. Hồ Chí Minh", "Nghệ An", "Yên Bái")
VARIATIONS = ("Gói 250g", "Gói 500g", "Hộp quà", "Loại thường")
