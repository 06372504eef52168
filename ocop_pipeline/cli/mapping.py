"""What a mapping file would read of an export, before any shop uses it.

Belongs here: mapping check. Stays out: reading (`sources`), the warehouse.
"""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ocop_pipeline.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

    from ocop_pipeline.sources.marketplace_layout import Layout

_WIDTH = 116
_SHOWN = ("order_id", "line_key", "status", "quantity", "returned_quantity", "net_vnd", "ordered_at")
_SHOWN_OF_RETURNS = ("return_id", "order_id", "line_key", "status", "returned_quantity", "refund_vnd", "requested_at")
_SUMS = ("quantity", "gross_vnd", "seller_discount_vnd", "net_vnd")
_SUMS_OF_RETURNS = ("returned_quantity", "refund_vnd")
_TEXTS = ("return_id", "order_id", "line_key", "status")
_FIRST = 3


@click.group()
def mapping() -> None:
    """Mapping files: how the exports of a marketplace are read."""


@mapping.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("sample", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path, sample: Path) -> None:
    """Show what the mapping FILE would read of the export SAMPLE; nothing is stored."""
    from ocop_pipeline.contracts import Limits
    from ocop_pipeline.sources.document import FileRejectedError
    from ocop_pipeline.sources.ecommerce_sales import SOURCE, tried
    from ocop_pipeline.sources.reference import Reference
    from ocop_pipeline.sources.sandbox import Sandbox

    settings = Settings()
    limits: Limits = SOURCE.limits
    try:
        with Sandbox(Reference.load(settings.seeds, settings.mappings)) as sandbox:
            layout, rows = sandbox.call(sample.name, limits, tried, file.absolute(), sample.absolute())
    except FileRejectedError as error:
        message = f"{error.place}: {error.reason_en} | {error.reason_vi}"
        raise click.ClickException(message) from error
    _print_columns(layout)
    _print_statuses(layout, rows)
    _print_rows(layout, rows)


def _print_columns(layout: "Layout") -> None:
    click.echo(f"{layout.mapping.title}: {len(layout.positions)} columns are read")
    for name in layout.positions:
        click.echo(_cut(f"  {name:22} {' / '.join(layout.mapping.columns[name])}"))
    lists = {
        "not in the sample": [f"{name} ({layout.mapping.columns[name][0]})" for name in layout.missing],
        "personal, dropped": layout.personal,
        "ignored": layout.ignored,
        "not in the mapping, not read": layout.new,
    }
    for title, headings in lists.items():
        if headings:
            click.echo(_cut(f"{title}: {', '.join(headings)}"))


def _print_statuses(layout: "Layout", rows: "pd.DataFrame") -> None:
    click.echo("statuses:")
    counts = Counter(zip(rows["status_raw"].fillna(""), rows["status"].fillna(""), strict=True))
    for (word, status), count in counts.most_common():
        is_known = word and status in layout.mapping.statuses
        click.echo(
            _cut(f"  {count:>8}  {word or '(empty)'} -> {status if is_known else 'UNKNOWN, goes to quarantine'}")
        )


def _print_rows(layout: "Layout", rows: "pd.DataFrame") -> None:
    import pandas as pd

    is_lines = layout.mapping.form == "order_lines"
    for number, row in enumerate(
        rows.head(_FIRST)[[*(_SHOWN if is_lines else _SHOWN_OF_RETURNS)]].to_dict("records"), 1
    ):
        click.echo(
            _cut(f"row {number}: " + ", ".join(f"{name} {cell}" for name, cell in row.items() if pd.notna(cell)))
        )
    for name in _SHOWN if is_lines else _SHOWN_OF_RETURNS:
        unread = rows[name][rows[name].map(lambda cell, name=name: _is_unread(name, cell))]
        if len(unread):
            click.echo(_cut(f"{name}: {len(unread)} cells cannot be read, go to quarantine: “{unread.iloc[0]}” ..."))
    sums = (
        ("quantity", "gross_vnd", "seller_discount_vnd", "net_vnd") if is_lines else ("returned_quantity", "refund_vnd")
    )
    totals = [f"{name} {pd.to_numeric(rows[name], errors='coerce').sum():,.0f}" for name in sums]
    click.echo(_cut(f"{len(rows)} rows, of every status: {', '.join(totals)}"))


def _is_unread(name: str, cell: object) -> bool:
    return name not in _TEXTS and isinstance(cell, str)


def _cut(line: str) -> str:
    return line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "…"
