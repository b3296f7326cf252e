"""A directory that speaks SCIM to the workspace."""

import json
from typing import Any

import pytest
from django.test import Client

from textwell.accounts.directory.tokens import create_directory_token
from textwell.accounts.models import User, Workspace

BASE = "/scim/v2"
PATCH_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Group"


class Directory:
    """Sends what a directory sends, with the token of a workspace."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self._client = Client(headers={"authorization": f"Bearer {secret}"})

    def call(
        self, method: str, path: str, body: Any = None, **query: str
    ) -> Any:  # Any: a response
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body)
        kind = "application/scim+json"
        return self._client.generic(
            method, BASE + path, data, content_type=kind, query_params=query
        )

    def get(self, path: str, **query: str) -> Any:
        return self.call("GET", path, **query)

    def add(self, user_name: str, **values: Any) -> str:
        """Make a user; their id."""
        body = {"schemas": [USER_SCHEMA], "userName": user_name, "active": True, **values}
        answer = self.call("POST", "/Users", body)
        assert answer.status_code == 201, answer.content
        return str(answer.json()["id"])

    def add_group(self, name: str, *members: str) -> str:
        body = {
            "schemas": [GROUP_SCHEMA],
            "displayName": name,
            "members": [{"value": each} for each in members],
        }
        answer = self.call("POST", "/Groups", body)
        assert answer.status_code == 201, answer.content
        return str(answer.json()["id"])

    def patch(self, path: str, *operations: dict[str, Any]) -> Any:
        return self.call("PATCH", path, {"schemas": [PATCH_SCHEMA], "Operations": list(operations)})


def directory_of(workspace: Workspace, owner: User) -> Directory:
    _token, secret = create_directory_token(
        workspace=workspace, name="Okta", actor=f"user:{owner.id}"
    )
    return Directory(secret)


@pytest.fixture
def directory(workspace: Workspace, owner: User) -> Directory:
    return directory_of(workspace, owner)
