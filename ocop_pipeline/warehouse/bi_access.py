"""The login by which BI tools reach the embedded server over TCP.

Belongs here: that login and its password file. Stays out: listening itself (`embedded`), what it may read
(`schema`: it is a member of the reader role).
"""

import secrets
from dataclasses import dataclass
from pathlib import Path

from ocop_pipeline.settings import Settings
from ocop_pipeline.warehouse.embedded import DATABASE, READER_LOGIN
from ocop_pipeline.warehouse.errors import one_line_errors
from ocop_pipeline.warehouse.roles import set_password
from ocop_pipeline.warehouse.server import Role, Warehouse, session_settings


@dataclass(frozen=True)
class BiAccess:
    """What a person types into a BI tool; the password is read from the file."""

    host: str
    port: int
    database: str
    user: str
    password_file: Path


def allow_bi_access(settings: Settings, warehouse: Warehouse) -> BiAccess:
    """Let the reader's login in over TCP, with the password of `<home>/warehouse/reader_password`.

    The file is made, readable to its owner alone, when it is missing; delete it for a new password. The
    warehouse is the embedded one, opened with a TCP port, with its roles in place (`schema.initialise`).
    """
    password_file = settings.root / "warehouse" / "reader_password"
    password = _password(password_file)
    statements = [
        f"do $$ begin create role {READER_LOGIN} login; exception when duplicate_object then null; end $$",
        f"grant {Role.READER} to {READER_LOGIN}",
        *(f"alter role {READER_LOGIN} set {name} = '{value}'" for name, value in session_settings(Role.READER).items()),
    ]
    with one_line_errors(), warehouse.engine(None).begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
        set_password(connection, READER_LOGIN, password)
    return BiAccess("127.0.0.1", int(warehouse.parameters["port"]), DATABASE, READER_LOGIN, password_file)


def _password(path: Path) -> str:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(24), encoding="ascii")
    return path.read_text(encoding="ascii").strip()
