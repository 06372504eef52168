"""Rows of an export as canonical order lines and returns: one pure function each, that keeps nothing between calls.

Belongs here: what the columns of a mapping amount to: key, status, quantities, amounts in VND. Stays out: which export
of a line counts, what is sold, revenue over windows (dbt).
"""

from datetime import datetime
from typing import Any

import pandas as pd

from ocop_pipeline.sources.document import SOURCE_ROW
from ocop_pipeline.sources.marketplace_cells import WRONG, amounts, moments, or_as_said, texts, words
from ocop_pipeline.sources.marketplace_mapping import Mapping
from ocop_pipeline.sources.reference import Shop
from ocop_pipeline.vietnamese.text import heading_key

_SETTLED = ("delivered", "completed")
_LINE_TIMES = ("ordered_at", "paid_at", "delivered_at", "completed_at", "cancelled_at")
_UNREADABLE = "(không đọc được)"


def canonical(rows: pd.DataFrame, mapping: Mapping, shop: Shop, until: datetime) -> pd.DataFrame:
    """Canonical lines: `source_row` and the columns of the form `order_lines`, in the order of `rows`.

    `rows` has `source_row` and a column per mapped column that the file has, cells as they came; of an order either
    all rows or none. Amounts are VND and times GMT+7; a cell that can't be read stays as it came, and so do a time
    after `until` and a negative number, with a word that says so.
    """
    cells = _Given(rows)
    lines = pd.DataFrame({SOURCE_ROW: rows[SOURCE_ROW]})
    lines["marketplace"], lines["shop_id"] = shop.marketplace, shop.shop_id
    lines["order_id"] = cells.text("order_id")
    lines["line_key"] = _item(cells)
    status_raw = cells.text("status")
    lines["status"] = _statuses(cells, status_raw, mapping)
    lines["status_raw"] = status_raw
    lines["seller_sku"] = _seller_sku(cells)
    for name in ("platform_sku_id", "product_name", "variation_name"):
        lines[name] = cells.text(name)
    lines = _with_amounts(_with_quantities(lines, cells, mapping), cells, mapping)
    for name in _LINE_TIMES:
        lines[name] = moments(cells[name], mapping.time, until)
    for name in ("cancel_reason", "ship_province"):
        lines[name] = cells.text(name)
    return lines


def canonical_returns(rows: pd.DataFrame, mapping: Mapping, shop: Shop, until: datetime) -> pd.DataFrame:
    """Returns as a file of returns states them: `source_row` and the columns of the form `order_returns`."""
    cells = _Given(rows)
    returns = pd.DataFrame({SOURCE_ROW: rows[SOURCE_ROW]})
    returns["marketplace"], returns["shop_id"] = shop.marketplace, shop.shop_id
    for name in ("return_id", "order_id"):
        returns[name] = cells.text(name)
    returns["line_key"] = _item(cells)
    returns["seller_sku"] = _seller_sku(cells)
    returns["platform_sku_id"] = cells.text("platform_sku_id")
    quantity = amounts(cells["returned_quantity"], mapping.numbers)
    returns["returned_quantity"] = or_as_said(quantity, cells["returned_quantity"])
    stated = "unit_refund_vnd" if "unit_refund_vnd" in mapping.columns else "refund_vnd"
    refund = amounts(cells[stated], mapping.numbers) * mapping.vnd_per_unit
    refund = (refund * quantity if stated == "unit_refund_vnd" else refund).abs().round(2)
    returns["refund_vnd"] = or_as_said(refund, cells[stated].where(refund.isna() & quantity.notna(), None))
    status_raw = cells.text("status")
    returns["status"] = words(status_raw, mapping.status_of)
    returns["status_raw"] = status_raw
    for name in ("requested_at", "returned_at"):
        returns[name] = moments(cells[name], mapping.time, until)
    return returns


class _Given:
    """The columns of an export; one that it lacks is empty."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self._rows = rows
        self._none = pd.Series(None, index=rows.index, dtype="object")
        self._texts: dict[str, pd.Series[Any]] = {}

    def __getitem__(self, name: str) -> "pd.Series[Any]":
        return self._rows.get(name, self._none)

    def text(self, name: str) -> "pd.Series[Any]":
        """The column's cells trimmed."""
        if name not in self._texts:
            self._texts[name] = texts(self[name])
        return self._texts[name]


def _seller_sku(cells: _Given) -> "pd.Series[Any]":
    return cells.text("seller_sku").fillna(cells.text("parent_sku"))


def _item(cells: _Given) -> "pd.Series[Any]":
    """The item of its order: the marketplace's own key, else the variation's SKU, else SKU or name and variation."""
    item = cells.text("item_id").fillna(cells.text("seller_sku"))
    if not (is_open := item.isna()).any():
        return item
    name = cells.text("parent_sku").fillna(cells.text("product_name"))
    variation = cells.text("variation_name").fillna("")
    return item.where(~is_open, (name + " " + variation).str.strip())


def _statuses(cells: _Given, status_raw: "pd.Series[Any]", mapping: Mapping) -> "pd.Series[Any]":
    """Canonical statuses; where another word of the row is unknown, that word, so that the row is no sale."""
    statuses = words(status_raw, mapping.status_of)
    substatus = cells.text("substatus")
    if substatus.notna().any():
        # TikTok says "Shipped" of what has been delivered and can still be sent back; the substatus says more.
        is_there = substatus.map({word: mapping.status_of(word) == "delivered" for word in substatus.dropna().unique()})
        statuses = statuses.mask((statuses == "shipped") & is_there.eq(True), "delivered")  # noqa: FBT003 - not a flag
    said = cells.text("return_word")
    known = {heading_key(word) for word in (*mapping.returned_words, *mapping.not_returned_words)}
    unknown = [word for word in said.dropna().unique() if heading_key(word) not in known]
    return statuses.mask(said.isin(unknown), said) if unknown else statuses


def _with_quantities(lines: pd.DataFrame, cells: _Given, mapping: Mapping) -> pd.DataFrame:
    """Units ordered and returned; a delivered line of which some or all came back says so in its status."""
    if mapping.grain == "unit":
        quantity = pd.Series(1.0, index=lines.index)
        lines["quantity"] = quantity
    else:
        quantity = amounts(cells["quantity"], mapping.numbers)
        told = cells["quantity"]
        is_wrong = quantity.lt(0) | (quantity % 1).gt(0)
        if not mapping.has_negative_lines and is_wrong.any():
            quantity, told = quantity.where(~is_wrong), told.where(~is_wrong, cells.text("quantity") + WRONG)
        lines["quantity"] = or_as_said(quantity, told)
    returned = amounts(cells["returned_quantity"], mapping.numbers)
    lines["returned_quantity"] = or_as_said(returned, cells["returned_quantity"])
    is_settled = lines["status"].isin(_SETTLED)
    said = cells.text("return_word")
    if said.notna().any():
        back = {heading_key(word) for word in mapping.returned_words}
        is_back = said.isin([word for word in said.dropna().unique() if heading_key(word) in back]) & is_settled
        counts = returned.fillna(0).eq(0) if mapping.is_return_per_line else cells.text("returned_quantity").isna()
        lines["returned_quantity"] = lines["returned_quantity"].mask(is_back & counts, quantity)
        returned = returned.mask(is_back & counts, quantity)
    is_part = is_settled & returned.gt(0) & quantity.gt(0)
    lines["status"] = (
        lines["status"].mask(is_part, "returned_part").mask(is_part & returned.ge(quantity), "returned_full")
    )
    return lines


def _with_amounts(lines: pd.DataFrame, cells: _Given, mapping: Mapping) -> pd.DataFrame:
    """Amounts in VND. `net_vnd` says “không đọc được” where an amount it needs is missing from the export's row."""
    money = {name: amounts(cells[name], mapping.numbers) * mapping.vnd_per_unit for name in _MONEY}
    list_price = cells["list_price_vnd"]
    if not mapping.has_negative_lines and any(money[name].lt(0).any() for name in _PRICES):
        list_price = list_price.where(~money["list_price_vnd"].lt(0), cells.text("list_price_vnd") + WRONG)
        money |= {name: money[name].where(money[name].ge(0)) for name in _PRICES}
    quantity, returned = (pd.to_numeric(lines[name], errors="coerce") for name in ("quantity", "returned_quantity"))
    # What came back takes its part of every discount with it, as a return told by a file of its own does.
    kept = ((quantity - returned.fillna(0)) / quantity).where(quantity.ne(0), 0.0)
    discount, platform = (money[f"{by}_discount_vnd"].abs() for by in ("seller", "platform"))
    seller = discount.fillna(0)
    if "subtotal_vnd" in mapping.columns:
        line_net = money["subtotal_vnd"] + platform.fillna(0)
        gross = line_net + seller
        net = line_net * kept
    else:
        price = money["price_vnd" if "price_vnd" in mapping.columns else "list_price_vnd"]
        gross = quantity * price
        seller = seller + _spread(lines["order_id"], gross, money)
        net = (gross - seller) * kept
    is_undone = (lines["status"] == "returned_full") & quantity.gt(0)
    lines["list_price_vnd"] = or_as_said(money["list_price_vnd"].round(4), list_price)
    lines["gross_vnd"] = gross.round(2)
    lines["seller_discount_vnd"] = seller.round(2)
    lines["platform_discount_vnd"] = platform.round(2)
    net = net.round(2).mask(is_undone, 0.0)
    is_named = quantity.isna() | money["list_price_vnd"].isna()
    bad = _is_unreadable(cells, money) | (net.isna() & ~is_named)
    lines["net_vnd"] = net.astype("object").mask(bad, _UNREADABLE) if bad.any() else net
    return lines


_MONEY = (
    *("list_price_vnd", "price_vnd", "subtotal_vnd", "seller_discount_vnd", "platform_discount_vnd"),
    *("order_voucher_vnd", "order_combo_vnd"),
)
_PRICES = ("list_price_vnd", "price_vnd", "subtotal_vnd")


def _is_unreadable(cells: _Given, money: "dict[str, pd.Series[float]]") -> "pd.Series[bool]":
    """Rows with an amount that is no number in a column that the line does not show as it came."""
    is_bad = pd.Series(data=False, index=money["list_price_vnd"].index)
    for name in _MONEY[1:]:
        is_bad |= money[name].isna() & cells.text(name).notna()
    return is_bad


def _spread(
    order_id: "pd.Series[Any]", gross: "pd.Series[float]", money: "dict[str, pd.Series[float]]"
) -> "pd.Series[float]":
    """Each line's part, pro rata of gross, of what the seller gave for the order as a whole; it adds up exactly."""
    repeated = money["order_voucher_vnd"].abs().fillna(0) + money["order_combo_vnd"].abs().fillna(0)
    if not repeated.any():
        return repeated
    order = order_id.factorize(use_na_sentinel=False)[0]
    weight = gross.fillna(0).abs()
    total = weight.groupby(order, sort=False).transform("sum")
    # An order of gifts alone has no gross value to go by.
    weight = weight.where(total > 0, 1.0)
    total = weight.groupby(order, sort=False).transform("sum")
    voucher = repeated.groupby(order, sort=False).transform("max")
    so_far = (voucher * weight.groupby(order, sort=False).cumsum() / total).round(2)
    return so_far - so_far.groupby(order, sort=False).shift(fill_value=0.0)
