"""Whom do the tests of pages share: clients in every state, and an adviser who is signed in?"""

from __future__ import annotations

import pytest

from tests.web.service import Client, Clock, Live
from tests.web.states import Clients


@pytest.fixture
def clients(shared_live: Live) -> Clients:
    """Makes clients, of whom this test alone knows."""
    return Clients(shared_live)


@pytest.fixture(scope="module")
def states(shared_live: Live, shared_clock: Clock, tmp_path_factory: pytest.TempPathFactory) -> Clients:
    """Clients in every state, made once for a module; some of them long before the others."""
    made = Clients(shared_live)
    made.early(shared_clock, shared_live.service.engines.now, tmp_path_factory.mktemp("cutoffs"))
    return made


@pytest.fixture
def adviser(shared_live: Live) -> Client:
    """An adviser who is signed in."""
    return shared_live.client("adviser")
