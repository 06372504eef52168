"""Every `OCOP_*` setting, read in one place.

Belongs here: names, defaults and the folders that follow from them. Stays out: anything that opens,
creates or connects.
"""

import os
from datetime import timedelta, timezone
from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SecretsSettingsSource, SettingsConfigDict

from ocop_pipeline.errors import OcopError

PROJECT_ROOT = Path(__file__).resolve().parent.parent
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Days are days in GMT+7; Vietnam has no daylight saving time."""


class Settings(BaseSettings):
    """What the person who runs the pipeline may set.

    Each field is the environment variable `OCOP_<FIELD>`, or the file `ocop_<field>` in the folder that OCOP_SECRETS
    names: what holds a password need not be in the environment.
    """

    model_config = SettingsConfigDict(env_prefix="OCOP_", frozen=True, extra="ignore")

    home: Path = Field(default=Path(".ocop"), description="inbox, archive, warehouse and dagster live here")
    warehouse_url: str | None = Field(
        default=None, description="a PostgreSQL server of your own; without it the embedded one is used", repr=False
    )
    loader_password: SecretStr | None = Field(default=None, description="`ocop roles` lets ocop_loader in with it")
    transformer_password: SecretStr | None = Field(default=None, description="the same for ocop_transformer")
    reader_password: SecretStr | None = Field(default=None, description="the same for ocop_reader")
    auditor_password: SecretStr | None = Field(default=None, description="the same for ocop_auditor")
    alerts: SecretStr | None = Field(
        default=None,
        description="who is told of failures, and each morning: URLs as apprise reads them, blanks between",
    )
    dagster_url: SecretStr | None = Field(
        default=None,
        description="a PostgreSQL database for Dagster's history of runs; without it that lies in the home",
    )
    archive_days: int | None = Field(
        default=None,
        ge=1,
        description="days after which the night deletes the copy of a file that no longer counts; never by default",
    )
    quarantine_days: int | None = Field(
        default=None,
        ge=1,
        description="days after which the night empties what a refused row said, once it came again; never by default",
    )
    run_days: int | None = Field(
        default=None,
        ge=1,
        description="days after which a night is deleted from Dagster's history; never by default",
    )
    rejected_export_days: int = Field(
        default=30,
        ge=0,
        description="days that a rejected file with personal data lies in inbox/rejected before the night deletes it",
    )
    dbt_project: Path = Field(default=PROJECT_ROOT / "dbt_project", description="models, and seeds: the reference data")

    @field_validator("dagster_url")
    @classmethod
    def _leave_nothing_to_chance(cls, url: SecretStr | None) -> SecretStr | None:
        """Dagster hands the URL on as it is.

        SQLAlchemy takes postgresql:// for a driver that is not here, and without options of its own a connection has
        those of the warehouse, role and all, while dbt runs in the same process. What the server takes for the time is
        UTC for Dagster.
        """
        if url is None:
            return None
        scheme, _, rest = url.get_secret_value().partition("://")
        if scheme != "postgresql+psycopg2" or "options=" not in rest.partition("?")[2]:
            options = "options=-crole%3Dnone%20-ctimezone%3DUTC"
            message = f"write postgresql+psycopg2://user:password@host:5432/database?{options}"
            raise ValueError(message)
        return url

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - its folder is not known in time
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Given by the caller, else in the environment, else in a file of the folder of secrets."""
        folder = os.environ.get("OCOP_SECRETS")
        if folder and not Path(folder).is_dir():
            message = f"OCOP_SECRETS: there is no folder {folder}"
            raise OcopError(message)
        files = (SecretsSettingsSource(settings_cls, secrets_dir=folder),) if folder else ()
        return (init_settings, env_settings, *files)

    @property
    def root(self) -> Path:
        """The home as an absolute path."""
        return self.home.expanduser().resolve()

    @property
    def inbox(self) -> Path:
        """Where files arrive, one folder per source."""
        return self.root / "inbox"

    @property
    def rejected(self) -> Path:
        """Where a file goes that could not be accepted as a whole."""
        return self.inbox / "rejected"

    @property
    def archive(self) -> Path:
        """Where accepted files go."""
        return self.root / "archive"

    @property
    def outbox(self) -> Path:
        """What goes out to the units, one folder per unit."""
        return self.root / "outbox"

    @property
    def dagster_home(self) -> Path:
        """Dagster's run history and configuration."""
        return self.root / "dagster"

    @property
    def mappings(self) -> Path:
        """Mapping files of the office's own for marketplaces without a fixed layout."""
        return self.root / "mappings"

    @property
    def seeds(self) -> Path:
        """Units, targets, shops: the reference data that Python and dbt share."""
        return self.dbt_project / "seeds"
