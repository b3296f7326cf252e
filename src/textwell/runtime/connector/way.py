"""What the gate asks of a gateway: where its senders may be shown, and what they may say there."""

from dataclasses import dataclass, field
from datetime import date, datetime

from textwell.gateways.approved import Approved
from textwell.gateways.providers.base import ApprovedText, GatewaySpec
from textwell.gateways.rights import Rights
from textwell.gateways.selectors import is_simulated_kind
from textwell.messaging.sender_law import class_of, classes_of, judge_kind, needs_template
from textwell.runtime.connector.window import senders_of


@dataclass(frozen=True, slots=True)
class Way:
    """What the gate asks of the gateway."""

    senders: dict[
        tuple[str, str], str
    ]  # (sender, country) to its kind; country '' is every country
    is_simulated: bool
    is_sandbox: bool  # its texts reach the carrier in the box alone, whatever its kind says
    rights: Rights
    approved: Approved
    on: date
    reasons: dict[tuple[str, str, str], str] = field(default_factory=dict)  # as they were judged
    texts: dict[tuple[str, str], list[ApprovedText] | None] = field(default_factory=dict)

    def find_kind(self, sender: str, country: str) -> str | None:
        """Which kind of sender it is there; None: it may not be shown at all."""
        own = self.senders.get((sender, country))
        return own if own is not None else self.senders.get((sender, ""))

    def sender_reason(self, sender: str, country: str, purpose: str) -> str:
        """Why the sender may not be shown there by law, as `sender_law` says."""
        key = (sender, country, purpose)
        if key not in self.reasons:
            self.reasons[key] = self._judge(sender, country, purpose)
        return self.reasons[key]

    def _judge(self, sender: str, country: str, purpose: str) -> str:
        if self.is_simulated or self.is_sandbox:
            return ""
        kind = self.find_kind(sender, country) or ""
        covers, classes = self.rights.covers, classes_of(purpose)
        is_registered = any(covers(sender, country, each, on=self.on) for each in classes)
        return judge_kind(
            country,
            kind,
            purpose,
            is_registered=is_registered,
            has_template=bool(self.approved.find(sender, country, class_of(purpose), on=self.on)),
            on=self.on,
        )

    def texts_of(self, sender: str, country: str, purpose: str) -> list[ApprovedText] | None:
        """What alone the sender may say there in the texts of a window; None: what it likes."""
        key = (sender, country)
        if key not in self.texts:
            self.texts[key] = self._find_texts(sender, country, purpose)
        return self.texts[key]

    def _find_texts(self, sender: str, country: str, purpose: str) -> list[ApprovedText] | None:
        kind = self.find_kind(sender, country) or ""
        is_free = self.is_simulated or self.is_sandbox
        if is_free or not needs_template(country, kind, purpose, on=self.on):
            return None
        return self.approved.find(sender, country, class_of(purpose), on=self.on)


def way_of(spec: GatewaySpec, at: datetime) -> Way:
    """As of a moment."""
    is_simulated = is_simulated_kind(spec.provider)
    return Way(
        senders_of(spec), is_simulated, spec.is_sandbox, Rights(spec.rights),
        Approved(spec.templates), at.date(),
    )  # fmt: skip
