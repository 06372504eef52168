"""PostgreSQL stops at once in the middle of a night and is back ten seconds later: the same night ends well."""

import time

import psycopg2
import pytest
from psycopg2.extensions import make_dsn

from ocop_pipeline.warehouse.cluster import Cluster
from ocop_pipeline.warehouse.programs import installed_programs
from ocop_pipeline.warehouse.server import open_warehouse
from ocop_pipeline_tests.faults.conftest import Home
from ocop_pipeline_tests.faults.nights import begin_night, said, wait_until

pytestmark = pytest.mark.faults
SECONDS_AWAY = 10
MOMENTS = {
    "COPY": ("raw.product_values", "copy raw.product_values"),
    "dbt": ("intermediate.int_sales_daily", "delete from .*int_sales_daily"),
    "swap": ("marts.kpi_scorecard", "delete from .*kpi_scorecard"),
}
"""The table that somebody else keeps from being written to, and the statement that waits for it."""
_WAITING = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query ~ %s"


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_server_that_stops_and_comes_back_costs_a_night_nothing_but_time(home: Home, moment: str) -> None:
    table, statement = MOMENTS[moment]
    cluster = Cluster(home.settings.root / "warehouse" / "data", installed_programs())
    with open_warehouse(home.settings) as warehouse:
        keeping, looking = (psycopg2.connect(make_dsn(**warehouse.parameters)) for _ in range(2))
        looking.autocommit = True
        with keeping.cursor() as keeper, looking.cursor() as looker:
            # Against writing, not against reading.
            keeper.execute(f"lock table {table} in share row exclusive mode")
            night = begin_night(home.settings)

            def is_waiting() -> bool:
                looker.execute(_WAITING, (statement,))
                assert night.is_alive(), said(home.settings)
                return bool((looker.fetchone() or [0])[0])

            wait_until(is_waiting)
            cluster.programs.run("pg_ctl", "-w", "-m", "immediate", "-D", str(cluster.data), "stop")
        time.sleep(SECONDS_AWAY)
        cluster.start()
        night.join(120)
    assert night.exitcode == 0, said(home.settings)
    home.assert_as_undisturbed()
