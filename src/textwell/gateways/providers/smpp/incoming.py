"""From deliver_sm to receipts and texts of people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from textwell.gateways.failures import FailureClass
from textwell.gateways.providers.base import Asked, Mo, Receipt
from textwell.gateways.providers.smpp.settings import SmppSettings
from textwell.smpp.data_coding import decode_text
from textwell.smpp.message_ids import IdSource, id_key
from textwell.smpp.pdu import Pdu
from textwell.smpp.plain_receipts import STATES, PlainReceipt
from textwell.smpp.receipts import STATE_OF, ReceiptState, parse_date, read_receipt
from textwell.smpp.receipts import Receipt as ParsedReceipt
from textwell.text.gsm7 import PLAIN

_MESSAGE_TYPE: Final = 0x3C  # esm_class bits of SMPP 3.4 section 5.2.12
_RECEIPT_TYPES: Final = frozenset({0x04, 0x08, 0x20})  # receipt, delivery ack, intermediate
_SHORT_CODE_DIGITS: Final = 6
_SAME_TEXT_S: Final = 60
# What query_sm says of a message whose end is known.
_END_STATS: Final = {
    state: stat for stat, state in STATES.items() if stat not in {"ACCEPTD", "UNKNOWN"}
}
_FINE: Final = frozenset({ReceiptState.DELIVERED, ReceiptState.ACCEPTED})
_GSM_NETWORK: Final = 3  # network_error_code: network type GSM

Classify = Callable[[str], FailureClass]


class Reader:
    """Reads what arrives for one gateway. `classify` takes codes as stored: `UNDELIV:027`."""

    def __init__(self, settings: SmppSettings, classify: Classify) -> None:
        self._settings = settings
        self._classify = classify
        self._verdict = lru_cache(maxsize=4096)(self._build_verdict)
        self._date = lru_cache(maxsize=4096)(self._read_date)

    # -- receipts --------------------------------------------------------------------------

    @staticmethod
    def is_receipt(pdu: Pdu) -> bool:
        """Whether it tells of a message of ours; else it is a text of a person.

        The words alone do not make a receipt: anyone can text them.
        """
        if type(pdu) is PlainReceipt:
            return True
        kind = pdu.fields.get("esm_class", 0) & _MESSAGE_TYPE
        return kind in _RECEIPT_TYPES or (not kind and "receipted_message_id" in pdu.tlvs)

    def read_receipt(self, pdu: Pdu, received_at: float) -> Receipt:
        """The receipt; state unknown where it cannot be read. `received_at`: epoch seconds."""
        if type(pdu) is PlainReceipt:
            return self._read_plain(pdu, received_at)
        parsed = read_receipt(pdu)
        found = self._read_odd(parsed, received_at)
        # The source of a receipt is the recipient (3.4 appendix B).
        found.msisdn = _e164(pdu.fields.get("source_addr", ""))
        found.submitted_at = self._to_epoch(parsed.submit_date)
        return found

    def _read_plain(self, pdu: PlainReceipt, received_at: float) -> Receipt:
        address, message_id, submit_date, done_date, stat, err = pdu.said
        found = self._build(
            message_id, stat, err, STATE_OF[STATES[stat]], self._date(done_date), received_at
        )
        found.msisdn, found.submitted_at = _e164(address), self._date(submit_date)
        return found

    def read_answer(self, asked: Asked, pdu: Pdu, received_at: float) -> Receipt | None:
        """What a query_sm_resp says of a message; None unless that is its end."""
        stat = _END_STATS.get(pdu.fields.get("message_state", 0))
        if stat is None:
            return None
        state = STATE_OF[STATES[stat]]
        reason, code = self._verdict(stat, f"{pdu.fields.get('error_code', 0):03d}", state)
        return Receipt(
            asked.provider_message_id,
            asked.provider_key,
            state.value,
            reason,
            code,
            self._date(pdu.fields.get("final_date", "")),
            received_at,
            message_id=asked.message_id,
        )

    def _read_odd(self, found: ParsedReceipt, received_at: float) -> Receipt:
        err = found.err or ""
        network = found.network_error_code
        if network is not None and network[0] == _GSM_NETWORK and not err.strip("0"):
            err = f"{network[1]:03d}"
        done_at = self._to_epoch(found.done_date)
        stat = found.stat or "UNKNOWN"
        return self._build(found.id or "", stat, err or "000", found.state, done_at, received_at)

    def _build(  # noqa: PLR0917 - names would cost a fifth of the time of a receipt
        self,
        message_id: str,
        stat: str,
        err: str,
        state: ReceiptState,
        done_at: float | None,
        received_at: float,
    ) -> Receipt:
        reason, code = self._verdict(stat, err, state)
        key = id_key(message_id, id_format=self._settings.id_format, source=IdSource.RECEIPT)
        return Receipt(message_id, key, state.value, reason, code, done_at, received_at)

    def _build_verdict(self, stat: str, err: str, state: ReceiptState) -> tuple[str, str]:
        """Reason and code as stored."""
        code = f"{stat}:{err}"[:40]
        return ("" if state in _FINE else self._classify(code).value), code

    def _read_date(self, text: str) -> float | None:
        return self._to_epoch(parse_date(text))

    def _to_epoch(self, moment: datetime | None) -> float | None:
        if moment is None:
            return None
        return moment.timestamp() - 60 * self._settings.receipt_offset_min


def build_mo(address: tuple[str, str, int], octets: bytes, received_at: float) -> Mo:
    """The text of a person: source, destination and data_coding, and the octets."""
    source, recipient, coding = address
    text = decode_text(octets, coding, default_alphabet=PLAIN.decode)
    if text is None:
        text = octets.hex()  # binary: shown as it is, never thrown away
    msisdn, recipient = _e164(source), _e164(recipient)
    # SMPP gives texts no id. The same words from the same person within a minute are the carrier
    # saying them again, which it does after an acknowledgement was lost.
    said = f"{msisdn}\0{recipient}\0{int(received_at) // _SAME_TEXT_S}\0{text}"
    key = blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return Mo(key, msisdn, recipient, text, received_at)


def _e164(address: str) -> str:
    """With + where it is a full number; short codes and names stay as they are."""
    digits = address.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return address
    digits = digits.removeprefix("00")
    return f"+{digits}" if len(digits) > _SHORT_CODE_DIGITS else digits
