"""Has every route a rule, and does it refuse everybody else?"""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from fastapi.routing import APIRoute

from tests.web.partners import partner, program
from tests.web.service import Client, Live, hidden
from triage.casework.api_keys import SCOPES
from triage.records.actor import PEOPLE
from triage.web.app import ROUTERS, UPLOADS
from triage.web.security.permissions import RULES, Rule


def every_route() -> Iterator[APIRoute]:
    for router in (*ROUTERS, *UPLOADS):
        for route in router.routes:
            assert isinstance(route, APIRoute), "a router with other routes in it needs another walk"
            yield route


ROUTES = list(every_route())
PAGES = [route for route in ROUTES if RULES.get(route.name, Rule()).roles]
PROGRAMS = [route for route in ROUTES if RULES.get(route.name, Rule()).scope is not None]


def ask(client: Client, route: APIRoute, token: str = "") -> int:
    """The status of a request to a route, with an id that nobody has."""
    address = re.sub(r"\{[^}]+\}", "x", route.path)
    if "GET" in (route.methods or ()):
        return client.get(address).status_code
    return client.request(next(iter(route.methods or ())), address, data={"csrf": token}).status_code


def test_there_is_a_rule_for_every_route_and_a_route_for_every_rule() -> None:
    names = [route.name for route in ROUTES]
    assert len(names) == len(set(names)), "two routes have one name"
    assert set(names) == set(RULES)


def test_every_rule_says_one_thing() -> None:
    for name, rule in RULES.items():
        assert bool(rule.roles) + (rule.scope is not None) + rule.public == 1, name


@pytest.mark.parametrize("role", PEOPLE)
def test_a_role_is_refused_wherever_the_table_does_not_name_it(live: Live, role: str) -> None:
    client = live.client(role)
    client.follow_redirects = False
    token = hidden(client.get("/password").text)["csrf"]
    wrong = {route.name: ask(client, route, token) for route in PAGES if role not in RULES[route.name].roles}
    assert set(wrong.values()) <= {403}, wrong


@pytest.mark.parametrize("role", PEOPLE)
def test_a_role_is_let_through_where_the_table_names_it(live: Live, role: str) -> None:
    """So that the test above cannot pass because everybody is refused."""
    client = live.client(role)
    client.follow_redirects = False
    pages = [route for route in PAGES if role in RULES[route.name].roles and "GET" in (route.methods or ())]
    assert {route.name for route in pages if ask(client, route) == 403} == set()


def test_a_stranger_is_sent_to_sign_in(live: Live) -> None:
    client = live.client()
    client.follow_redirects = False
    assert {route.name: ask(client, route) for route in PAGES if ask(client, route) != 303} == {}


def send(client: httpx.Client, route: APIRoute) -> int:
    """The status of a program's request to a route, as if it came through another server."""
    address = re.sub(r"\{[^}]+\}", "x", route.path)
    [method] = route.methods or ()
    return client.request(method, f"{client.base_url.copy_with(path=address)}", headers={"via": "1.1 x"}).status_code


def test_a_program_without_a_key_is_refused_everywhere(live: Live) -> None:
    """Nor do the cookies of a browser let a program in."""
    for client in (program(live), live.client("adviser"), live.client("administrator")):
        assert {route.name: send(client, route) for route in PROGRAMS if send(client, route) != 401} == {}


@pytest.mark.parametrize("scope", SCOPES)
def test_a_key_is_refused_wherever_the_table_names_another_scope(live: Live, scope: str) -> None:
    client = partner(live, scope)
    found = {route.name: send(client, route) for route in PROGRAMS}
    refused = {name for name, status in found.items() if status == 403}
    assert refused == {name for name in found if RULES[name].scope != scope}
    assert 401 not in found.values()


def test_a_key_opens_no_page(live: Live) -> None:
    client = partner(live)
    assert {route.name: send(client, route) for route in PAGES if send(client, route) != 303} == {}
