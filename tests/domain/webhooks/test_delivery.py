"""Deliveries over real sockets: signed, tried again, given up, refused where they must not go."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from asgiref.sync import sync_to_async
from django.db import connection
from prometheus_client import REGISTRY
from standardwebhooks import Webhook

from textwell.accounts.models import Workspace
from textwell.core.settings import load_settings
from textwell.webhooks.actions import create_endpoint, resend_delivery, send_test_event
from textwell.webhooks.delivery import Deliverer
from textwell.webhooks.models import Delivery, Endpoint

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Receiver:
    """A program that listens and answers as it is told to."""

    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    bodies: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.bodies.append((dict(request.headers), await request.read()))
        return web.Response(status=self.status, headers=self.headers, text="said")


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_route("*", "/hook", receiver.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    receiver.url = f"http://{host}:{port}/hook"
    yield receiver
    await runner.cleanup()


@pytest.fixture(autouse=True)
def _inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load_settings(), "webhook_private_targets", True)


async def in_thread(run: Callable[[], object]) -> object:
    def and_close() -> object:
        try:
            return run()
        finally:
            connection.close()

    return await sync_to_async(and_close, thread_sensitive=False)()


async def listen(workspace: Workspace, url: str) -> tuple[Endpoint, str]:
    made: list[tuple[Endpoint, str]] = []

    def make() -> None:
        made.append(
            create_endpoint(
                workspace_id=workspace.id, url=url, kinds=["message.delivered"], actor="test"
            )
        )
        send_test_event(endpoint=made[0][0], actor="test")

    await in_thread(make)
    return made[0]


async def step() -> int:
    deliverer = Deliverer()
    async with deliverer._session() as session:
        done = await deliverer.step(session)
    await deliverer._drop_connection()
    return done


def tries(outcome: str) -> float:
    return REGISTRY.get_sample_value("textwell_webhook_tries_total", {"outcome": outcome}) or 0.0


async def the_delivery() -> Delivery:
    found = await in_thread(lambda: Delivery.objects.select_related("endpoint").get())
    assert isinstance(found, Delivery)
    return found


async def test_a_delivery_is_signed_and_made_once(workspace: Workspace, receiver: Receiver) -> None:
    _endpoint, secret = await listen(workspace, receiver.url)
    before = tries("delivered")

    tried = [await step(), await step()]

    [(headers, body)] = receiver.bodies
    event = Webhook(secret).verify(body, headers)
    delivery = await the_delivery()
    assert tried == [1, 0]
    assert tries("delivered") == before + 1
    assert event["type"] == "test"
    assert (delivery.state, delivery.last_status, delivery.attempt_count) == ("delivered", 200, 1)
    assert delivery.endpoint.last_success_at is not None


async def test_an_error_is_tried_again_later_and_kept_in_words(
    workspace: Workspace, receiver: Receiver
) -> None:
    receiver.status, receiver.headers = 503, {"Retry-After": "3600"}
    await listen(workspace, receiver.url)

    await step()

    delivery = await the_delivery()
    assert (delivery.state, delivery.last_error) == ("waiting", "HTTP 503 said")
    assert delivery.next_at is not None
    assert delivery.last_at is not None
    assert (delivery.next_at - delivery.last_at).total_seconds() > 3_500
    assert delivery.endpoint.failing_since is not None


async def test_a_receiver_that_is_gone_stops_its_endpoint(
    workspace: Workspace, receiver: Receiver
) -> None:
    receiver.status = 410
    await listen(workspace, receiver.url)

    await step()

    delivery = await the_delivery()
    assert delivery.state == "failed"
    assert (delivery.endpoint.is_active, delivery.endpoint.stopped_reason) == (False, "gone")


async def test_a_redirect_is_not_followed(workspace: Workspace, receiver: Receiver) -> None:
    receiver.status, receiver.headers = 302, {"Location": "http://127.0.0.1:1/secret"}
    await listen(workspace, receiver.url)

    await step()

    assert len(receiver.bodies) == 1
    assert (await the_delivery()).last_error == "HTTP 302 said"


async def test_nobody_listening_is_told_in_words(workspace: Workspace) -> None:
    await listen(workspace, "http://127.0.0.1:1/hook")

    await step()

    delivery = await the_delivery()
    assert (delivery.state, delivery.last_status) == ("waiting", 0)
    assert "Cannot connect" in delivery.last_error


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_target_inside_is_not_called_even_if_it_was_saved(
    workspace: Workspace, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    await listen(workspace, receiver.url.replace("127.0.0.1", host))
    monkeypatch.setattr(load_settings(), "webhook_private_targets", False)

    await step()

    assert receiver.bodies == []
    assert "private address" in (await the_delivery()).last_error


async def test_a_given_up_delivery_can_be_sent_again(
    workspace: Workspace, receiver: Receiver
) -> None:
    receiver.status = 500
    await listen(workspace, receiver.url)
    await in_thread(lambda: Delivery.objects.update(attempt_count=9))
    await step()
    given_up = (await the_delivery()).state
    receiver.status = 200

    await in_thread(lambda: resend_delivery(delivery=Delivery.objects.get(), actor="test"))
    await step()

    assert given_up == "failed"
    assert (await the_delivery()).state == "delivered"


async def test_two_deliverers_share_the_work(workspace: Workspace, receiver: Receiver) -> None:
    endpoint, _secret = await listen(workspace, receiver.url)

    def more() -> None:
        for _number in range(30):
            send_test_event(endpoint=endpoint, actor="test")

    await in_thread(more)

    while sum(await asyncio.gather(step(), step())):
        pass

    ids = [headers["webhook-id"] for headers, _body in receiver.bodies]
    assert len(ids) == len(set(ids)) == 31
