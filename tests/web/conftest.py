"""Pages as a person of each role sees them; `Client` talks to the real views, forms and stores."""

from collections.abc import Callable

import pytest
from django.test import Client

from builders import make_member
from textwell.accounts.models import User, Workspace


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def owner_client(owner: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(owner)


@pytest.fixture
def reader_client(workspace: Workspace, client_of: Callable[[User], Client]) -> Client:
    return client_of(make_member(workspace=workspace, role="reader"))


@pytest.fixture
def agent_client(workspace: Workspace, client_of: Callable[[User], Client]) -> Client:
    return client_of(make_member(workspace=workspace, role="agent"))
