"""A server of one's own, named by OCOP_WAREHOUSE_URL: what is accepted, and how it fails."""

import pytest

from ocop_pipeline.settings import Settings
from ocop_pipeline.warehouse.errors import WarehouseError
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.server import Role, Warehouse, open_warehouse


def opening_fails(url: str) -> str:
    with pytest.raises(WarehouseError) as caught, open_warehouse(Settings(warehouse_url=url)):
        pass
    return str(caught.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_every_usual_spelling_of_the_scheme_is_understood(tcp_url: str, scheme: str) -> None:
    url = scheme + tcp_url.removeprefix("postgresql")
    with open_warehouse(Settings(warehouse_url=url)) as warehouse:
        assert fetch(warehouse, "select current_database()", role=None).rows == (("theirs",),)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:geheim@h/d",
        "geheim",
        "postgresql://u:geheim@h:port/d",
        "postgresql://u:ge@heim@h/d",
        "postgresql://u:ge/heim@h/d",
        "postgresql://u:ge@heim/@127.0.0.1:5561/d",
        "postgresql://u:ge@heim:1/@h/d",
        "postgresql://h",
    ],
)
def test_what_is_no_url_of_a_server_is_told_without_repeating_it(url: str) -> None:
    message = opening_fails(url)
    assert message.startswith("OCOP_WAREHOUSE_URL is not of the form postgresql://user:password@host:5432/database")
    assert "heim" not in message


def test_a_wrong_password_is_one_line_without_the_password(tcp_url: str) -> None:
    address = tcp_url.partition("@")[2]
    message = opening_fails(f"postgresql://somebody:geheim@{address}")
    assert "password authentication failed for user" in message
    assert "geheim" not in message
    assert "\n" not in message


def test_a_server_that_does_not_answer_is_one_line(unused_port: int) -> None:
    message = opening_fails(f"postgresql://somebody:geheim@127.0.0.1:{unused_port}/theirs")
    assert "Connection refused" in message
    assert "geheim" not in message
    assert "\n" not in message


def test_no_text_about_the_warehouse_shows_the_password(tcp_warehouse: Warehouse) -> None:
    password = tcp_warehouse.parameters["password"]
    shown = [repr(tcp_warehouse), str(tcp_warehouse), tcp_warehouse.url, repr(tcp_warehouse.engine(Role.READER))]
    assert not [text for text in shown if password in text]


def test_dbt_gets_all_it_needs_to_connect(tcp_warehouse: Warehouse) -> None:
    environment = tcp_warehouse.dbt_environment()
    assert environment["OCOP_PG_HOST"] == "127.0.0.1"
    assert environment["OCOP_PG_USER"] == "somebody"
    assert environment["OCOP_PG_DATABASE"] == "theirs"
    assert environment["OCOP_PG_PASSWORD"] == tcp_warehouse.parameters["password"]
    assert "lock_timeout" in environment["PGOPTIONS"]
