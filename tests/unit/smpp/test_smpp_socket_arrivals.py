"""What an SMSC delivers over real sockets, and who acknowledges it."""

from __future__ import annotations

from textwell.smpp import (
    UNKNOWN,
    Command,
    DeliverBatch,
    Pdu,
    Status,
    SubmitTemplate,
)
from unit.smpp.loopback import (
    TEMPLATE,
    Outcomes,
    bound_session,
    client_of,
    serving,
    until,
)


async def test_what_arrives_is_acknowledged_when_the_owner_says_so() -> None:
    batches: list[DeliverBatch] = []
    outcomes = Outcomes()
    deliver = SubmitTemplate(esm_class=4)
    async with (
        serving(on_outcomes=lambda _, some: outcomes(some)) as server,
        client_of(server.port, on_deliver=batches.append),
    ):
        session = await bound_session(server)
        assert session.deliver_batch([(n, deliver.body(b"1", b"%d" % n)) for n in range(3)]) == 3
        await until(lambda: not (sum(len(batch.pdus) for batch in batches) < 3))
        assert outcomes == []

        first, second, third = [pdu.sequence for batch in batches for pdu in batch.pdus]
        batches[-1].ack([first, third])
        batches[-1].reject(Status.ESME_RX_T_APPN, [second])
        await outcomes.until(3)
        assert batches[-1].ack() == 0

    assert sorted(outcomes) == [(0, 0, ""), (1, 0x64, ""), (2, 0, "")]


async def test_what_arrives_without_a_handler_is_kept_by_the_smsc() -> None:
    outcomes = Outcomes()
    async with (
        serving(on_outcomes=lambda _, some: outcomes(some)) as server,
        client_of(server.port),
    ):
        session = await bound_session(server)
        session.deliver_batch([("a", TEMPLATE.body(b"1", b"x"))])
        await outcomes.until(1)

    assert outcomes == [("a", Status.ESME_RX_T_APPN, "")]


async def test_an_acknowledgement_never_goes_to_another_connection() -> None:
    batches: list[DeliverBatch] = []
    outcomes = Outcomes()
    async with (
        serving(on_outcomes=lambda _, some: outcomes(some)) as server,
        client_of(server.port, on_deliver=batches.append, reconnect=True) as client,
    ):
        for round_ in range(2):
            await until(lambda: not (not client.is_bound or len(server.sessions) != 1))
            session = await bound_session(server)
            session.deliver_batch([(round_, TEMPLATE.body(b"1", b"x"))])
            await until(lambda n=round_: len(batches) > n)
            if round_ == 0:
                session.drop()
                await outcomes.until(1)
        assert batches[0].pdus[0].sequence == batches[1].pdus[0].sequence

        assert batches[0].ack() == 0
        assert batches[1].ack() == 1
        await outcomes.until(2)

    assert outcomes == [(0, UNKNOWN, ""), (1, 0, "")]


async def test_the_smsc_sends_data_sm_and_alerts() -> None:
    taken: list[Pdu] = []

    def keep(batch: DeliverBatch) -> None:
        taken.extend(batch.pdus)
        batch.ack()

    async with serving() as server, client_of(server.port, on_deliver=keep):
        session = await bound_session(server)
        session.notify(Pdu(Command.alert_notification, fields={"source_addr": "849"}))
        answer = await session.request(Pdu(Command.data_sm, fields={"source_addr": "849"}))

    assert [pdu.command for pdu in taken] == ["alert_notification", "data_sm"]
    assert answer is not None
    assert answer.command == "data_sm_resp"
