"""A simulated province: files for the inbox, and the answers that the scorecard must give about them.

Belongs here: inventing a province from one number, writing what its offices would send, and the answer key
worked out from what was invented. Stays out: anything that reads those files; the pipeline does not know
that they are simulated. Products in `recognised_products.csv` are real and named as publicly reported, with
their source; every figure, date and decision number about them and everything else is made up, and calibrated
to what the province published for the end of 2020, early 2023 and 24/11/2023.
"""

import os
from itertools import chain
from pathlib import Path

from ocop_pipeline.demo.answer_key import AnswerKey, answer_key
from ocop_pipeline.demo.answers import Figure
from ocop_pipeline.demo.district_files import district_files
from ocop_pipeline.demo.labour_files import labour_files
from ocop_pipeline.demo.mistakes import mistakes_in
from ocop_pipeline.demo.shop_files import shop_files
from ocop_pipeline.demo.world import invent

__all__ = ["DEFAULT_SEED", "AnswerKey", "Figure", "generate"]

DEFAULT_SEED = 4553
"""The number of the directive."""


def generate(inbox: Path, *, seeds_dir: Path, seed: int = DEFAULT_SEED) -> AnswerKey:
    """Write the province of that seed under `inbox` and return its answer key.

    About 400 files: `district_submissions/<district>/`, `ecommerce_sales/<shop>/` and `sku_products.xlsx`,
    `labour_statistics/<district>/`. The same seed gives the same bytes. `seeds_dir` holds the seed
    `units.csv`. Districts' files bear the time at which they were sent. The key belongs outside the inbox:
    `AnswerKey.write`.
    """
    world = invent(seed, seeds_dir)
    mistakes = mistakes_in(world)
    files = list(chain(district_files(world, mistakes), shop_files(world, mistakes), labour_files(world, mistakes)))
    for file in files:
        path = inbox / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
        if file.arrived:
            os.utime(path, (file.arrived.timestamp(),) * 2)
    return answer_key(world, files)
