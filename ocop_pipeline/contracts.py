"""The vocabulary of the project: what a source promises, stated once.

A `Form` says which columns a table has and which rules its rows obey. From that one statement come the
raw table (`warehouse`), the Great Expectations suite (`quality`), the reading of cells (`sources.cells`)
and the sentence the sender gets in Vietnamese.

Belongs here: frozen dataclasses and the rules that follow from a column. Stays out: pandas, SQL,
Great Expectations, Dagster, and anything about one particular source.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ocop_pipeline.reasons import NOT_COMPUTED, PRECISE, UNREADABLE

if TYPE_CHECKING:
    from ocop_pipeline.sources.document import Arrival, Document
    from ocop_pipeline.sources.reference import Reference


class ColumnType(StrEnum):
    """How a cell is read and which type its raw column gets."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    TIMESTAMP = "timestamp"
    BOOLEAN = "boolean"
    COMMUNE = "commune"
    """A commune's name or code, stored as its code ("07900", text): resolved inside the reporting unit."""
    UNIT = "unit"
    """A province's or district's name or code, stored as its code: any that ever was, they are never reused."""


class FormKind(StrEnum):
    """What a row states, hence what its key is the key of."""

    REGISTER = "register"
    EVENTS = "events"
    FLOW = "flow"


class Archive(StrEnum):
    """What the archive keeps of an accepted file."""

    ORIGINAL = "original"
    REDACTED = "redacted"
    NONE = "none"


@dataclass(frozen=True)
class Limits:
    """What reading one file of a source may take: memory and seconds of computing, bytes of content unpacked.

    The seconds are those of one piece where a file is read piece after piece.
    """

    memory_bytes: int = 512 << 20
    seconds: float = 30
    content_bytes: int = 128 << 20


PROBLEM_SUFFIX = "__problem"
PROBLEM_DETAIL = ": "
"""Between the word for a problem and what helps the sender."""
REPEAT_COLUMN = "repeat_number"
"""0 for a row, 1, 2 ... for its exact repetitions in the same file."""


@dataclass(frozen=True)
class When:
    """A row qualifies when the column is null (`one_of` is None) or holds one of the values."""

    column: str
    one_of: tuple[str | int, ...] | None


@dataclass(frozen=True)
class Rule:
    """One thing that must hold, judged by the Great Expectations class it names.

    With `when` it must hold only in rows that meet one of these conditions. `columns` are the cells that a
    breach blames. The reasons may use `{heading}`, `{value}` (what the cell said), `{allowed}` and `{meant_vi}` or
    `{meant_en}` (a question whether something else was meant, where that is plain), those of `precise` also `{detail}`:
    by problem word, the rule to name instead where more is known of what is wrong.
    """

    code: str
    expectation: str
    arguments: Mapping[str, Any]
    columns: tuple[str, ...]
    reason_vi: str
    reason_en: str
    when: tuple[When, ...] = ()
    precise: "Mapping[str, Rule]" = field(default_factory=dict)

    def named(self, problem: str) -> "Rule":
        """The rule to tell the sender of, by what stands in the column's `__problem`: `word` or `word: detail`."""
        word, _, detail = problem.partition(PROBLEM_DETAIL)
        found = self.precise.get(word, self)
        escaped = detail.replace("{", "{{").replace("}", "}}")
        reason_vi, reason_en = (said.replace("{detail}", escaped) for said in (found.reason_vi, found.reason_en))
        return replace(found, reason_vi=reason_vi, reason_en=reason_en)


@dataclass(frozen=True)
class Column:
    """One column of a form.

    `heading` is what officials read, `aliases` are other headings that mean the same. `choices` maps the accepted words
    (casefolded) to the stored value; `other_words` are what people write instead, read as a repair. `scale` turns the
    sender's unit, `stated_in`, into the stored one (1,000 for a column in nghìn đồng); `slip` is the factor by which
    numbers are commonly wrong, and what is nearer to 0 than `least`, in the stored unit, but not 0, can only be a slip.
    Where `adds_up`, a row of totals must hold the sum. A number may carry a unit of its own: one of `units`, which say
    what each is worth in the stored unit, or the one in the row's `unit_column`.
    `is_suppressed` marks a measure about people that must not
    be published for small groups (Law 91/2025/QH15). `may_hold_citizen_id` marks codes among which a household
    business's tax code may be its owner's citizen id: such a cell is emptied while the file is read. `hint` is what a
    sender has to know beyond the heading, in Vietnamese.
    """

    name: str
    heading: str
    description: str
    type: ColumnType = ColumnType.TEXT
    required: bool = False
    aliases: tuple[str, ...] = ()
    choices: Mapping[str, str] | None = None
    other_words: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, int] = field(default_factory=dict)
    unit_column: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    least: float | None = None
    pattern: str | None = None
    scale: int = 1
    slip: int | None = None
    stated_in: str = ""
    adds_up: bool = True
    is_suppressed: bool = False
    may_hold_citizen_id: bool = False
    hint: str = ""

    @property
    def problem(self) -> str:
        """Name of the column that says why a cell could not be read; null when it could."""
        return self.name + PROBLEM_SUFFIX

    @property
    def is_money(self) -> bool:
        """Whether its numbers are amounts of money."""
        return "đồng" in self.units

    def rules(self) -> list[Rule]:
        """The rules that follow from the column alone."""
        found: list[Rule] = []
        if self.required:
            found.append(
                Rule(
                    f"{self.name}_missing",
                    "ExpectColumnValuesToNotBeNull",
                    {"column": self.name},
                    (self.name,),
                    "Thiếu “{heading}”.",
                    "“{heading}” is missing.",
                    # A cell that could not be read is blamed once, as unreadable, not also as missing.
                    () if self.type is ColumnType.TEXT and self.choices is None else (When(self.problem, None),),
                )
            )
        if self.type is ColumnType.TEXT:
            found.append(self._readable(*NOT_COMPUTED))
        else:
            noun, *reasons = UNREADABLE[self.type]
            rule = self._readable(f"not_{noun}", *reasons)
            known = {**PRECISE.get(self.type, {}), NOT_COMPUTED[0]: NOT_COMPUTED}
            found.append(replace(rule, precise={word: self._readable(*said) for word, said in known.items()}))
        if self.choices is not None:
            found.append(
                Rule(
                    f"{self.name}_unknown",
                    "ExpectColumnValuesToBeInSet",
                    {"column": self.name, "value_set": sorted(set(self.choices.values()))},
                    (self.name,),
                    "“{heading}”: không nhận ra “{value}”. Chỉ dùng: {allowed}.",
                    "“{heading}”: “{value}” is not one of: {allowed}.",
                )
            )
        if self.minimum is not None or self.maximum is not None:
            found.append(
                Rule(
                    f"{self.name}_out_of_range",
                    "ExpectColumnValuesToBeBetween",
                    {
                        "column": self.name,
                        "min_value": _scaled(self.minimum, self.scale),
                        "max_value": _scaled(self.maximum, self.scale),
                    },
                    (self.name,),
                    "“{heading}”: “{value}” nằm ngoài khoảng cho phép ({allowed}).{meant_vi}",
                    "“{heading}”: “{value}” is outside the allowed range ({allowed}).{meant_en}",
                )
            )
        if self.pattern is not None:
            found.append(
                Rule(
                    f"{self.name}_malformed",
                    "ExpectColumnValuesToMatchRegex",
                    {"column": self.name, "regex": self.pattern},
                    (self.name,),
                    "“{heading}”: “{value}” không đúng mẫu.",
                    "“{heading}”: “{value}” does not have the expected form.",
                )
            )
        return found

    def _readable(self, what: str, reason_vi: str, reason_en: str) -> Rule:
        code, blamed = f"{self.name}_{what}", (self.name,)
        return Rule(code, "ExpectColumnValuesToBeNull", {"column": self.problem}, blamed, reason_vi, reason_en)

    def meant(self, value: float | None) -> str:
        """What a sender would write but for the `slip` that put a stored value out of bounds; "" where not plain."""
        if self.slip is None or value is None or self.minimum is None or self.maximum is None:
            return ""
        stated = value / self.scale
        found = [
            number for number in (stated / self.slip, stated * self.slip) if self.minimum <= number <= self.maximum
        ]
        return _shown(found[0]) if len(found) == 1 else ""

    def allowed(self) -> str:
        """What the column accepts, for the sentence that the sender reads."""
        if self.choices is not None:
            first_word: dict[str, str] = {}
            for word, value in self.choices.items():
                first_word.setdefault(value, word)
            return ", ".join(first_word.values())
        return f"{_shown(self.minimum)} – {_shown(self.maximum)} {self.stated_in}".rstrip()


@dataclass(frozen=True)
class Form:
    """One table that a source brings: `name` is the raw table, the asset key and the GX suite.

    `grain` completes "one row is ...". `key` names the columns that identify a row inside one submission;
    without a key rows may repeat. An `is_monthly` flow is reported by the month and by nothing else, so that
    nothing is counted twice under two kinds of period. `sheet` is the worksheet's name, `sheet_aliases` others for it.
    `day_column` names the timestamp by whose day, inside a load, the rows are looked up, where a form has too many to
    be read as a whole every night.
    """

    name: str
    sheet: str
    grain: str
    kind: FormKind
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    own_rules: tuple[Rule, ...] = ()
    is_monthly: bool = False
    sheet_aliases: tuple[str, ...] = ()
    day_column: str | None = None

    def column(self, name: str) -> Column:
        """The column of that name; KeyError if the form has none."""
        return {column.name: column for column in self.columns}[name]

    def rules(self) -> list[Rule]:
        """Every rule of the form: those of its columns, its key, and its own."""
        rules = [rule for column in self.columns for rule in column.rules()]
        if self.key:
            headings = ", ".join(self.column(name).heading for name in self.key)
            rules.append(
                Rule(
                    "duplicate_row",
                    "ExpectColumnValuesToBeInSet",
                    {"column": REPEAT_COLUMN, "value_set": [0]},
                    self.key,
                    "Dòng này lặp lại nguyên một dòng ở trên.",
                    "This row repeats an earlier row of the same sheet.",
                )
            )
            rules.append(
                Rule(
                    "conflicting_rows",
                    "ExpectCompoundColumnsToBeUnique",
                    {
                        "column_list": ["file_number", *self.key],
                        "ignore_row_if": "never",
                    },
                    self.key,
                    f"Có nhiều dòng khác nhau cho cùng một ({headings}); không đoán dòng nào đúng.",
                    f"Several different rows share one ({headings}); none is guessed to be right.",
                    (When(REPEAT_COLUMN, (0,)),),
                )
            )
        rules.extend(self.own_rules)
        return rules


@dataclass(frozen=True)
class Source:
    """One way in: `inbox` is its folder under the inbox, `forms` the tables it brings.

    `read` opens one arrival; where files may be too large to hold, `pieces` reads them piece after piece, to
    the same rows. `archive` says what stays of an accepted file, `limits` what reading one may take.
    `filled_in` are the forms that reporting units fill in: they get a template of these, with the `notes` on it (in
    Vietnamese), and what was wrong goes back to them.
    """

    name: str
    title: str
    description: str
    forms: tuple[Form, ...]
    archive: Archive
    suffixes: tuple[str, ...]
    read: "Callable[[Arrival, Reference], Document]"
    limits: Limits = Limits()
    pieces: "Callable[[Arrival, Reference], Iterator[Document]] | None" = None
    filled_in: tuple[Form, ...] = ()
    notes: tuple[str, ...] = ()

    def form(self, name: str) -> Form:
        """The form of that name; KeyError if the source has none."""
        return {form.name: form for form in self.forms}[name]


def _shown(bound: float | None) -> str:
    return "…" if bound is None else f"{bound:,.15g}".translate(str.maketrans(",.", ".,"))


def _scaled(bound: float | None, scale: int) -> float | None:
    return None if bound is None else bound * scale
