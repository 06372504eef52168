"""Files that come twice, in the wrong order or while they are read; nights that come twice, late or elsewhere."""

import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ocop_pipeline.settings import VIETNAM
from ocop_pipeline.warehouse.ledger import submissions
from ocop_pipeline.warehouse.server import open_warehouse
from ocop_pipeline_tests.faults.conftest import EveningHomes, Home
from ocop_pipeline_tests.faults.nights import begin_night, said, spend_night
from ocop_pipeline_tests.faults.states import State
from ocop_pipeline_tests.faults.world import (
    LABOUR,
    LATE,
    MIDNIGHT,
    NEW,
    OLD,
    ON_TIME,
    ORDERS,
    evening,
    put,
    saved_at,
    values,
)

pytestmark = pytest.mark.faults
HOUR = timedelta(hours=1)


def figures(state: State) -> dict[str, str]:
    """The marts, without the list of files."""
    return {
        name: found for name, found in state.items() if name.startswith("marts.") and name != "marts.dim_submission"
    }


def outcomes(home: Home) -> list[tuple[str, str]]:
    with open_warehouse(home.settings) as warehouse:
        return [(file.inbox_path, str(file.outcome)) for file in submissions(warehouse).values()]


def test_the_same_files_under_other_names_and_again_the_next_night_and_an_older_version_change_no_figure(
    home: Home,
) -> None:
    later = saved_at(len(evening()))
    for place in (ON_TIME, NEW, ORDERS, LABOUR):
        content = (home.settings.inbox / place).read_bytes()
        put(home.settings.inbox, place.replace("2023-", "b_2023-").replace("b_2023-05", "2023-05_b"), content, later)
    assert spend_night(home.settings) == 0, said(home.settings)
    copies = [outcome for place, outcome in outcomes(home) if "b_2023" in place or "_b" in place]
    assert copies == ["duplicate"] * 4
    for place in (OLD, NEW, LABOUR):
        put(home.settings.inbox, place, evening()[place])
    put(home.settings.inbox, OLD.replace(".csv", "_cu.csv"), evening()[OLD], MIDNIGHT - HOUR)
    assert spend_night(home.settings) == 0, said(home.settings)
    assert [outcome for _, outcome in outcomes(home)[-4:]] == ["duplicate"] * 4
    assert figures(home.state()) == figures(home.undisturbed.state)


def test_two_nights_that_begin_at_once_are_one(home: Home) -> None:
    nights = [begin_night(home.settings) for _ in range(2)]
    for night in nights:
        night.join(180)
        assert night.exitcode == 0
    home.assert_as_undisturbed()


def test_a_file_that_grows_all_night_is_taken_in_the_next_one_as_it_ends(home: Home) -> None:
    whole = str(evening()[LABOUR]).encode()
    growing = put(home.settings.inbox, LABOUR, whole[:-20])
    is_over = threading.Event()

    def grow() -> None:
        while not is_over.wait(0.01):
            with growing.open("ab") as more:
                more.write(b"\r\n")

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        assert spend_night(home.settings) == 0, said(home.settings)
    finally:
        is_over.set()
        writer.join()
    assert growing.exists()
    home.state()
    put(home.settings.inbox, LABOUR, whole, saved_at(len(evening()) - 1))
    assert spend_night(home.settings) == 0, said(home.settings)
    home.assert_as_undisturbed()


def test_a_missed_night_is_made_up_for_by_the_next(evening_homes: EveningHomes) -> None:
    corrected = values(4_700_000)
    now = datetime.now(tz=VIETNAM)
    with evening_homes() as each_night, evening_homes() as missed:
        assert spend_night(each_night.settings) == 0, said(each_night.settings)
        for home in (each_night, missed):
            put(home.settings.inbox, NEW.replace("sua", "sua2"), corrected, now)
            assert spend_night(home.settings) == 0, said(home.settings)
        assert figures(missed.state()) == figures(each_night.state())


def test_the_day_is_that_of_vietnam_wherever_the_machine_stands(home: Home) -> None:
    now = datetime.now(tz=VIETNAM)
    zones = ("Etc/GMT+12", "Pacific/Kiritimati")
    zone = next(zone for zone in zones if now.astimezone(ZoneInfo(zone)).date() != now.date())
    assert spend_night(home.settings, TZ=zone) == 0, said(home.settings)
    home.assert_as_undisturbed()


def test_a_report_is_on_time_until_midnight_in_vietnam(home: Home) -> None:
    files = {file[0]: file[5] for file in home.undisturbed.state["files"]}
    assert (files[ON_TIME], files[LATE]) == ("2023-07-10 23:59:30+07", "2023-07-11 00:00:30+07")
    assert home.undisturbed.state["status"] == [["231", "on_time"], ["232", "late"]]
