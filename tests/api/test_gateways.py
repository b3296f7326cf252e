"""Gateways through the API: their kinds, and what is dangerous about them."""

import pytest

from api.conftest import Program
from builders import make_gateway

pytestmark = pytest.mark.django_db


def test_kinds_tell_which_settings_are_required_and_which_are_secret(program: Program) -> None:
    [smpp] = [kind for kind in program.get("/gateways/kinds").json() if kind["kind"] == "smpp"]

    required = [one["name"] for one in smpp["settings"] if one["is_required"]]
    kinds = {one["name"]: one["kind"] for one in smpp["settings"]}
    assert required == ["host", "system_id"]
    assert (kinds["password"], kinds["tls_client_key"]) == ("secret", "secret_pem")
    assert (kinds["tls_ca"], kinds["interface_version"]) == ("pem", "choice")


def test_no_default_of_a_secret_is_told(program: Program) -> None:
    kinds = program.get("/gateways/kinds").json()

    secrets = [s for kind in kinds for s in kind["settings"] if s["kind"].startswith("secret")]
    assert {secret["default"] for secret in secrets} == {None}


def test_a_certificate_that_is_not_checked_is_cautioned(program: Program) -> None:
    make_gateway(workspace=program.workspace, settings={"tls": True, "tls_verify": False})

    [gateway] = program.get("/gateways").json()["items"]
    assert [caution[:38] for caution in gateway["cautions"]] == [
        "The carrier's certificate is not check"
    ]
