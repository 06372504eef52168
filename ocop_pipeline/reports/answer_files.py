"""Where the answer to a submission lies in the outbox.

Belongs here: its name, and finding it again. Stays out: what it says.
"""

import re
from pathlib import Path, PurePosixPath

from ocop_pipeline.inbox import NOT_IN_A_NAME
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.warehouse.receipts import Submission

UNKNOWN_UNIT = "_khong-ro"
UNKNOWN_PERIOD = "_khong-ro-ky"
_PREFIX = re.compile(r"^tra-lai-(\d+)-")
_NAME_LENGTH = 60


def answers_lying(outbox: Path) -> dict[int, str]:
    """The answers in the outbox: path by the number of the submission they answer."""
    found = {}
    for path in outbox.glob("*/*/tra-lai-*.xlsx"):
        if match := _PREFIX.match(path.name):
            found[int(match[1])] = path.relative_to(outbox).as_posix()
    return found


def answer_path(number: int, file: Submission, reference: Reference) -> str:
    """`<unit>/<period>/tra-lai-<number>-<name>.xlsx`, so that the file, sent back, says what it answers.

    A table of the statistics office speaks for no unit.
    """
    codes = {unit.code for unit in reference.units}
    told = (file.unit_code, *PurePosixPath(file.inbox_path).parts[1:-1])
    unit = next((code for code in told if code in codes), UNKNOWN_UNIT)
    period = (file.period_label or UNKNOWN_PERIOD).replace("/", "_")
    stem = PurePosixPath(_PREFIX.sub("", file.file_name)).stem
    return f"{unit}/{period}/tra-lai-{number}-{NOT_IN_A_NAME.sub('_', stem)[-_NAME_LENGTH:]}.xlsx"
