"""How is the service set up at this place? `service.yaml` in the data folder; every setting may be left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from triage.errors import SettingsError
from triage.schema import Content, content, length, within
from triage.yamlfile import read_yaml


@content
class Brand(Content):
    """The name in the header, and a logo (a file beside the settings)."""

    name: str = "Redundancy support checklist"
    logo: str = ""
    logo_text: str = ""


@content
class SignIn(Content):
    """An organisation's OpenID Connect provider; the secret stands in a file of its own."""

    issuer: str
    client_id: str
    client_secret_file: str
    role_claim: str = "roles"
    roles: dict[str, Literal["adviser", "manager", "analyst", "administrator"]]
    office_claim: str = "office"
    offices: dict[str, str] = field(default_factory=dict)
    passwords: bool = False


@content
class SettingsFile(Content):
    """The whole of `service.yaml`."""

    brand: Brand = field(default_factory=Brand)
    hosts: tuple[str, ...] = ()
    secure: bool = True
    session_minutes: Annotated[int, within(ge=5, le=720)] = 30
    session_hours: Annotated[int, within(ge=1, le=24)] = 10
    review_days: Annotated[int, within(ge=1, le=90)] = 10
    valid_days: Annotated[int, within(ge=1, le=365)] = 90
    upload_megabytes: Annotated[int, within(ge=1, le=200)] = 20
    requests_a_second: Annotated[float, within(ge=0.1, le=1_000_000)] = 50.0
    contact: Annotated[str, length(most=300)] = "the office that gave you this sheet"
    sign_in: SignIn | None = None


@dataclass(frozen=True)
class WebSettings:
    """What the pages and the API need to know of this deployment.

    Attributes:
        brand, logo_path: the name in the header, and the logo.
        hosts: host names that the service answers to.
        secure: cookies only over TLS; False for a service on the machine itself.
        idle, most: how long a session lasts.
        upload: the largest file, in bytes; `body` the largest other request.
        requests_a_second: how many one API key may send, over a while.
        contact: whom a client can ask, for the sheets.
        demonstration: True where the cut-offs may be those for demonstration.
        sign_in: the organisation's provider; None for accounts with passwords alone.
        folder: the data folder.
    """

    brand: Brand = field(default_factory=Brand)
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    secure: bool = True
    idle: timedelta = timedelta(minutes=30)
    most: timedelta = timedelta(hours=10)
    upload: int = 20 * 2**20
    body: int = 256 * 2**10
    requests_a_second: float = 50.0
    contact: str = "the office that gave you this sheet"
    demonstration: bool = False
    sign_in: SignIn | None = None
    folder: Path = Path()

    @property
    def logo_path(self) -> Path | None:
        """The picture of the logo; None where there is none."""
        return self.folder / self.brand.logo if self.brand.logo else None


def load_settings(folder: Path) -> SettingsFile:
    """The settings in `folder`; those that ship where it has no `service.yaml`.

    Raises:
        SettingsError: the file has faults; all are named with their line.
    """
    path = folder / "service.yaml"
    return read_yaml(path, SettingsFile, SettingsError) if path.is_file() else SettingsFile()


def web_settings(file: SettingsFile, folder: Path, *, loopback: bool, demonstration: bool) -> WebSettings:
    """The settings of the file for this start of the service.

    Raises:
        SettingsError: the service answers to other machines without TLS, or without a host name.
    """
    if not loopback and not file.hosts:
        raise SettingsError(
            f"The service would answer to other machines. Name its hosts in {folder / 'service.yaml'}, for instance"
            " 'hosts: [triage.example.org]', and put a server with TLS before it."
        )
    return WebSettings(
        brand=file.brand,
        hosts=(*WebSettings.hosts, *file.hosts),
        # On the machine itself there is no TLS, unless a server with TLS stands before it and gives other hosts a name.
        secure=file.secure and (not loopback or bool(file.hosts)),
        idle=timedelta(minutes=file.session_minutes),
        most=timedelta(hours=file.session_hours),
        upload=file.upload_megabytes * 2**20,
        requests_a_second=file.requests_a_second,
        contact=file.contact,
        demonstration=demonstration,
        sign_in=file.sign_in,
        folder=folder,
    )
