"""Who signs people in for an organisation, in the tests? glewlwyd, a real OpenID provider, with invented people.

Debian's glewlwyd is started once for each test process: on a free port of this machine, with a database and keys of
its own in a temporary folder. It is set up over its own administration API and gone at the end.
"""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from joserfc.jwk import KeySet, RSAKey

from triage.web.sign_in.openid import OpenIdSettings

if TYPE_CHECKING:
    from playwright.sync_api import Page

PROGRAM = shutil.which("glewlwyd")
#: The tables of its database, and its login page, as Debian lays them down.
TABLES = Path("/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3")
SITE = Path("/usr/share/glewlwyd/webapp")
MODULES = Path("/usr/lib/glewlwyd")
SITE_SETTINGS = Path("/usr/share/glewlwyd/templates/config.json")
MIME = {"html": "text/html", "css": "text/css", "js": "application/javascript", "json": "application/json"}
#: What the tables above bring along.
ADMINISTRATOR = {"username": "admin", "password": "password"}
SCOPES = ("openid", "profile")
PASSWORD = "only in these tests"
_NUMBERS = count(1)


@dataclass(frozen=True)
class Person:
    """Somebody whom the provider knows. The groups say the role, as in many organisations."""

    username: str
    name: str
    groups: tuple[str, ...] = ()
    site: str = ""


ADVISER = Person("adviser", "Ailsa Example", ("everyone", "ltu-advisers"), "Falkirk office")
MANAGER = Person("manager", "Morag Example", ("ltu-managers",), "Falkirk office")
ANALYST = Person("analyst", "Angus Example", ("ltu-analysts",))
NO_ROLE = Person("no-role", "Nairn Example", ("everyone",), "Falkirk office")
TWO_ROLES = Person("two-roles", "Tara Example", ("ltu-advisers", "ltu-managers"), "Falkirk office")
NO_OFFICE = Person("no-office", "Ola Example", ("ltu-advisers",))
ELSEWHERE = Person("elsewhere", "Eilidh Example", ("ltu-advisers",), "Atlantis office")
PEOPLE = (ADVISER, MANAGER, ANALYST, NO_ROLE, TWO_ROLES, NO_OFFICE, ELSEWHERE)


@dataclass(frozen=True)
class Client:
    """A program that the provider signs people in for."""

    id: str
    secret: str


class Provider:
    """A running provider. `issuer` says localhost and services listen on 127.0.0.1, so a browser sees two sites."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.issuer = f"{address}/api/oidc"
        self.key = new_key()
        self._administrator = httpx.Client(base_url=f"{address}/api")

    def set_up(self) -> None:
        """People, scopes and the OpenID plugin."""
        self._call("POST", "/auth/", ADMINISTRATOR)
        users = self._call("GET", "/mod/user/database")
        for many, name in ((True, "groups"), (False, "site")):
            users["parameters"]["data-format"][name] = {"multiple": many, "read": True, "write": True}
        self._call("PUT", "/mod/user/database", users)
        self._call("PUT", "/mod/user/database/reset")
        self._call("POST", "/scope/", {"name": "profile", "display_name": "Profile", "password_required": True})
        for person in PEOPLE:
            self._call("POST", "/user/", user(person))
        self._call("POST", "/mod/plugin/", self._plugin())

    def client(self, *redirects: str, back: str = "") -> Client:
        """A new client, agreed to by everybody: people come back to `redirects`, and to `back` after they sign out."""
        made = Client(f"ltu-triage-{next(_NUMBERS)}", "a secret of these tests")
        entry = {
            "client_id": made.id,
            "client_secret": made.secret,
            "name": "LTU Triage",
            "confidential": True,
            "enabled": True,
            "scope": [],
            "redirect_uri": list(redirects),
            "authorization_type": ["code"],
            "token_endpoint_auth_method": ["client_secret_basic"],
            "post_logout_redirect_uri": back,
        }
        self._call("POST", "/client/", entry)
        for person in PEOPLE:
            with self.known(person) as browser:
                agreed = browser.put(f"/auth/grant/{made.id}", json={"scope": " ".join(SCOPES)})
                assert agreed.status_code == 200
        return made

    def settings(self, client: Client, **changes: Any) -> OpenIdSettings:
        """What the service must know to send people here."""
        given: dict[str, Any] = {
            "issuer": self.issuer,
            "client_id": client.id,
            "client_secret": client.secret,
            "role_claim": "groups",
            "roles": {"ltu-advisers": "adviser", "ltu-managers": "manager", "ltu-analysts": "analyst"},
            "office_claim": "site",
            "offices": {"Falkirk office": "Falkirk"},
        }
        return OpenIdSettings(**given | changes)

    def rotate(self) -> None:
        """Sign with a new key from now on; the old one is gone."""
        self.key = new_key()
        self._call("PUT", "/mod/plugin/oidc", self._plugin())
        self._call("PUT", "/mod/plugin/oidc/reset")

    @contextmanager
    def known(self, person: Person) -> Iterator[httpx.Client]:
        """A browser in which somebody has signed in here."""
        with httpx.Client(base_url=f"{self.address}/api") as browser:
            answer = browser.post("/auth/", json={"username": person.username, "password": PASSWORD})
            assert answer.status_code == 200
            yield browser

    def sign_in(self, address: str, person: Person) -> dict[str, str]:
        """Sign in as a browser would; what the provider then sends to the redirect address."""
        assert "login.html" in httpx.get(address).headers["location"]
        with self.known(person) as browser:
            answer = browser.get(f"{address}&g_continue")
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))

    def close(self) -> None:
        self._administrator.close()

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._administrator.request(method, path, json=body)
        assert answer.status_code == 200, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.text else None

    def _plugin(self) -> dict[str, Any]:
        """The OpenID plugin: the code flow alone, PKCE demanded, and claims; `place` is told on request alone."""
        always = {"mandatory": True, "type": "string"}
        claims = [{"name": name, "user-property": name, **always} for name in ("groups", "site")]
        claims.append({"name": "place", "user-property": "site", "on-demand": True, "type": "string"})
        parameters = {
            "iss": self.issuer,
            "jwks-private": json.dumps(KeySet([self.key]).as_dict(private=True)),
            "jwks-show": True,
            "access-token-duration": 3600,
            "refresh-token-duration": 3600,
            "code-duration": 600,
            "auth-type-code-enabled": True,
            "auth-type-code-revoke-replayed": True,
            "pkce-allowed": True,
            "pkce-required": True,
            "session-management-allowed": True,
            "session-cookie-name": "GLEWLWYD2_OIDC_SESSION",
            "session-cookie-expiration": 3600,
            "allowed-scope": list(SCOPES),
            "name-claim": "mandatory",
            "claims": claims,
        }
        return {"module": "oidc", "name": "oidc", "display_name": "OpenID Connect", "parameters": parameters}


def new_key() -> RSAKey:
    """A key to sign with."""
    return RSAKey.generate_key(2048, {"alg": "RS256", "use": "sig", "kid": f"key-{next(_NUMBERS)}"})


def user(person: Person) -> dict[str, Any]:
    """A person as the provider's API takes them."""
    entry: dict[str, Any] = {"username": person.username, "name": person.name, "password": PASSWORD, "enabled": True}
    entry |= {"scope": list(SCOPES), "groups": list(person.groups)}
    return entry | ({"site": person.site} if person.site else {})


def sign_in_at_provider(page: Page, person: Person) -> None:
    """Sign in on the provider's own page, where the service has just sent this browser, and go back to the service.

    That page asks its own server who is signed in already, and is told 401.
    """
    page.fill("#username", person.username)
    page.fill("#password", PASSWORD)
    page.click("#loginbut")
    page.click("button:has-text('Continue')")


def configuration(folder: Path, port: int) -> Path:
    """glewlwyd's configuration file, with its database, in `folder`."""
    database = sqlite3.connect(folder / "provider.sqlite")
    database.executescript(TABLES.read_text(encoding="utf-8"))
    database.close()
    # It serves no links out of the folder, and Debian's login page is full of them. Our browsers ask for en-GB.
    site = shutil.copytree(SITE, folder / "site", ignore=shutil.ignore_patterns("config.json"))
    shutil.copy(SITE_SETTINGS, site)
    shutil.copytree(site / "locales" / "en", site / "locales" / "en-GB")
    names = {"user": "user", "client": "client", "user_auth_scheme": "scheme", "plugin": "plugin"}
    lines = [
        f'port={port} bind_address="127.0.0.1" external_url="http://localhost:{port}" api_prefix="api"',
        f'login_url="login.html" static_files_path="{site}" log_mode="console" log_level="WARNING"',
        'cookie_secure=0 session_key="GLEWLWYD2_SESSION_ID" admin_scope="g_admin" profile_scope="g_profile"',
        *(f'{name}_module_path="{MODULES / place}"' for name, place in names.items()),
        f'hash_algorithm="SHA256" database={{ type="sqlite3" path="{folder / "provider.sqlite"}" }};',
        "static_files_mime_types=(",
        ",".join(f'{{ extension=".{end}" mime_type="{kind}" }}' for end, kind in MIME.items()),
        ")",
    ]
    path = folder / "glewlwyd.conf"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def wait_until_up(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Wait until the provider answers; fail with what it said where it ends or stays silent."""
    end = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < end:
        try:
            httpx.get(f"{address}/config", timeout=5)
            return
        except httpx.TransportError:
            time.sleep(0.02)
    pytest.fail(f"glewlwyd did not start:\n{log.read_text(encoding='utf-8', errors='replace')}")


@contextmanager
def running_provider() -> Iterator[Provider]:
    """A real provider on a free port, gone at the end."""
    if PROGRAM is None:
        pytest.skip("glewlwyd is not installed: run scripts/system-packages.sh")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="ltu-provider-"))
    log = folder / "log"
    command = [PROGRAM, f"--config-file={configuration(folder, port)}"]
    with log.open("wb") as out, subprocess.Popen(command, cwd=folder, stdout=out, stderr=out) as process:
        try:
            with closing(Provider(f"http://localhost:{port}")) as provider:
                wait_until_up(process, provider.address, log)
                provider.set_up()
                yield provider
        finally:
            process.kill()
            process.wait()
            shutil.rmtree(folder)


@pytest.fixture(scope="session")
def provider() -> Iterator[Provider]:
    """A real OpenID provider with invented people."""
    with running_provider() as running:
        yield running
