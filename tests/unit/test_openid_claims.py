"""Which role and office do the claims of an organisation's sign-in give, and which settings are refused?"""

from __future__ import annotations

from typing import Any

import pytest

from triage.errors import SettingsError, SignInError
from triage.web.sign_in.openid_claims import Claims, OpenIdSettings, is_safe, read_claims

GIVEN: dict[str, Any] = {
    "issuer": "https://provider.example.org",
    "client_id": "us",
    "client_secret": "secret",
    "role_claim": "role",
    "roles": {"a": "adviser", "A": "adviser", "m": "manager", "x": "analyst"},
    "office_claim": "office",
    "offices": {"f": "Falkirk", "g": "Govan"},
}
SETTINGS = OpenIdSettings(**GIVEN)


def read(settings: OpenIdSettings = SETTINGS, **claims: Any) -> Claims:
    return read_claims(settings, {"sub": "s", "name": "Ailsa Example", "role": "a", "office": "f"} | claims)


@pytest.mark.parametrize("role", ["a", ["a"], ["a", "A", "other"], ["a", 7, None, {}]])
def test_one_role_may_be_said_in_many_ways(role: Any) -> None:
    assert read(role=role) == Claims("s", "Ailsa Example", "adviser", "Falkirk")


@pytest.mark.parametrize("role", [None, "", [], "other", 7, {"a": "a"}, True])
def test_no_role_is_no_sign_in(role: Any) -> None:
    with pytest.raises(SignInError, match="gives you no role"):
        read(role=role)


def test_nobody_gets_two_roles_or_two_offices() -> None:
    with pytest.raises(SignInError, match="more than one role in this service: adviser, manager"):
        read(role=["m", "a"])
    with pytest.raises(SignInError, match="more than one office in this service: Falkirk, Govan"):
        read(office=["g", "f"])


def test_whoever_sees_no_clients_needs_no_office() -> None:
    assert read(role="x", office="elsewhere").office == ""
    with pytest.raises(SignInError, match="does not name an office"):
        read(role="m", office="elsewhere")


def test_without_a_mapping_the_claim_names_the_office() -> None:
    plain = OpenIdSettings(**GIVEN | {"offices": {}})
    assert read(plain, office="Leith").office == "Leith"
    with pytest.raises(SignInError, match="does not name an office"):
        read(plain, office="")


def test_one_claim_may_say_both() -> None:
    groups = OpenIdSettings(**GIVEN | {"role_claim": "groups", "office_claim": "groups"})
    assert read(groups, groups=["everyone", "f", "a"]) == Claims("s", "Ailsa Example", "adviser", "Falkirk")


def test_a_claim_may_stand_inside_another() -> None:
    inside = OpenIdSettings(**GIVEN | {"role_claim": "realm.roles"})
    assert read(inside, realm={"roles": ["m"]}).role == "manager"
    assert read(inside, **{"realm": {"roles": ["m"]}, "realm.roles": "a"}).role == "adviser"
    with pytest.raises(SignInError, match="gives you no role"):
        read(inside, realm="roles")


@pytest.mark.parametrize("name", [None, "", "  ", 7])
def test_decisions_carry_a_name(name: Any) -> None:
    with pytest.raises(SignInError, match="does not say your name"):
        read(name=name)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"issuer": "http://provider.example.org"}, "issuer"),
        ({"issuer": "provider.example.org"}, "issuer"),
        ({"issuer": "https://provider.example.org?x=1"}, "issuer"),
        ({"client_id": ""}, "client_id"),
        ({"client_secret": ""}, "client_secret"),
        ({"role_claim": ""}, "role_claim"),
        ({"roles": {}}, "roles"),
        ({"roles": {"a": "advisor"}}, "roles"),
        ({"roles": {"a": "system"}}, "roles"),
        ({"office_claim": ""}, "office_claim"),
        ({"offices": {"f": ""}}, "offices"),
        ({"scope": "profile"}, "scope"),
    ],
)
def test_settings_that_cannot_be_used_are_named(change: dict[str, Any], where: str) -> None:
    with pytest.raises(SettingsError) as refused:
        OpenIdSettings(**GIVEN | change)
    assert [fault.where for fault in refused.value.faults] == [where]


def test_all_faults_of_the_settings_are_named_and_the_secret_is_not_shown() -> None:
    with pytest.raises(SettingsError) as refused:
        OpenIdSettings(**GIVEN | {"issuer": "", "roles": {"a": "advisor"}})
    issuer, roles = refused.value.faults
    assert (issuer.where, roles.where) == ("issuer", "roles")
    assert "'adviser'" in roles.hint
    assert "'secret'" not in repr(SETTINGS)


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://provider.example.org", True),
        ("http://127.0.0.1:5000/x", True),
        ("http://localhost:5000", True),
        ("http://[::1]:5000", True),
        ("http://provider.example.org", False),
        ("http://localhost.example.org", False),
        ("http://127.0.0.1.example.org", False),
        ("http://localhost@example.org", False),
        ("https://", False),
        ("http://[", False),
        (None, False),
    ],
)
def test_only_this_machine_may_do_without_tls(address: Any, safe: bool) -> None:
    assert is_safe(address) is safe
