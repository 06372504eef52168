"""Mapping files: how a marketplace's export becomes canonical order lines.

Belongs here: what a mapping file may say, and loading it. Stays out: applying it (`marketplace_layout`,
`marketplace_lines`), and any particular marketplace; those are the `.toml` files in `mappings/`, or the office's own.
"""

import tomllib
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from ocop_pipeline.sources.document import FileRejectedError
from ocop_pipeline.vietnamese.text import heading_key

_SHIPPED = Path(__file__).parent / "mappings"
_PERSONAL_WORDS = (
    *("điện thoại", "phone", "email", "e-mail", "địa chỉ", "address", "cccd", "cmnd", "căn cước", "số định danh"),
    *("người nhận", "recipient", "họ tên", "họ và tên", "tên khách", "customername", "username", "ghi chú", "note"),
    *("message", "nhận xét", "khách hàng", "customer"),
)
_PERSONAL_HEADINGS = frozenset({"người mua", "buyer", "tên người mua", "buyer name"})
"""What the headings of personal data are made of, and what they are; no column under such a heading can be mapped."""
_ALWAYS_REQUIRED = {
    "order_lines": ("order_id", "status", "quantity", "list_price_vnd", "ordered_at"),
    "order_returns": ("return_id", "order_id", "status", "returned_quantity", "requested_at"),
}
_INPUTS = {
    "order_lines": frozenset(
        (
            *("order_id", "status", "seller_sku", "platform_sku_id", "product_name", "variation_name", "quantity"),
            *("returned_quantity", "list_price_vnd", "seller_discount_vnd", "platform_discount_vnd", "ordered_at"),
            *("paid_at", "delivered_at", "completed_at", "cancelled_at", "cancel_reason", "ship_province"),
            *("item_id", "parent_sku", "substatus", "return_word", "price_vnd", "subtotal_vnd", "order_voucher_vnd"),
            "order_combo_vnd",
        )
    ),
    "order_returns": frozenset(
        (
            *("return_id", "order_id", "status", "seller_sku", "platform_sku_id", "product_name", "variation_name"),
            *("returned_quantity", "refund_vnd", "unit_refund_vnd", "requested_at", "returned_at", "item_id"),
            "parent_sku",
        )
    ),
}
LINE_STATUSES = (
    "unpaid",
    "pending",
    "to_ship",
    "shipped",
    "delivered",
    "completed",
    "cancelled",
    "failed_delivery",
    "returned_part",
    "returned_full",
)
"""Canonical statuses of a line, in the order in which a sale comes to them."""
RETURN_STATUSES = ("requested", "accepted", "completed", "rejected")
MoneyStyle = Literal["vi", "en", "vnd"]


def _as_tuple(said: object) -> object:
    return (said,) if isinstance(said, str) else said


Headings = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
"""One heading, or several of which the first that a file has is read: marketplaces rename their columns."""


class Mapping(BaseModel):
    """What a mapping file says.

    `columns` maps a column to its heading or headings; `required` adds to those that no file can do without. A file is
    recognised by `recognised_by`: two thirds of these headings, wherever it lies; without them the mapping is used for
    the shops only that name it. `ignored` and `personal` are the other headings of the export: one that is in none of
    the lists is new, and a warning says so where `ignored` is stated; a personal one can't be mapped.

    `status_words` and `status_prefixes` map the marketplace's words to canonical statuses, the longest prefix first,
    `status_default` stands for every other word (leave it out, and an unknown word is quarantined). `returned_words`
    and `not_returned_words` are those of the column `return_word`, which says that a line came back, of the line alone
    (`is_return_per_line`) or of its whole order; then it counts only where no returned quantity stands.

    A row is a line of an order, or one physical unit (`grain`). `numbers` is "vnd" where a separator before three
    digits always marks thousands; `time` is a strptime format, GMT+7; `vnd_per_unit` the fixed rate of the currency.
    A line's revenue is `subtotal_vnd` + `platform_discount_vnd` where a subtotal is mapped, else `price_vnd` (or
    `list_price_vnd`) by the quantity, less `seller_discount_vnd`, and of that the part that stayed sold;
    `order_voucher_vnd` and `order_combo_vnd` are borne by the seller, repeated on every line of the order and spread
    over these. Quantities are whole, and they and prices not negative, but for a shop that `has_negative_lines`, which
    tell a return on its own day.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    form: Literal["order_lines", "order_returns"] = "order_lines"
    marketplace: str | None = None
    recognised_by: tuple[str, ...] = ()
    grain: Literal["line", "unit"] = "line"
    has_description_row: bool = False
    numbers: MoneyStyle = "vi"
    time: str
    vnd_per_unit: float = 1.0
    columns: dict[str, Headings]
    required: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    status_words: dict[str, str] = Field(default_factory=dict)
    status_prefixes: dict[str, str] = Field(default_factory=dict)
    status_default: str | None = None
    returned_words: tuple[str, ...] = ()
    not_returned_words: tuple[str, ...] = ()
    is_return_per_line: bool = True
    has_negative_lines: bool = False

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        for name, headings in self.columns.items():
            if name not in _INPUTS[self.form]:
                message = f"[columns] {name} is none of: {', '.join(sorted(_INPUTS[self.form]))}"
                raise ValueError(message)
            for heading in headings:
                if self._is_personal(heading):
                    message = f"[columns] {name} = “{heading}”: a column of personal data can't be mapped"
                    raise ValueError(message)
        stated = {**self.status_words, **self.status_prefixes, "status_default": self.status_default}
        for word, status in stated.items():
            if status is not None and status not in self.statuses:
                message = f"“{word}” = “{status}” is no status; there are: {', '.join(self.statuses)}"
                raise ValueError(message)
        if self.recognised_by and not self.marketplace:
            message = "recognised_by needs the marketplace it recognises"
            raise ValueError(message)
        return self

    def _is_personal(self, heading: str) -> bool:
        key = heading_key(heading)
        is_listed = key in _PERSONAL_HEADINGS or key in map(heading_key, self.personal)
        return is_listed or any(word in key for word in _PERSONAL_WORDS)

    @property
    def statuses(self) -> tuple[str, ...]:
        """The canonical ones of its form."""
        return LINE_STATUSES if self.form == "order_lines" else RETURN_STATUSES

    @property
    def required_columns(self) -> tuple[str, ...]:
        """Columns without which a file is rejected."""
        names = (*_ALWAYS_REQUIRED[self.form], *self.required)
        return tuple(name for name in names if not (name == "quantity" and self.grain == "unit"))

    def status_of(self, word: str) -> str:
        """The canonical status; an unknown word stays as it is, so that it is never taken for a sale."""
        key = heading_key(word)
        if key in self._words:
            return self._words[key]
        fitting = [prefix for prefix in self._prefixes if key.startswith(prefix)]
        if fitting:
            return self._prefixes[max(fitting, key=len)]
        return self.status_default or word

    @cached_property
    def _words(self) -> dict[str, str]:
        return {heading_key(word): status for word, status in self.status_words.items()}

    @cached_property
    def _prefixes(self) -> dict[str, str]:
        return {heading_key(prefix): status for prefix, status in self.status_prefixes.items()}


def load_mapping(name: str, own_folder: Path) -> Mapping:
    """The mapping of that name: the office's own, else the shipped one; FileRejectedError when it is unusable."""
    for folder in (own_folder, _SHIPPED):
        path = folder / f"{name}.toml"
        if path.is_file():
            return read_mapping(path)
    raise FileRejectedError(
        name,
        "mapping_unknown",
        f"Không có tệp ánh xạ “{name}.toml”.",
        f"There is no mapping file “{name}.toml”.",
    )


def recognising_mappings(own_folder: Path) -> list[Mapping]:
    """Every mapping that recognises its files by their headings; the office's own of a name instead of the shipped.

    One that is unusable recognises nothing, and stops nobody else's files; whoever names it is told.
    """
    paths = {path.name: path for folder in (_SHIPPED, own_folder) for path in sorted(folder.glob("*.toml"))}
    found = []
    for path in paths.values():
        with suppress(FileRejectedError):
            found.append(read_mapping(path))
    return [mapping for mapping in found if mapping.recognised_by]


def read_mapping(path: Path) -> Mapping:
    """The mapping in that file; FileRejectedError that names its first fault."""
    try:
        return Mapping.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        fault = _first_fault(error)
        raise FileRejectedError(
            path.name,
            "mapping_unusable",
            f"Tệp ánh xạ {path.name} có lỗi: {fault}",
            f"The mapping file {path.name} cannot be used: {fault}",
        ) from error


def _first_fault(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error).splitlines()[0]
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"]))
    return f"{place}: {first['msg']}" if place else first["msg"].removeprefix("Value error, ")
