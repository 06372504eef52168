"""The sources, one module each: their columns, their rules, and how their files are read.

Belongs here: pure pandas. Stays out: storage, judging, Dagster; and no source imports another.
"""

from ocop_pipeline.contracts import Form, Source
from ocop_pipeline.sources import district_submissions, ecommerce_sales, labour_statistics, registries

ALL_SOURCES: tuple[Source, ...] = (
    district_submissions.SOURCE,
    ecommerce_sales.SOURCE,
    labour_statistics.SOURCE,
    registries.SOURCE,
)
ALL_FORMS: tuple[Form, ...] = tuple(form for source in ALL_SOURCES for form in source.forms)
