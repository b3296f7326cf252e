"""Who may ask, what is refused and how, what we say of ourselves."""

import pytest
from django.test import Client

from api.scim.conftest import BASE, GROUP_SCHEMA, USER_SCHEMA, Directory
from textwell.accounts.directory.tokens import (
    create_directory_token,
    find_directory_token,
    revoke_directory_token,
)
from textwell.accounts.keys import create_api_key
from textwell.accounts.models import AuditEntry, DirectoryGroup, DirectoryToken, User, Workspace
from textwell.core.errors import FieldError, NotFound

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
PATHS = ["/Users", "/Users/1", "/Groups", "/Groups/1", "/Schemas", "/nothing", "/Me"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("secret", ["", "twd_a_b", "Basic", "API KEY", "REVOKED"])
def test_nobody_gets_in_without_a_token(
    secret: str, path: str, workspace: Workspace, owner: User
) -> None:
    token, shown = create_directory_token(workspace=workspace, name="Okta", actor="system")
    if secret == "REVOKED":
        revoke_directory_token(workspace=workspace, token_id=token.id, actor="system")
        secret = shown
    if secret == "API KEY":
        scopes = ["members:manage"]
        _key, secret = create_api_key(
            workspace=workspace, name="Shop", scopes=scopes, actor="system"
        )
    header = f"Basic {shown}" if secret == "Basic" else f"Bearer {secret}"

    answer = Client(headers={"authorization": header}).get(BASE + path)

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="textwell"')
    assert answer.json()["schemas"] == [ERROR]
    assert owner.email not in answer.content.decode()


def test_a_session_is_no_token(client: Client, owner: User) -> None:
    client.force_login(owner)

    assert client.get(f"{BASE}/Users").status_code == 401


def test_the_secret_is_kept_as_a_hash_alone(workspace: Workspace) -> None:
    _token, shown = create_directory_token(workspace=workspace, name=" Okta ", actor="system")

    row = DirectoryToken.objects.values().get()
    assert (row["name"], len(row["secret_hash"])) == ("Okta", 64)
    assert shown.rpartition("_")[2] not in str(row)
    assert find_directory_token(shown) is not None
    assert find_directory_token(shown[:-1]) is None


def test_making_and_revoking_are_in_the_log_once(workspace: Workspace, owner: User) -> None:
    token, _shown = create_directory_token(
        workspace=workspace, name="Okta", actor=f"user:{owner.id}"
    )
    for _each in range(2):
        revoke_directory_token(workspace=workspace, token_id=token.id, actor="system")

    found = AuditEntry.objects.order_by("id")
    assert [(each.action, each.subject, each.data) for each in found] == [
        (f"directory.token_{verb}", f"directory_token:{token.id}", {"after": {"name": "Okta"}})
        for verb in ("created", "revoked")
    ]
    with pytest.raises(FieldError):
        create_directory_token(workspace=workspace, name=" ", actor="system")
    with pytest.raises(NotFound):
        revoke_directory_token(workspace=workspace, token_id=token.id + 1, actor="system")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/Users/x", 404),
        ("GET", "/Users/99999999999999999999", 404),
        ("GET", "/Users/0", 404),
        ("GET", "/Groups/x", 404),
        ("GET", "/Schemas/urn:nothing", 404),
        ("GET", "/ResourceTypes/Device", 404),
        ("DELETE", "/Users", 405),
        ("POST", "/Users/1", 405),
        ("POST", "/ServiceProviderConfig", 405),
        ("POST", "/Bulk", 404),
    ],
)
def test_a_refusal_is_in_the_form_of_scim(
    method: str, path: str, status: int, directory: Directory
) -> None:
    answer = directory.call(method, path)

    body = answer.json()
    assert (answer.status_code, body["schemas"], body["status"]) == (status, [ERROR], str(status))
    assert body["detail"]
    assert answer["Content-Type"] == "application/scim+json"
    assert answer.has_header("Allow") is (status == 405)


def test_a_body_beyond_all_measure_is_refused(
    directory: Directory, settings: pytest.FixtureRequest
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    answer = directory.call("POST", "/Users", b'{"userName": "' + b"x" * 100 + b'"}')

    assert (answer.status_code, answer.json()["status"]) == (413, "413")


def test_the_configuration_says_what_there_is(directory: Directory) -> None:
    got = directory.get("/ServiceProviderConfig").json()

    said = {name: got[name]["supported"] for name in
            ("patch", "bulk", "filter", "changePassword", "sort", "etag")}  # fmt: skip
    assert said == {
        "patch": True,
        "bulk": False,
        "filter": True,
        "changePassword": False,
        "sort": False,
        "etag": False,
    }
    assert got["filter"]["maxResults"] == 200
    assert [each["type"] for each in got["authenticationSchemes"]] == ["oauthbearertoken"]


@pytest.mark.parametrize("name", ["User", "Group"])
def test_kinds_and_schemas_are_told_one_by_one_and_all(name: str, directory: Directory) -> None:
    kinds = directory.get("/ResourceTypes").json()["Resources"]
    schemas = directory.get("/Schemas").json()["Resources"]
    urn = f"urn:ietf:params:scim:schemas:core:2.0:{name}"

    kind = directory.get(f"/ResourceTypes/{name}").json()
    schema = directory.get(f"/Schemas/{urn}").json()

    assert kind in kinds
    assert schema in schemas
    assert (kind["endpoint"], kind["schema"]) == (f"/{name}s", urn)
    assert (schema["id"], schema["name"]) == (urn, name)


def test_the_schema_of_people_has_what_is_kept_and_no_more(directory: Directory) -> None:
    schema = directory.get("/Schemas/urn:ietf:params:scim:schemas:core:2.0:User").json()

    attributes = {each["name"]: each for each in schema["attributes"]}
    assert set(attributes) == {"userName", "name", "displayName", "active", "emails", "groups"}
    assert (attributes["userName"]["required"], attributes["userName"]["uniqueness"]) == (
        True,
        "server",
    )
    assert attributes["groups"]["mutability"] == "readOnly"


def test_a_use_is_noted(directory: Directory) -> None:
    directory.get("/Users")

    assert DirectoryToken.objects.get().last_used_at is not None


@pytest.mark.parametrize(("path", "schema"), [("/Users", USER_SCHEMA), ("/Groups", GROUP_SCHEMA)])
def test_a_change_whose_answer_cannot_be_given_is_not_made(
    path: str, schema: str, directory: Directory
) -> None:
    body = {"schemas": [schema], "userName": "anna@example.org", "displayName": "Anna"}

    answer = directory.call("POST", path, body, attributes="emails[")

    assert answer.status_code == 400
    assert not User.objects.filter(email="anna@example.org").exists()
    assert not DirectoryGroup.objects.exists()
