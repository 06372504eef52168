"""Which mapping reads an export, and where its columns stand: found by the headings, not by file name or folder.

Belongs here: recognising a layout, missing and new columns. Stays out: opening files (`marketplace_files`), what the
cells mean (`marketplace_lines`).
"""

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from ocop_pipeline.sources.document import FileRejectedError
from ocop_pipeline.sources.marketplace_mapping import Mapping
from ocop_pipeline.vietnamese.text import heading_key, normalise

_RECOGNISED_FROM = 2 / 3
_MOST_SUGGESTED = 3
_LONGEST_HEADING = 100
"""Shopee's longest has 49 characters: what is longer is a cell of data that lost its headings."""


@dataclass(frozen=True)
class Layout:
    """A mapping laid over the headings of one file.

    `positions` says where each mapped column stands, counted from 0; `missing` are mapped columns that the file lacks
    and can do without; `new` headings that the mapping does not know, `ignored` and `personal` those it knows and does
    not read.
    """

    mapping: Mapping
    positions: MappingOf[str, int]
    missing: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()


def recognise(headings: Sequence[str], mappings: Sequence[Mapping]) -> Mapping | None:
    """The mapping that recognises most of its headings here, if any finds enough of them."""
    keys = {heading_key(heading) for heading in headings}

    def share(mapping: Mapping) -> float:
        wanted = [heading_key(heading) for heading in mapping.recognised_by]
        return sum(heading in keys for heading in wanted) / len(wanted) if wanted else 0

    best = max(mappings, key=share, default=None)
    return best if best is not None and share(best) >= _RECOGNISED_FROM else None


def layout_of(place: str, headings: Sequence[str], mapping: Mapping) -> Layout:
    """The mapping's columns among the headings; FileRejectedError when a required one is missing or stands twice."""
    places: dict[str, list[int]] = {}
    for position, heading in enumerate(headings):
        places.setdefault(heading_key(heading), []).append(position)
    positions: dict[str, int] = {}
    missing = []
    for name, wanted in mapping.columns.items():
        found = next((places[key] for heading in wanted if (key := heading_key(heading)) in places), None)
        if found is None:
            missing.append(name)
        elif len(found) > 1:
            raise _repeated(place, headings[found[0]])
        else:
            positions[name] = found[0]
    for name in mapping.required_columns:
        if name not in positions:
            raise _missing(place, mapping, name, [h for i, h in enumerate(headings) if i not in positions.values()])
    rest = [normalise(h) for i, h in enumerate(headings) if heading_key(h) and i not in positions.values()]
    mapped = {heading_key(heading) for wanted in mapping.columns.values() for heading in wanted}
    known, personal = ({heading_key(h) for h in listed} for listed in (mapping.ignored, mapping.personal))
    return Layout(
        mapping,
        positions,
        tuple(missing),
        tuple(h[:_LONGEST_HEADING] for h in rest if heading_key(h) not in known | personal | mapped),
        tuple(h for h in rest if heading_key(h) in known | mapped),
        tuple(h for h in rest if heading_key(h) in personal),
    )


def _missing(place: str, mapping: Mapping, name: str, others: Sequence[str]) -> FileRejectedError:
    heading = mapping.columns.get(name, (name,))[0]
    by_key = {heading_key(other): normalise(other) for other in others if len(other) <= _LONGEST_HEADING}
    near = [by_key[key] for key in get_close_matches(heading_key(heading), by_key, _MOST_SUGGESTED)]
    suggested = ", ".join(f"“{other}”" for other in near)
    hint_vi = f"; gần giống nhất trong tệp: {suggested}" if near else ""
    hint_en = f"; nearest in the file: {suggested}" if near else ""
    return FileRejectedError(
        place,
        "column_missing",
        f"Thiếu cột bắt buộc “{heading}” (mẫu “{mapping.title}”){hint_vi}.",
        f"The required column “{heading}” is missing (mapping “{mapping.title}”){hint_en}.",
    )


def _repeated(place: str, heading: str) -> FileRejectedError:
    return FileRejectedError(
        place, "column_repeated", f"Có hai cột “{heading}”.", f"There are two columns “{heading}”."
    )
