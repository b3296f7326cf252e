"""What the OpenAPI document promises, the API does: requests made from it, answers held to it.

Schemathesis makes the requests and checks each answer: no fault, and no status, media type, header
or form that the document does not name. The places in paths are things that exist, or any number.
"""

from collections.abc import Iterator
from typing import Any, Final

import orjson
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.schemas import APIOperation

from api.conftest import Program
from builders import make_campaign, make_contact, make_gateway
from textwell.api.app import api
from textwell.config.wsgi import application
from textwell.contacts.actions import create_list
from textwell.contacts.models import ImportRun, SavedFilter
from wide import examples

pytestmark = pytest.mark.django_db

load_all_checks()
HELD_TO: Final = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    ]
)
PLAIN: Final = {"Accept-Encoding": "identity"}  # WSGI has nobody who unpacks an answer


def _load() -> dict[str, APIOperation[Any, Any, Any, Any]]:
    document = api.get_openapi_schema(path_prefix="/api/v1/")
    written = orjson.loads(orjson.dumps(document, default=str, option=orjson.OPT_NON_STR_KEYS))
    schema = schemathesis.openapi.from_dict(written)
    schema.app = application
    found = (each.ok() for each in schema.get_all_operations())
    return {operation.label: operation for operation in found}


OPERATIONS: Final = _load()


@pytest.fixture
def ids(program: Program) -> dict[str, int]:
    """Something of each kind, by the names of places in paths."""
    workspace = program.workspace
    campaign = make_campaign(workspace=workspace, gateway=make_gateway(workspace=workspace))
    run = ImportRun.objects.create(workspace_id=workspace.id, filename="a", actor="system")
    return {
        "campaign_id": campaign.id,
        "contact_id": make_contact(workspace=workspace).id,
        "filter_id": SavedFilter.objects.create(workspace_id=workspace.id, name="One", tag="a").id,
        "import_id": run.id,
        "list_id": create_list(workspace_id=workspace.id, name="One").id,
    }


@pytest.fixture
def _kept_connection() -> Iterator[None]:
    """The application lets go of the connection with each request; the test's transaction is on it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("streams", "_kept_connection")
@pytest.mark.parametrize("label", sorted(OPERATIONS))
def test_an_operation_answers_as_the_document_says(
    program: Program, ids: dict[str, int], label: str
) -> None:
    headers = {**PLAIN, "Authorization": f"Bearer {program.secret}"}
    good, bad = (OPERATIONS[label].as_strategy(mode) for mode in GenerationMode)

    @settings(max_examples=examples(3), suppress_health_check=[*HealthCheck])
    @given(case=good | bad, is_there=st.booleans())
    def ask(case: Any, is_there: bool) -> None:
        if is_there:
            case.path_parameters |= {
                name: ids[name] for name in case.path_parameters if name in ids
            }
        with transaction.atomic():
            case.call_and_validate(headers=headers, checks=HELD_TO)
            transaction.set_rollback(True)

    ask()
