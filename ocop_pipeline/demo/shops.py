"""Three simulated shops on marketplaces: what they list and what is ordered.

Belongs here: listings, orders, and the days on which an order settles. Stays out: the layout of an export.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from ocop_pipeline.demo.months import FIRST_VALUE_MONTH, LAST_MONTH, add_months, months
from ocop_pipeline.demo.names import PROVINCES, VARIATIONS
from ocop_pipeline.demo.records import Listing, Order, OrderLine, Product

SHOPS = {"ocop_dat_to": "shopee", "che_phu_tho": "tiktok_shop", "mi_gao_hung_lo": "lazada"}
"""Shop of the registry -> its marketplace."""
SOLD_STATUSES = frozenset({"Đã giao", "Hoàn thành"})
RETURNED = "Trả hàng"
LATE_ORDERS = ("ocop_dat_to", date(2023, 6, 1))
"""Shop and month of which some orders settle after the month's own export, and are not repeated by the next one."""
_WORDS = {"ocop_dat_to": (), "che_phu_tho": ("chè", "trà"), "mi_gao_hung_lo": ("mì", "mỳ", "bún")}
_SKU_PREFIX = {"ocop_dat_to": "DT", "che_phu_tho": "CHE", "mi_gao_hung_lo": "MI"}
_ORDERS_A_MONTH = {"ocop_dat_to": (110, 220), "che_phu_tho": (110, 220), "mi_gao_hung_lo": (50, 100)}
_UNMAPPED_SKUS = 2
_REMAPPED_ON = date(2023, 7, 1)
_STATUSES = {"Hoàn thành": 76, "Đã giao": 8, "Đã hủy": 10, RETURNED: 6}
_SECONDS_OF_SETTLING = 4 * 24 * 3600
_LATE_FROM, _LATE_SECONDS = datetime(2023, 7, 2, 8), 14 * 24 * 3600  # noqa: DTZ001 - local time, as all of the orders
_LATE_DAYS = range(8, 21)


def invent_listings(rng: Random, products: Sequence[Product]) -> list[Listing]:
    """10 to 18 SKUs per shop; some unmapped, one mapped to no official code, one another product from 01/07/2023 on."""
    listings: list[Listing] = []
    for shop, marketplace in SHOPS.items():
        fitting = [p for p in products if not _WORDS[shop] or p.name.casefold().startswith(_WORDS[shop])]
        chosen = rng.sample(fitting, min(len(fitting), rng.randint(10, 18)))
        for number, product in enumerate(chosen, start=1):
            sku = f"{_SKU_PREFIX[shop]}-{number:03d}"
            listings.append(Listing(shop, marketplace, sku, product.name, product, product.price))
        for number in range(1, _UNMAPPED_SKUS + 1):
            sku = f"{_SKU_PREFIX[shop]}-X{number:02d}"
            listings.append(Listing(shop, marketplace, sku, f"Quà tặng {number}", None, 30_000))
    tea = Listing("che_phu_tho", "tiktok_shop", "CHE-N01", "Chè lam", None, 60_000, unofficial_code="CHE LAM 01")
    listings.append(tea)
    moved = listings[0]
    listings[0] = replace(moved, until=_REMAPPED_ON)
    heir = next(p for p in products if moved.product and p.commune != moved.product.commune)
    listings.insert(1, replace(moved, product=heir, name=heir.name, since=_REMAPPED_ON))
    return listings


def invent_orders(rng: Random, listings: Sequence[Listing]) -> list[Order]:
    """Orders of every shop and month, by shop and time."""
    orders: list[Order] = []
    for shop in SHOPS:
        mine = [listing for listing in listings if listing.shop == shop]
        for month in months(FIRST_VALUE_MONTH, LAST_MONTH):
            minutes = (add_months(month, 1) - month).days * 24 * 60
            times = sorted(rng.randrange(minutes) for _ in range(rng.randint(*_ORDERS_A_MONTH[shop])))
            for number, minute in enumerate(times, start=1):
                ordered = datetime.combine(month, datetime.min.time()) + timedelta(minutes=minute)
                orders.append(_order(rng, shop, number, ordered, mine))
    return orders


def _order(rng: Random, shop: str, number: int, ordered: datetime, listings: Sequence[Listing]) -> Order:
    status = rng.choices(list(_STATUSES), list(_STATUSES.values()))[0]
    first_status = status if status == "Đã hủy" else rng.choice(("Chờ xác nhận", "Đang giao"))
    on_sale = [item for item in listings if _is_on_sale(item, ordered.date())]
    chosen = rng.sample(on_sale, rng.choices((1, 2, 3), (60, 28, 12))[0])
    if rng.random() < 1 / 60:
        chosen.append(chosen[0])
    voucher_percent = rng.choice((0, 0, 0, 5, 10)) if SHOPS[shop] == "shopee" else 0
    lines = tuple(_line(rng, listing, status, voucher_percent) for listing in chosen)
    if rng.random() < 1 / 300:
        bulk = rng.randint(20, 40)
        lines = (replace(lines[0], quantity=bulk, returned=bulk if status == RETURNED else 0), *lines[1:])
        lines = (replace(lines[0], voucher=bulk * lines[0].price * voucher_percent // 100), *lines[1:])
    settled = ordered + timedelta(seconds=rng.randrange(3600, _SECONDS_OF_SETTLING))
    if (shop, ordered.date().replace(day=1)) == LATE_ORDERS and ordered.day in _LATE_DAYS and rng.random() < 1 / 4:
        settled = _LATE_FROM + timedelta(seconds=rng.randrange(_LATE_SECONDS))
    province, buyer = rng.choice(PROVINCES), rng.randrange(1, 10_000)
    is_told_apart = _can_be_told_apart(shop, status, ordered, lines) and rng.random() < 1 / 2
    order_id = _order_id(shop, ordered, number)
    return Order(order_id, shop, lines, status, first_status, ordered, settled, province, buyer, is_told_apart)


def _line(rng: Random, listing: Listing, status: str, voucher_percent: int) -> OrderLine:
    quantity = rng.choices((1, 2, 3, 5), (55, 28, 12, 5))[0]
    returned = 0
    if status == RETURNED:
        returned = quantity
    elif status in SOLD_STATUSES and quantity > 1 and rng.random() < 1 / 25:
        returned = 1
    price = round(listing.price * rng.uniform(0.95, 1.05) / 1000) * 1000
    off = round(price * rng.uniform(0.02, 0.15) / 100) * 100 if rng.random() < 1 / 4 else 0
    # Shopee's exports tell of vouchers for the order, the others of what was taken off each unit.
    unit_discount = 0 if listing.marketplace == "shopee" else off
    voucher = quantity * price * voucher_percent // 100
    return OrderLine(listing, rng.choice(VARIATIONS), quantity, returned, price, voucher, unit_discount)


def _can_be_told_apart(shop: str, status: str, ordered: datetime, lines: Sequence[OrderLine]) -> bool:
    """Whether TikTok's list of returns can be where a part of the order comes back; it tells no equal items apart."""
    is_part = status in SOLD_STATUSES and any(line.returned for line in lines)
    is_clear = len({line.listing.sku for line in lines}) == len(lines)
    return SHOPS[shop] == "tiktok_shop" and is_part and is_clear and ordered.date() < LAST_MONTH


def _order_id(shop: str, ordered: datetime, number: int) -> str:
    """An order's number as its marketplace writes it: letters, 18 digits or 15 digits."""
    match SHOPS[shop]:
        case "shopee":
            return f"{ordered:%y%m%d}{_SKU_PREFIX[shop]}{number:06d}"
        case "tiktok_shop":
            return f"5764{ordered:%y%m%d}{number:08d}"
        case _:
            return f"4{ordered:%y%m%d}{number:08d}"


def _is_on_sale(listing: Listing, day: date) -> bool:
    return (listing.since is None or listing.since <= day) and (listing.until is None or day < listing.until)
