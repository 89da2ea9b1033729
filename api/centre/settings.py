"""What the centre is told by its environment: `XUNHUAN_*` variables or a TOML file."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)


class Settings(BaseSettings):
    """The centre's settings; every one has a default that runs on one machine."""

    model_config = SettingsConfigDict(env_prefix="XUNHUAN_", extra="ignore", frozen=True)
    config_file: ClassVar[Path | None] = None

    data_dir: Path = Path("xunhuan-data")
    database_url: str | None = None
    profile: str = "demo"
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8470
    session_idle: timedelta = timedelta(hours=2)
    """A shift has breaks; whoever leaves for good is signed out."""
    session_absolute: timedelta = timedelta(hours=12)
    model_keys: tuple[str, ...] = ()
    """Public keys of those who sign models; devices are told them at their enrolment."""
    secure_cookie: bool = False
    drill_clock: Path | None = None
    """A drill's clock file (`api.centre.drill`); pages then say that it is a drill."""
    tick_seconds: Annotated[float, Field(ge=0.2, le=3600.0)] = 15.0

    @property
    def url(self) -> str:
        """The database address: SQLite in the data folder unless one is named."""
        return self.database_url or f"sqlite:///{self.data_dir / 'centre.db'}"

    @property
    def evidence_dir(self) -> Path:
        """The folder of redacted pictures."""
        return self.data_dir / "evidence"

    @property
    def drafts_dir(self) -> Path:
        """The folder of pictures of which devices have sent a part."""
        return self.data_dir / "drafts"

    @property
    def packages_dir(self) -> Path:
        """The folder of model packages."""
        return self.data_dir / "models"

    @property
    def inbox_dir(self) -> Path:
        """The folder of photos that wait for redaction; served to nobody but the vision worker."""
        return self.data_dir / "inbox"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the base class gives it
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the base class gives it
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put arguments over the environment over the file."""
        toml = TomlConfigSettingsSource(settings_cls, cls.config_file)
        return init_settings, env_settings, toml
