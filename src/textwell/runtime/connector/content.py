"""What all messages of a batch have in common: wording, links, terms of the gate."""

import time
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, NamedTuple

import orjson

from textwell.accounts.workspaces import spoken_name
from textwell.compliance.choices import layer_of
from textwell.compliance.types import Layer
from textwell.compliance.wording import Speaker
from textwell.core.merkle import digest_text
from textwell.links.models import LinkHost
from textwell.links.selectors import prefix_of_new_links
from textwell.links.tokens import OPT_OUT_NUMBER, TokenMaker
from textwell.messaging.caps import Caps
from textwell.messaging.compose import OPT_OUT_LINK, Composer, Wording, read_versions
from textwell.messaging.law import NO_LAW
from textwell.messaging.plan_law import law_layer, terms_of
from textwell.messaging.promised import read_named, read_steps
from textwell.messaging.purposes import is_marketing, needs_consent
from textwell.messaging.render import link_number
from textwell.messaging.sql import INVITATION_OF_MESSAGE, SCOPE_OF_MESSAGE, promise_of

KEPT_S = 60.0

READ_CAMPAIGN = """
SELECT k.body, k.fallbacks, k.unaccent, k.replace_characters, jsonb_array_length(k.links), k.purpose,
    k.cap_count, k.cap_hours, k.validity_hours, w.link_key, k.versions,
    coalesce(nullif(k.law_layer, ''), w.law_layer) || w.law_choices,
    k.topic, k.brand, coalesce(t.is_per_sender, false),
    ARRAY[w.brand, w.name, w.legal_name, w.postal_address, w.public_contact],
    h.scheme, h.host, h.state
FROM campaigns_campaign k JOIN accounts_workspace w ON w.id = k.workspace_id
LEFT JOIN consent_topic t ON t.workspace_id = k.workspace_id AND t.key = k.topic
LEFT JOIN links_linkhost h ON h.workspace_id = w.id AND h.retired_at IS NULL
WHERE k.id = %(campaign_id)s
"""

# Asked again when a marked window had to wait: what keeps each of these back by now? What is canceled
# ends before what can be lifted again.
READ_WITHDRAWN = """
SELECT m.id, w.why
FROM messaging_message m
JOIN accounts_workspace a ON a.id = m.workspace_id
LEFT JOIN campaigns_campaign k ON k.id = m.campaign_id
LEFT JOIN consent_suppression s ON s.workspace_id = m.workspace_id AND s.msisdn = m.msisdn
LEFT JOIN consent_consentstate cs
    ON cs.contact_id = m.contact_id AND cs.channel = 'sms' AND cs.purpose = %(purpose)s AND __SCOPE__
LEFT JOIN consent_pause p ON p.contact_id = m.contact_id AND p.channel = 'sms' AND p.until > now()
LEFT JOIN consent_preference pr ON pr.contact_id = m.contact_id
CROSS JOIN LATERAL (SELECT __INVITATION__ AS why) v
CROSS JOIN LATERAL (SELECT CASE
    WHEN s.reason <> 'opted_out' THEN 'suppressed'
    WHEN s.reason IS NOT NULL AND %(purpose)s <> 'opt_out_confirmation'
        OR (%(needs_consent)s AND cs.is_granted IS NOT TRUE) THEN 'opted_out'
    WHEN v.why <> '' THEN v.why
    WHEN %(needs_consent)s AND pr.choice = 'email' THEN 'email_only'
    WHEN %(needs_consent)s AND p.contact_id IS NOT NULL THEN 'person_paused'
    WHEN k.state IN ('canceled', 'failed') THEN 'canceled'
    WHEN a.is_stopped THEN 'stopped'
    WHEN k.state = 'paused' THEN 'paused'
END AS why) w
WHERE m.id = ANY(%(message_ids)s) AND w.why IS NOT NULL
""".replace("__SCOPE__", SCOPE_OF_MESSAGE).replace("__INVITATION__", INVITATION_OF_MESSAGE)

# Messages of a gateway that are unknown, by what they have in common; a single message by itself. The
# carrier must know our ids still (`Provider.is_idempotent`), and nobody may have stopped them since.
FIND_DOUBTS = """
WITH d AS (
    SELECT DISTINCT m.id, m.workspace_id, m.campaign_id, m.lane
    FROM messaging_outcome o
    JOIN messaging_message m ON m.id = o.message_id AND m.state = 'unknown'
    LEFT JOIN campaigns_campaign k ON k.id = m.campaign_id
    WHERE o.gateway_id = %(gateway_id)s AND o.outcome = 'unknown'
      AND o.at > now() - interval '50 minutes' AND m.id > %(after_id)s
      AND (m.expires_at IS NULL OR m.expires_at > now())
      AND (k.id IS NULL OR k.state NOT IN ('paused', 'canceled'))
    ORDER BY m.id LIMIT %(limit)s
)
SELECT d.workspace_id, d.campaign_id, d.lane, coalesce(b.body, ''),
    coalesce(b.extra, '{}') || jsonb_build_object('law_choices', w.law_choices),
    ARRAY[w.cap_count, w.cap_hours],
    __PROMISE__,
    array_agg(d.id ORDER BY d.id)
FROM d JOIN accounts_workspace w ON w.id = d.workspace_id AND NOT w.is_stopped
LEFT JOIN LATERAL (
    SELECT x.id, x.body, x.extra FROM messaging_batch x
    WHERE d.campaign_id IS NULL AND x.campaign_id IS NULL AND x.first_message_id = d.id
    ORDER BY x.id LIMIT 1
) b ON true
GROUP BY d.workspace_id, d.campaign_id, d.lane, b.id, b.body, b.extra, w.law_choices, w.cap_count, w.cap_hours
""".replace("__PROMISE__", promise_of("d.workspace_id"))

# The next page of the log for questions about one gateway's messages: up to what is folded, and not
# up to what is too young to be asked for. A gateway that never asked begins half a million back.
FIND_SILENT = """
WITH ends AS (
    SELECT f.position AS folded,
        coalesce(q.position, greatest(f.position - 500000, 0)) AS asked
    FROM core_cursor f LEFT JOIN core_cursor q ON q.name = %(cursor)s
    WHERE f.name = 'fold.outcome'
),
page AS MATERIALIZED (
    SELECT o.id, o.message_id, o.gateway_id, o.outcome, o.at, o.provider_message_id, o.provider_key
    FROM messaging_outcome o, ends WHERE o.id > ends.asked AND o.id <= ends.asked + 20000
      AND o.id <= ends.folded
),
until AS (
    SELECT coalesce(
        (SELECT min(id) - 1 FROM page WHERE gateway_id = %(gateway_id)s AND outcome = 'submitted'
            AND at > now() - make_interval(secs => %(after_s)s)),
        (SELECT least(asked + 20000, folded) FROM ends)) AS id
)
SELECT ends.asked, until.id, p.id, p.message_id, p.provider_message_id, p.provider_key, p.sender
FROM ends CROSS JOIN until LEFT JOIN LATERAL (
    SELECT page.*, m.sender FROM page JOIN messaging_message m ON m.id = page.message_id
    WHERE page.gateway_id = %(gateway_id)s AND page.outcome = 'submitted' AND page.id <= until.id
      AND m.state = 'submitted' AND page.provider_message_id <> ''
      AND page.at > now() - interval '72 hours'
) p ON true
ORDER BY p.id
"""
NOTE_QUERIED = """
INSERT INTO core_cursor (name, position, updated_at) VALUES (%(cursor)s, %(position)s, now())
ON CONFLICT (name) DO UPDATE SET position = excluded.position, updated_at = now()
"""


class Scope(NamedTuple):
    """The consent that a message needs, beside its purpose; `sql.OF_SCOPE` binds it by name."""

    topic: str = ""
    brand: str = ""
    is_per_sender: bool = False


GENERAL: Final = Scope()


@dataclass(frozen=True, slots=True)
class Content:
    purpose: str
    cap_count: int
    cap_hours: int
    validity_s: int
    composer: Composer | None  # None: a single message whose text is final
    text: str = ""
    token_maker: TokenMaker | None = None
    link_prefix: str = ""
    link_numbers: dict[str, int] = field(default_factory=dict)  # name in the text: number
    # Which rules about hours hold, where the gateway reaches phones. Of a single text the legal ones: the
    # others moved its time when it was taken. None hold for a test text, which its reader asked for.
    law_layer: str = Layer.LEGAL
    wording_hash: str = ""  # of all that a campaign's texts are made from; a single text has none
    scope: Scope = GENERAL
    speaker: Speaker | None = None  # who speaks in a campaign; of a single text its row is asked

    @property
    def is_marketing(self) -> bool:
        return is_marketing(self.purpose)

    @property
    def needs_consent(self) -> bool:
        return needs_consent(self.purpose)

    def gate_params(self, *, is_simulated: bool = False) -> dict[str, object]:
        """Which consent of a person its reads look for, what law asks of it, and which registers it asks."""
        layer = law_layer(purpose=self.purpose, is_simulated=is_simulated, layer=self.law_layer)
        return {"purpose": self.purpose, **terms_of(layer), **self.scope._asdict()}

    def chosen(self, choices: object) -> "Content":
        """By what the workspace chooses of the rules by now, whatever it chose when this was read."""
        word = f"{layer_of(self.law_layer)}{choices}"
        return self if word == self.law_layer else replace(self, law_layer=word)

    def caps(
        self, workspace_count: int, workspace_hours: int, promised: dict[str, Any] | None = None
    ) -> Caps:
        """With those of the workspace, which hold for marketing; `promised`: of `sql.promise_of`."""
        if not self.is_marketing:
            return Caps(self.cap_count, self.cap_hours)
        told = promised or {}
        return Caps(
            self.cap_count,
            self.cap_hours,
            workspace_count,
            workspace_hours,
            promise=read_steps(told.get("steps")),
            named=read_named(told.get("present")),
        )

    def make_links(
        self, message_ids: list[int], *, with_opt_out: bool = False
    ) -> list[dict[str, str]]:
        """For each message its short links by name; no row is written for any of them."""
        links: list[dict[str, str]] = [{} for _ in message_ids]
        if self.token_maker is None:
            return links
        numbers = self.link_numbers | ({OPT_OUT_LINK: OPT_OUT_NUMBER} if with_opt_out else {})
        for name, number in numbers.items():
            tokens = self.token_maker.make_many(message_ids, number)
            for mine, token in zip(links, tokens, strict=True):
                mine[name] = self.link_prefix + token
        return links


class Contents:
    """Those of campaigns, for a minute: who speaks in one may be told while it runs."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[float, Content]] = {}  # by campaign, with when it was read

    def find(self, campaign_id: int) -> Content | None:
        """None: it is to be read, for the first time or again."""
        read_at, content = self._kept.get(campaign_id, (0.0, None))
        return None if time.monotonic() - read_at >= KEPT_S else content

    def keep(self, campaign_id: int, content: Content) -> Content:
        self._kept[campaign_id] = (time.monotonic(), content)
        return content


def content_of_campaign(row: tuple[object, ...]) -> Content:
    """From a row of READ_CAMPAIGN."""
    (
        body, fallbacks, unaccent, replace, link_count, purpose, cap, hours, validity, key, versions,
        layer, topic, brand, is_per_sender, speaker, *domain,
    ) = row  # fmt: skip
    wording = Wording(
        body=str(body),
        fallbacks=_json(fallbacks),
        unaccent=bool(unaccent),
        replace_characters=bool(replace),
        link_count=int(str(link_count)),
        versions=read_versions(_decode(versions) or []),
    )
    composer = Composer(wording)
    names = {name: link_number(name) or 1 for name in composer.link_names}
    return Content(
        purpose=str(purpose),
        cap_count=int(str(cap)),
        cap_hours=int(str(hours)),
        validity_s=int(str(validity)) * 3600,
        composer=composer,
        token_maker=TokenMaker(bytes(key)) if isinstance(key, bytes) else None,
        link_prefix=_link_prefix(*domain),
        link_numbers=names,
        law_layer=str(layer),
        wording_hash=wording_hash(wording),
        scope=Scope(str(topic), str(brand), bool(is_per_sender)),
        speaker=_speaker(speaker),
    )


def _legal(choices: object) -> str:
    """Law as it is when the batch is leased: what was recommended was asked when the text was taken."""
    return f"{Layer.LEGAL}{choices}"


def wording_hash(wording: Wording) -> str:
    """Of the texts in every language with their fallbacks: changes with each of them."""
    return digest_text(orjson.dumps(asdict(wording), option=orjson.OPT_SORT_KEYS, default=str))


def _speaker(told: object) -> Speaker | None:
    if not isinstance(told, list):
        return None
    brand, name, *more = map(str, told)
    return Speaker(spoken_name(brand, name), *more)


def _link_prefix(scheme: object, host: object, state: object) -> str:
    """From the workspace's link domain; nulls: it has none."""
    if host is None:
        return prefix_of_new_links(None)
    return prefix_of_new_links(LinkHost(scheme=str(scheme), host=str(host), state=str(state)))


def content_of_single(*, body: str, extra: dict[str, object]) -> Content:
    """A message whose text was final when it was recorded."""
    return Content(
        purpose=str(extra.get("purpose", "marketing")),
        cap_count=int(str(extra.get("cap_count", 0))),
        cap_hours=int(str(extra.get("cap_hours", 24))),
        validity_s=int(str(extra.get("validity_hours", 24))) * 3600,
        composer=None,
        text=body,
        law_layer=NO_LAW if "trial_of" in extra else _legal(extra.get("law_choices", "")),
        scope=Scope(
            str(extra.get("topic", "")),
            str(extra.get("brand", "")),
            bool(extra.get("is_per_sender", False)),
        ),
        speaker=_speaker_as_taken(extra.get("speaker")),
    )


def _speaker_as_taken(told: object) -> Speaker | None:
    """As `messaging.actions` wrote it with a single text: who it was when the text was taken."""
    return Speaker(*map(str, told)) if isinstance(told, list) else None


NO_CONTENT = content_of_single(body="", extra={})  # of a batch that has nothing left to say


def _json(value: object) -> dict[str, str]:
    decoded = _decode(value)
    return dict(decoded) if isinstance(decoded, dict) else {}


def _decode(value: object) -> Any:  # Any: JSON
    return orjson.loads(value) if isinstance(value, str | bytes) else value
