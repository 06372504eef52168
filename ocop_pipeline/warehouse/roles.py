"""The roles' logins: on a server of one's own, and by the hand of its administrator.

Belongs here: passwords on their way into the server, the script for who may not make roles, queries that take too long.
Stays out: what a role may do (`schema`), the BI login of the embedded server (`bi_access`).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from psycopg2.extensions import encrypt_password
from sqlalchemy import Connection, text

from ocop_pipeline.warehouse.errors import one_line_errors
from ocop_pipeline.warehouse.schema import NOT_FOR_ALL, ROLES
from ocop_pipeline.warehouse.server import LONGEST_READ, Role, Warehouse, session_settings

_GRACE_SECONDS = 10
_OVERDUE = """
select count(*) filter (where pg_cancel_backend(pid)) from pg_stat_activity as sessions
where
    datname = current_database() and state = 'active' and pid <> pg_backend_pid()
    and clock_timestamp() - query_start > make_interval(secs => :seconds)
    and pg_has_role(usesysid, :role, 'member')
    and not exists (
        select from pg_roles where pg_has_role(sessions.usesysid, pg_roles.oid, 'member') and rolname = any(:others)
    )
"""


def let_in(warehouse: Warehouse, passwords: Mapping[Role, str]) -> None:
    """Let each of these roles log in with its password, under the settings of its sessions; again and again.

    The server gets what a password can be checked with, never the password: no log of its can hold one. A
    WarehouseError is the server's own sentence, such as that one may not.
    """
    with one_line_errors(), warehouse.engine(None).begin() as connection:
        for role, password in passwords.items():
            connection.exec_driver_sql(f"alter role {role} login")
            set_password(connection, role, password)
            for name, value in session_settings(role).items():
                connection.exec_driver_sql(f"alter role {role} set {name} = '{value}'")


def set_password(connection: Connection, login: str, password: str) -> None:
    """The password of a login, hashed here."""
    driver: Any = connection.connection.driver_connection
    verifier = encrypt_password(password, login, scope=driver, algorithm="scram-sha-256")
    connection.execution_options(no_parameters=True).exec_driver_sql(f"alter role {login} password '{verifier}'")


def script(owner: str) -> str:
    """SQL for an administrator to run in psql: the roles, `owner` among their members. It holds no password."""
    quoted = owner.replace('"', '""')
    settings = [
        f"alter role {role} set {name} = '{value}';" for role in Role for name, value in session_settings(role).items()
    ]
    return "\n".join(
        [
            "-- Run as an administrator of the server; it may be run again.",
            ROLES.replace("current_user", f'"{quoted}"'),
            *settings,
            "-- Connected to the warehouse's database:",
            NOT_FOR_ALL,
            "-- Who shall log in, for example the reader: alter role ocop_reader login; then \\password ocop_reader",
            "",
        ]
    )


def cancel_overdue(warehouse: Warehouse, roles: Iterable[Role] = tuple(LONGEST_READ)) -> int:
    """Cancel what readers have asked longer ago than they may, and how many that were.

    PostgreSQL lets every session set its own statement_timeout, also to none.
    """
    cancelled = 0
    with one_line_errors(), warehouse.engine(None).connect() as connection:
        for role in roles:
            others = [str(other) for other in Role if LONGEST_READ.get(other, 10**6) > LONGEST_READ[role]]
            parameters = {"role": str(role), "others": others, "seconds": LONGEST_READ[role] + _GRACE_SECONDS}
            cancelled += int(connection.execute(text(_OVERDUE), parameters).scalar_one())
    return cancelled
