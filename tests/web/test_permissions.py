"""Has every route a rule, and does it refuse everybody else?"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute

from tests.web.service import Client, Live, hidden
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
