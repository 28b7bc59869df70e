"""Does the guide for those who run the service name every setting, and does the service start as it says?"""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from triage.errors import SettingsError
from triage.web.settings import Brand, SettingsFile, SignIn, load_settings, web_settings

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "running-the-service.md"
[SHOWN] = re.findall(r"^```yaml\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
#: Shown as examples and not as what holds without them.
EXAMPLES = ("hosts", "sign_in")


def settings(tmp_path: Path, text: str) -> SettingsFile:
    (tmp_path / "service.yaml").write_text(text, encoding="utf-8")
    return load_settings(tmp_path)


def test_the_guide_shows_every_setting_with_what_holds_without_it(tmp_path: Path) -> None:
    shown: dict[str, Any] = yaml.safe_load(SHOWN)
    assert set(shown) == {item.name for item in fields(SettingsFile)}
    assert set(shown["brand"]) == {item.name for item in fields(Brand)}
    assert set(shown["sign_in"]) == {item.name for item in fields(SignIn)}
    found, usual = settings(tmp_path, SHOWN), load_settings(tmp_path / "nowhere")
    for item in fields(SettingsFile):
        if item.name not in EXAMPLES:
            assert getattr(found, item.name) == getattr(usual, item.name), item.name


def test_a_service_for_other_machines_needs_a_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Name its hosts"):
        web_settings(SettingsFile(), tmp_path, loopback=False, demonstration=False)


@pytest.mark.parametrize(
    ("text", "loopback", "secure"),
    [
        ("{}", True, False),
        ("hosts: [triage.example.org]", True, True),
        ("hosts: [triage.example.org]", False, True),
        ("{hosts: [triage.example.org], secure: false}", True, False),
    ],
)
def test_cookies_need_tls_wherever_other_machines_reach_it(
    tmp_path: Path, text: str, loopback: bool, secure: bool
) -> None:
    """Behind a server with TLS on the same machine the service itself answers to this machine alone."""
    found = web_settings(settings(tmp_path, text), tmp_path, loopback=loopback, demonstration=False)
    assert found.secure == secure
    assert set(found.hosts) >= {"127.0.0.1", "localhost"}


@pytest.mark.parametrize("text", ["colour: blue", "review_days: 0", "session_minutes: ten", "sign_in: {issuer: x}"])
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match=r"service\.yaml"):
        settings(tmp_path, text)
