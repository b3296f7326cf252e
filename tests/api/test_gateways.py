"""Gateways through the API: their kinds, and what is dangerous about them."""

import pytest

from api.conftest import Program
from builders import make_gateway, make_workspace
from textwell.accounts.models import AuditEntry
from textwell.gateways.models import Gateway
from textwell.gateways.selectors import provider_of
from textwell.gateways.settings import unseal_settings
from textwell.messaging.models import Tally

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


CARRIER = {"host": "smpp.carrier.example", "system_id": "bakery", "password": "secret7"}


def make_carrier(program: Program, **values: object) -> dict[str, object]:
    answer = program.post(
        "/gateways", {"name": "Carrier", "provider": "smpp", "settings": CARRIER, **values}
    )
    assert answer.status_code == 201, answer.json()
    assert answer["Location"] == f"/api/v1/gateways/{answer.json()['id']}"
    made: dict[str, object] = answer.json()
    return made


def test_a_gateway_is_made_and_no_secret_shown(program: Program) -> None:
    made = make_carrier(program, price_micros=35_000, prices={"VN": 28_000}, window=50)

    shown = program.get(f"/gateways/{made['id']}").json()
    assert shown == made
    assert (shown["state"], shown["window"], shown["prices"]) == ("active", 50, {"VN": 28_000})
    assert shown["settings"]["system_id"] == "bakery"
    assert "secret7" not in str(shown)
    assert (
        AuditEntry.objects.filter(action="gateway.created", actor=f"key:{program.key.id}").count()
        == 1
    )


def test_a_change_keeps_what_is_left_out_and_the_secret(program: Program) -> None:
    made = make_carrier(program, window=50)

    changed = program.send(
        "patch", f"/gateways/{made['id']}", {"name": "New", "settings": {"host": "b.example"}}
    ).json()

    assert (changed["name"], changed["window"]) == ("New", 50)
    assert changed["settings"] == made["settings"] | {"host": "b.example"}
    gateway = Gateway.objects.get(id=made["id"])
    assert unseal_settings(provider_of(gateway), gateway.settings)["password"] == "secret7"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"settings": {}}, "settings.host"),
        ({"settings": CARRIER | {"port": "many"}}, "settings.port"),
        ({"settings": CARRIER | {"colour": "red"}}, "settings.colour"),
        ({"provider": "pigeon"}, "provider"),
        ({"window": 0}, "window"),
        ({"currency": "euro"}, "currency"),
        ({"price_micros": 2**63}, "price_micros"),
        ({"prices": {"Vietnam": 1}}, "prices"),
    ],
)
def test_what_cannot_be_used_is_said_by_field(
    program: Program, change: dict[str, object], field: str
) -> None:
    answer = program.post(
        "/gateways", {"name": "Carrier", "provider": "smpp", "settings": CARRIER} | change
    )

    assert answer.status_code == 422
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert not Gateway.objects.filter(name="Carrier").exists()


def test_pause_and_resume_twice_are_once(program: Program) -> None:
    made = make_carrier(program)

    states = [
        program.post(f"/gateways/{made['id']}/{verb}").json()["state"]
        for verb in ("pause", "pause", "resume", "resume")
    ]

    assert states == ["paused", "paused", "active", "active"]
    actions = AuditEntry.objects.filter(subject=f"gateway:{made['id']}").order_by("id")
    assert list(actions.values_list("action", flat=True)) == [
        "gateway.created", "gateway.paused", "gateway.resumed",
    ]  # fmt: skip


def test_a_sender_is_given_and_forbidden(program: Program) -> None:
    made = make_carrier(program)
    path = f"/gateways/{made['id']}/senders"

    given = program.post(path, {"value": "BAKERY", "kind": "alphanumeric", "country": "VN"})
    again = program.post(path, {"value": "BAKERY", "kind": "alphanumeric", "country": "VN"})
    wrong = program.post(path, {"value": "+84", "kind": "long_code"})
    sender = given.json()
    forbidden = program.send("patch", f"{path}/{sender['id']}", {"is_active": False}).json()

    assert (given.status_code, again.status_code, wrong.status_code) == (201, 409, 422)
    assert forbidden == sender | {"is_active": False}
    assert program.get(f"/gateways/{made['id']}").json()["senders"] == [forbidden]


def test_a_sender_may_have_a_rate_of_its_own(program: Program) -> None:
    path = f"/gateways/{make_carrier(program)['id']}/senders"
    given = {"value": "BAKERY", "kind": "alphanumeric", "segments_per_second": 5}
    sender = program.post(path, given).json()
    path += f"/{sender['id']}"

    off = program.send("patch", path, {"is_active": False}).json()
    slow = program.send("patch", path, {"segments_per_second": 0.5}).json()
    free = program.send("patch", path, {"segments_per_second": None}).json()

    rates = [each["segments_per_second"] for each in (sender, off, slow, free)]
    assert rates == [5.0, 5.0, 0.5, None]
    assert free["is_active"] is False


def test_a_sender_is_changed_at_its_own_gateway_only(program: Program) -> None:
    made, other = make_carrier(program), make_gateway(workspace=program.workspace)
    sender = program.post(
        f"/gateways/{made['id']}/senders", {"value": "BAKERY", "kind": "alphanumeric"}
    ).json()

    answer = program.send(
        "patch", f"/gateways/{other.id}/senders/{sender['id']}", {"is_active": False}
    )

    assert answer.status_code == 404


def test_another_workspaces_gateway_is_not_there(program: Program) -> None:
    stranger = make_gateway(workspace=make_workspace(name="Other"))

    answers = [
        program.get(f"/gateways/{stranger.id}"),
        program.send("patch", f"/gateways/{stranger.id}", {"name": "Mine"}),
        program.post(f"/gateways/{stranger.id}/pause"),
        program.post(f"/gateways/{stranger.id}/senders", {"value": "B4U", "kind": "alphanumeric"}),
    ]

    assert {answer.status_code for answer in answers} == {404}
    stranger.refresh_from_db()
    assert (stranger.state, stranger.senders.filter(value="B4U").exists()) == ("active", False)


def test_a_gateway_is_taken_away_and_the_answer_says_how(program: Program) -> None:
    unused, used = (make_gateway(workspace=program.workspace) for _ in range(2))
    Tally.objects.create(campaign_id=-used.id, state="delivered", reason="", message_count=1)

    assert program.send("delete", f"/gateways/{unused.id}", None).status_code == 409
    for gateway in (unused, used):
        program.post(f"/gateways/{gateway.id}/pause")

    told = [program.send("delete", f"/gateways/{one.id}", None).json() for one in (unused, used)]
    assert told == [{"outcome": "deleted"}, {"outcome": "retired"}]
    assert program.get("/gateways").json()["items"] == []
    assert [one["id"] for one in program.get("/gateways", retired=True).json()["items"]] == [
        used.id
    ]
    assert program.post(f"/gateways/{used.id}/resume").status_code == 409
    assert program.post(f"/gateways/{used.id}/restore").json()["state"] == "paused"
    assert [one["id"] for one in program.get("/gateways").json()["items"]] == [used.id]
