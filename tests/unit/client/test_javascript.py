"""The JavaScript client against a server that answers as it is told."""

import json
from datetime import UTC, datetime

from node import run_module
from textwell.webhooks.signing import make_secret, sign_standard
from unit.client.conftest import Scripted

SCRIPT = """
import { ApiError, Client, NoAnswer, calls } from "./textwell.mjs";

const waits = [], found = {};
const wait = async (seconds) => waits.push(seconds);
const client = new Client(process.argv[2] + "/sms/", "tw_a_b", { wait });
const text = { to: "+84901234567", body: "Cảm ơn!" };

found.taken = await client.do(calls.messages_send_message(text));
found.items = [];
for await (const each of client.items(calls.contacts_list_people({ tag: "a&b", search: null }))) {
  found.items.push(each.id);
}
found.upload = await client.do(
  calls.imports_upload({ content: "phone", name: "people.csv", fields: { region: "VN" } }));
found.file = new TextDecoder().decode(await client.do(calls.imports_get_rejected(4)));
found.nothing = await client.do(calls.lists_delete("5/6"));
try {
  await client.do(calls.messages_send_message(text));
} catch (error) {
  found.refused = [error instanceof ApiError, error.status, error.kind, error.errors[0].field];
}
found.waits = [...waits];
try {
  await client.do(calls.workspace_get_workspace());
} catch (error) {
  found.silent = [error instanceof NoAnswer, error.message.split(":")[0]];
}
console.log(JSON.stringify(found));
"""


def test_the_client_of_javascript_does_the_same(server: Scripted) -> None:
    server.will_hang_up()
    server.will(503, {"title": "Away"}, retry_after="5")
    server.will(409, {"title": "Still running"}, retry_after="1")
    server.will(202, {"id": 7})
    server.will(200, {"items": [{"id": 1}, {"id": 2}], "next": "2"})
    server.will(200, {"items": [{"id": 3}], "next": None})
    server.will(201, {"id": 4})
    server.will(200, b"a;b\r\n", content_type="text/csv")
    server.will(204)
    server.will(422, {"type": "urn:textwell:problem:invalid", "errors": [{"field": "to"}]})
    for _try in range(5):
        server.will_hang_up()

    found = json.loads(run_module(SCRIPT, server.url))

    waits = found.pop("waits")
    assert found == {
        "taken": {"id": 7}, "items": [1, 2, 3], "upload": {"id": 4}, "file": "a;b\r\n",
        "nothing": None, "refused": [True, 422, "invalid", "to"],
        "silent": [True, "GET /api/v1/workspace"],
    }  # fmt: skip
    assert 0 <= waits[0] <= 0.5
    assert 5 <= waits[1] <= 6
    assert 1 <= waits[2] <= 3
    assert len(waits) == 3
    keys = [asked.headers.get("idempotency-key") for asked in server.asked]
    assert len(set(keys[:4])) == 1
    assert keys[9] not in {None, keys[0]}
    assert [asked.target for asked in server.asked[4:6]] == [
        "/sms/api/v1/contacts?tag=a%26b",
        "/sms/api/v1/contacts?tag=a%26b&after=2",
    ]
    assert b'name="region"\r\n\r\nVN\r\n' in server.asked[6].body
    assert server.asked[8].target == "/sms/api/v1/lists/5%2F6"
    assert {asked.headers["authorization"] for asked in server.asked} == {"Bearer tw_a_b"}


WEBHOOKS = """
import { WebhookRefused, verifyWebhook } from "./textwell.mjs";

const answers = [];
for (const [secret, headers, body, now] of JSON.parse(process.argv[2])) {
  try {
    answers.push((await verifyWebhook(secret, headers, body, now)).type);
  } catch (error) {
    answers.push(error instanceof WebhookRefused ? "refused" : String(error));
  }
}
console.log(JSON.stringify(answers));
"""


def test_webhooks_of_ours_are_taken_and_others_refused() -> None:
    secret, at = make_secret(), datetime(2026, 11, 27, tzinfo=UTC)
    body, now = '{"type": "xin chào"}', at.timestamp()
    headers = sign_standard((make_secret(), secret), event_id="evt_1", at=at, body=body)
    cases = [
        (secret, headers, body, now + 300),
        (make_secret(), headers, body, now),
        (secret, headers, body + " ", now),
        (secret, headers, body, now + 301),
        (secret, headers | {"webhook-id": "evt_2"}, body, now),
        (secret, headers | {"webhook-timestamp": "soon"}, body, now),
        (secret, headers | {"webhook-signature": "v1,%"}, body, now),
        (secret, {}, body, now),
    ]

    assert json.loads(run_module(WEBHOOKS, json.dumps(cases))) == ["xin chào", *["refused"] * 7]
