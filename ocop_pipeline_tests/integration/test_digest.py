"""Who is told in the morning, and at once when a run fails: by mail and by HTTP, received on this machine."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from pydantic import SecretStr

from ocop_pipeline.definitions import definitions_for
from ocop_pipeline.defs.alerts import STARTED_BY, told_of_failures
from ocop_pipeline.defs.upkeep import KILLED
from ocop_pipeline.settings import Settings
from ocop_pipeline.sources.district_forms import PRODUCT_EVENTS
from ocop_pipeline_tests.commands import asked
from ocop_pipeline_tests.conftest import find_unused_port, standing_home
from ocop_pipeline_tests.files import RECOGNISED, SEVEN_STARS, csv_text, rows_of

pytestmark = pytest.mark.slow


class Post(BaseHTTPRequestHandler):
    """Keeps what is posted to it."""

    received: list[dict[str, Any]]

    def do_POST(self) -> None:
        self.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the library
        """Say nothing."""


class Mail(socketserver.StreamRequestHandler):
    """As much of SMTP as it takes to be handed a letter."""

    received: list[bytes]

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline().strip().upper():
            if line == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                self.received.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            self.wfile.write(b"221 bye\r\n" if line == b"QUIT" else b"250 ok\r\n")
            if line == b"QUIT":
                return


@contextmanager
def receiving(handler: type[socketserver.BaseRequestHandler], server: type[socketserver.TCPServer]) -> Iterator[int]:
    handler.received = []  # type: ignore[attr-defined]
    with server(("127.0.0.1", 0), handler) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield int(listening.server_address[1])
        listening.shutdown()
        thread.join()


@pytest.fixture
def places() -> Iterator[str]:
    with receiving(Post, HTTPServer) as port, receiving(Mail, socketserver.TCPServer) as mail_port:
        mail = f"mailto://127.0.0.1:{mail_port}/?from=ocop@example.org&to=so@example.org&mode=insecure"
        yield f"json://127.0.0.1:{port}/ {mail}"


@pytest.fixture(scope="module")
def night() -> Iterator[Path]:
    """A home after a night with one good and one bad row."""
    with standing_home() as home:
        inbox = home / "inbox" / "district_submissions" / "231"
        inbox.mkdir(parents=True)
        (inbox / "product_events_2022.csv").write_text(
            csv_text(rows_of(PRODUCT_EVENTS, RECOGNISED, SEVEN_STARS)), encoding="utf-8"
        )
        assert asked(home, "run").returncode == 0
        yield home


def test_the_morning_is_told_by_mail_and_by_http(night: Path, places: str) -> None:
    done = asked(night, "digest", "--send", OCOP_ALERTS=places)
    assert done.returncode == 0, done.stderr
    (post,) = Post.received
    (letter,) = Mail.received
    mail = message_from_bytes(letter, policy=policy.default)
    body = mail.get_body(("plain", "html"))
    assert body is not None
    assert post["title"].endswith(": 1 tệp mới")
    assert post["title"] in str(mail["subject"])
    for line in (
        "- 1 đã nhận, có dòng bị trả lại",
        "- 1 dòng bị trả lại",
        "Báo cáo của địa phương, kỳ ",
    ):
        assert line in post["message"]
        assert line in body.get_content()


def test_the_digest_says_which_figures_moved_and_that_files_moved_them(night: Path) -> None:
    said = asked(night, "digest").stdout
    moved = said.partition("Chỉ tiêu thay đổi:")[2].partition("\n\n")[0]
    assert "(do tệp mới)" in moved
    assert said.count("xong, ") >= 1


def test_a_place_that_does_not_answer_is_told_by_number_and_the_others_are_served(night: Path, places: str) -> None:
    nowhere = f"json://somebody:geheim@127.0.0.1:{find_unused_port()}/"
    done = asked(night, "digest", "--send", OCOP_ALERTS=f"{nowhere} {places}")
    assert done.returncode == 1
    assert done.stderr == "ocop: place 1 of OCOP_ALERTS could not be told: is it written as apprise reads it?\n"
    assert (len(Post.received), len(Mail.received)) == (1, 1)


def test_a_failed_run_is_told_at_once_without_what_the_step_said(places: str) -> None:
    with standing_home() as home:
        folder = home / "inbox" / "district_submissions" / "231"
        folder.mkdir(parents=True)
        (folder / "hong.xlsx").write_bytes(b"PK\x03\x04 cut off here")
        (home / "inbox" / "rejected").write_text("a file where a folder belongs", encoding="utf-8")
        assert asked(home, "run", OCOP_ALERTS=places).returncode == 1
    (post,) = Post.received
    assert post["title"] == "OCOP: lượt chạy thất bại"
    assert "ở bước ingest_district_submissions" in post["message"]
    assert "NotADirectoryError" not in post["message"]


def test_a_night_that_cannot_begin_is_told_too(home: Path, places: str) -> None:
    nowhere = f"postgresql://u:geheim@127.0.0.1:{find_unused_port()}/db"
    assert asked(home, "run", OCOP_ALERTS=places, OCOP_WAREHOUSE_URL=nowhere).returncode == 1
    (post,) = Post.received
    assert post["title"] == "OCOP: lượt chạy thất bại"
    assert "geheim" not in post["message"]


def test_what_could_not_be_written_for_the_units_is_told_at_once(places: str) -> None:
    with standing_home() as home:
        folder = home / "inbox" / "district_submissions" / "231"
        folder.mkdir(parents=True)
        (folder / "hong.xlsx").write_bytes(b"PK\x03\x04 cut off here")
        (home / "outbox").write_text("a file where a folder belongs", encoding="utf-8")
        done = asked(home, "run", OCOP_ALERTS=places)
    assert done.returncode == 0
    assert "could not be written, the next night tries again: outbox/231" in done.stderr
    (post,) = Post.received
    assert post["title"] == "OCOP: không ghi được tệp gửi đơn vị"


@pytest.mark.parametrize(
    ("tags", "parent", "message", "is_told"),
    [
        ({}, None, "why", True),
        ({STARTED_BY: "ocop run"}, None, "why", False),
        ({STARTED_BY: "ocop run"}, None, KILLED, True),
        ({STARTED_BY: "ocop run"}, "another", "why", True),
    ],
)
def test_a_failure_is_told_where_nobody_waits_for_it(
    home: Path, places: str, tags: dict[str, str], parent: str | None, message: str, *, is_told: bool
) -> None:
    settings = Settings(home=home, warehouse_url=None, alerts=SecretStr(places))
    with dg.instance_for_test() as instance:

        @dg.job
        def night_job() -> None:
            """It failed."""

        run = instance.create_run_for_job(
            night_job, status=dg.DagsterRunStatus.STARTED, tags=tags, parent_run_id=parent, root_run_id=parent
        )
        event = instance.report_run_failed(run, message)
        context = dg.build_run_status_sensor_context(
            sensor_name="told_of_failures",
            dagster_event=event,
            dagster_instance=instance,
            dagster_run=run,
            resources={"settings": settings},
        ).for_run_failure()
        told_of_failures(context)
    assert len(Post.received) == int(is_told)


def test_only_who_has_somebody_to_tell_has_a_schedule_and_a_sensor_for_it(home: Path) -> None:
    def names(settings: Settings) -> set[str]:
        repository = definitions_for(settings).get_repository_def()
        schedules, sensors = repository.schedule_defs, repository.sensor_defs
        return {schedule.name for schedule in schedules} | {sensor.name for sensor in sensors}

    told = {"every_morning", "told_of_failures"}
    assert not told & names(Settings(home=home, warehouse_url=None))
    assert told < names(Settings(home=home, warehouse_url=None, alerts=SecretStr("json://127.0.0.1/")))


def test_dagster_tells_the_morning(night: Path, places: str) -> None:
    settings = Settings(home=night, warehouse_url=None, alerts=SecretStr(places))
    job = definitions_for(settings).resolve_job_def("morning_digest")
    with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        assert job.execute_in_process(instance=instance).success
    assert len(Post.received) == 1
