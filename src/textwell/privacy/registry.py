"""What an erasure does to each table: all are named here, a new one too, or a test fails.

Statements find the people in temporary tables (`staging`): `erasing_person`, their messages in
`erasing_message`, their numbers in `erasing_number`, and in `erasing_text` what tells them apart in free
text. `contact_id` may stay where a report counts by it: once the person's row is gone it names nobody.
"""

from dataclasses import dataclass
from typing import Final, LiteralString

_PERSON: LiteralString = "contact_id IN (SELECT contact_id FROM erasing_person)"
_MESSAGE: LiteralString = "message_id IN (SELECT id FROM erasing_message)"
_NUMBER: LiteralString = "msisdn IN (SELECT msisdn FROM erasing_number)"
_W: LiteralString = "workspace_id = %(workspace_id)s"


# With what rows of the workspace's imports, to be gone on with AND.
BLANK_ROW: Final[LiteralString] = """
            UPDATE contacts_importrow SET msisdn = '', operator = '', first_name = '', last_name = '',
                email = '', language = '', zone = '', external_id = '', tags = '{}', fields = '{}',
                consent_source = '', consent_wording = '', consent_problem = '', before = NULL,
                raw = '', reason = CASE WHEN verdict = 'invalid' THEN 'erased' ELSE reason END
            WHERE import_run_id IN (
                    SELECT id FROM contacts_importrun WHERE workspace_id = %(workspace_id)s)
"""


def _names_them(column: LiteralString) -> LiteralString:
    """Free text that holds a number or an address of theirs."""
    return f"EXISTS (SELECT FROM erasing_text t WHERE strpos(lower({column}), t.text) > 0)"


@dataclass(frozen=True, slots=True)
class Treatment:
    """`why` says what of a person it holds, or that it holds nothing of theirs.

    No statement though something is held: `by` names the function that sees to it.
    """

    why: str
    statements: tuple[LiteralString, ...] = ()
    by: str = ""

    @property
    def holds_people(self) -> bool:
        return bool(self.statements or self.by)


def _nothing(why: str) -> Treatment:
    return Treatment(why)


_OURS = _nothing("of the workspace and its members, not of people who are texted")
_COUNTS = _nothing("counts alone")

_MESSAGING: dict[str, Treatment] = {
    "messaging_message": Treatment(
        "the number; the row stays, and with it every count",
        (f"UPDATE messaging_message SET msisdn = '' WHERE {_W} AND {_PERSON} AND msisdn <> ''",),
    ),
    "messaging_batch": Treatment(
        "the text of a single message",
        (
            f"""
            UPDATE messaging_batch SET body = '', extra = (
                SELECT coalesce(jsonb_object_agg(key, value), '{{}}') FROM jsonb_each(extra)
                WHERE key = ANY('{{purpose,actor,validity_hours,cap_count,cap_hours,trial_of}}'))
            WHERE {_W} AND campaign_id IS NULL
              AND first_message_id IN (SELECT id FROM erasing_message)
            """,
        ),
    ),
    "messaging_outcome": Treatment(
        "the text as it was handed over; the gate's proof stays",
        (
            f"""
            UPDATE messaging_outcome SET text = '', facts = facts - 'error'
            WHERE {_MESSAGE} AND (text <> '' OR facts ? 'error')
            """,
        ),
    ),
    "messaging_dlr": Treatment(
        "the number, where a receipt named no message",
        (
            """
            UPDATE messaging_dlr SET msisdn = ''
            WHERE msisdn <> '' AND gateway_id IN (
                SELECT id FROM gateways_gateway WHERE workspace_id = %(workspace_id)s)
              AND '+' || ltrim(msisdn, '+') IN (SELECT msisdn FROM erasing_number)
            """,
        ),
    ),
    "messaging_window": _COUNTS,
    "messaging_pendingreport": _nothing("keys of receipts, hashed"),
    "messaging_held": _nothing("ids of messages that wait; they are skipped before"),
    "messaging_tally": _COUNTS,
    "messaging_progress": _COUNTS,
    "messaging_proof": Treatment(
        "the key under which the number is hashed; its own hash stays, and the proof with it",
        (
            f"""
            UPDATE messaging_proof p SET keys = (
                SELECT string_agg(CASE
                    WHEN length(l.key) = 24 AND split_part(l.leaf, ',', 1)::bigint IN (
                        SELECT id FROM erasing_message)
                    THEN rtrim(translate(encode(sha256(convert_to(l.key, 'UTF8')), 'base64'),
                        '+/', '-_'), '=')
                    ELSE l.key END, ' ' ORDER BY l.place)
                FROM unnest(string_to_array(p.leaves, ' '), string_to_array(p.keys, ' '))
                    WITH ORDINALITY AS l (leaf, key, place))
            WHERE p.id IN (
                SELECT b.id FROM erasing_message e JOIN messaging_proof b
                    ON int8range(b.first_message_id, b.last_message_id, '[]') @> e.id
                WHERE b.{_W} AND EXISTS (
                    SELECT FROM unnest(string_to_array(b.leaves, ' '), string_to_array(b.keys, ' '))
                        AS l (leaf, key)
                    WHERE length(l.key) = 24 AND split_part(l.leaf, ',', 1)::bigint = e.id))
            """,
        ),
    ),
    "messaging_promise": _OURS,
    "messaging_exceptionday": _OURS,
    "messaging_lenientreading": _OURS,
    "messaging_ownpack": _OURS,
    "messaging_savedtext": _OURS,
}

_PEOPLE: dict[str, Treatment] = {
    "contacts_contact": Treatment(
        "all that is known of a person",
        (
            f"DELETE FROM contacts_contact WHERE {_W} AND id IN (SELECT contact_id FROM erasing_person)",
        ),
    ),
    "contacts_listmember": Treatment(
        "what lists the person is on", (f"DELETE FROM contacts_listmember WHERE {_PERSON}",)
    ),
    "contacts_importrow": Treatment(
        "the row as it stood in a file; its verdict stays, so that totals do. What could not be used is"
        " wiped by `privacy.files.wipe_copies`",
        (
            f"""
            {BLANK_ROW}
              AND ({_PERSON} OR {_NUMBER})
            """,
        ),
    ),
    "contacts_importrun": Treatment("our copy of the file", by="privacy.files.wipe_copies"),
    "contacts_event": Treatment(
        "what the person did elsewhere, as its sender told it",
        (
            f"""
            UPDATE contacts_event SET msisdn = '', external_id = '', properties = '{{}}',
                source_key = 'erased:' || id
            WHERE {_W} AND ({_PERSON} OR {_NUMBER}
                OR external_id IN (SELECT external_id FROM erasing_person WHERE external_id <> ''))
            """,
        ),
    ),
    "contacts_eventkey": Treatment(
        "keys that its sender gave to what the person did",
        (
            f"""
            DELETE FROM contacts_eventkey WHERE {_W} AND source_key IN (
                SELECT source_key FROM contacts_event WHERE {_W} AND ({_PERSON} OR {_NUMBER}))
            """,
        ),
    ),
    "contacts_savedfilter": Treatment(
        "a number that somebody searched for",
        (f"DELETE FROM contacts_savedfilter WHERE {_W} AND {_names_them('search')}",),
    ),
    "contacts_contactlist": _OURS,
    "contacts_fielddefinition": _OURS,
    "contacts_eventname": _OURS,
    "contacts_numberplace": _nothing("the same for everybody"),
    "contacts_numberzone": _nothing("the same for everybody"),
}

_CONSENT: dict[str, Treatment] = {
    "consent_invitation": Treatment(
        "that the number had its one invitation; who was erased is known by a hash, and never invited",
        (f"DELETE FROM consent_invitation WHERE {_W} AND ({_PERSON} OR {_NUMBER})",),
    ),
    "consent_brand": _OURS,
    "consent_sealedfact": Treatment(
        "the salt of a hash over what the person was shown or wrote; the hash keeps the chain whole",
        (
            f"""
            UPDATE consent_sealedfact SET salt = NULL
            WHERE {_W} AND salt IS NOT NULL AND fact = 'e' AND fact_id IN (
                SELECT id FROM consent_consentevent WHERE {_W} AND {_PERSON})
            """,
        ),
    ),
    "consent_sealedblock": _nothing("digests"),
    "consent_sealedday": _nothing("digests, signed"),
    "consent_consentevent": Treatment(
        "what the person was shown or wrote; that they did, when and by what way stays as the proof",
        (
            f"""
            UPDATE consent_consentevent SET evidence = '{{}}', wording = CASE kind
                WHEN 'opt_in' THEN 'erased, SHA-256 ' || encode(sha256(convert_to(wording, 'UTF8')), 'hex')
                ELSE '' END
            WHERE {_W} AND {_PERSON} AND wording NOT LIKE 'erased, SHA-256 %%'
            """,
        ),
    ),
    "consent_consentstate": Treatment(
        "the present answers", (f"DELETE FROM consent_consentstate WHERE {_W} AND {_PERSON}",)
    ),
    "consent_topic": _OURS,
    "consent_preference": Treatment(
        "the way that the person chose",
        (f"DELETE FROM consent_preference WHERE {_W} AND {_PERSON}",),
    ),
    "consent_preferenceevent": Treatment(
        "what the person chose, and when",
        (f"DELETE FROM consent_preferenceevent WHERE {_W} AND {_PERSON}",),
    ),
    "consent_pause": Treatment(
        "a rest that the person asked for", (f"DELETE FROM consent_pause WHERE {_W} AND {_PERSON}",)
    ),
    "consent_suppressionreason": Treatment(
        "the number; `consent.erased` has kept its keyed hash and the reasons before",
        (f"DELETE FROM consent_suppressionreason WHERE {_W} AND {_NUMBER}",),
    ),
    "consent_suppression": Treatment(
        "the number", (f"DELETE FROM consent_suppression WHERE {_W} AND {_NUMBER}",)
    ),
    "consent_register": _OURS,
    "consent_registernumber": _nothing(
        "a public list as its keeper publishes it, not what a person gave us: without the number an import"
        " would put it back, and until then adverts could reach who asked for none"
    ),
    "consent_erasednumber": _nothing("a keyed hash, for as long as the number is not to be texted"),
    "consent_withdrawnimport": _OURS,
    "consent_sharinggroup": _OURS,
    "consent_sharingmember": _OURS,
    "consent_sharingcode": _OURS,
}

_CONVERSATION: dict[str, Treatment] = {
    "inbox_reply": Treatment(
        "number and text of what the person wrote",
        (
            f"""
            UPDATE inbox_reply SET msisdn = '', text = '', language = ''
            WHERE {_W} AND ({_PERSON} OR '+' || ltrim(msisdn, '+') IN (SELECT msisdn FROM erasing_number))
            """,
        ),
    ),
    "inbox_threadentry": Treatment(
        "answers to the person, and notes about them",
        (
            f"""
            UPDATE inbox_threadentry SET text = '' WHERE {_W} AND thread_id IN (
                SELECT id FROM inbox_thread WHERE {_W} AND {_PERSON})
            """,
        ),
    ),
    "inbox_thread": Treatment(
        "the last text",
        (
            f"""
            UPDATE inbox_thread SET last_text = '', is_open = false, is_unread = false,
                waiting_since = NULL
            WHERE {_W} AND {_PERSON}
            """,
        ),
    ),
    "inbox_cannedanswer": _OURS,
    "links_click": Treatment(
        "address and browser of who clicked",
        (
            f"""
            UPDATE links_click SET raw_ip = NULL, user_agent = ''
            WHERE {_MESSAGE} AND (raw_ip IS NOT NULL OR user_agent <> '')
            """,
        ),
    ),
    "links_linkrange": Treatment(
        "addresses made for one person", by="links.actions.blank_own_links"
    ),
    "links_linkhost": _OURS,
}

_PROGRAMMES: dict[str, Treatment] = {
    "programmes_signup": Treatment(
        "what the person gave and by which device; that they joined stays",
        (
            f"""
            UPDATE programmes_signup SET evidence = '{{}}', more = '{{}}', more_at = NULL
            WHERE {_W} AND {_PERSON} AND (evidence <> '{{}}' OR more <> '{{}}')
            """,
        ),
    ),
    "programmes_incentivecode": _nothing("that a code was given, to an id that names nobody"),
    "programmes_captured": _nothing("keys that devices drew, to a sign-up's id"),
    "programmes_attempt": _nothing("hashes and starts of numbers, counted and forgotten"),
    "programmes_programme": _OURS,
    "programmes_disclosure": _OURS,
    "programmes_placement": _OURS,
}

_WEBHOOK_KEYS: LiteralString = (
    "{message_id,contact_id,campaign_id,gateway_id,country,state,reason,code,segment_count,cost_micros,"
    "sender,reply_id,thread_id,intent,channel,purpose,kind}"
)
_COPIES: dict[str, Treatment] = {
    "webhooks_happening": Treatment(
        "number and text, as they are told to other programs",
        (
            f"""
            UPDATE webhooks_happening SET data = (
                SELECT coalesce(jsonb_object_agg(key, value), '{{}}') FROM jsonb_each(data)
                WHERE key = ANY('{_WEBHOOK_KEYS}'))
            WHERE {_W} AND ({_MESSAGE}
                OR data ->> 'contact_id' IN (SELECT contact_id::text FROM erasing_person)
                OR data ->> 'from' IN (SELECT msisdn FROM erasing_number))
            """,
        ),
    ),
    "webhooks_messagecallback": Treatment(
        "an address that may name the person",
        (f"DELETE FROM webhooks_messagecallback WHERE {_MESSAGE}",),
    ),
    "webhooks_delivery": _nothing(
        "tries and status codes; errors are the receiver's, without the body"
    ),
    "webhooks_endpoint": _OURS,
    "webhooks_unmatchedreport": _nothing("ids of receipts"),
    "api_idempotentanswer": Treatment(
        "what a program was answered; the key still says that it was",
        (
            f"""
            UPDATE api_idempotentanswer SET answer = '{{"erased": true}}', body_hash = ''
            WHERE api_key_id IN (SELECT id FROM accounts_apikey WHERE {_W})
              AND {_names_them("answer::text")}
            """,
        ),
    ),
    "api_rate": _COUNTS,
    "core_job": Treatment(
        "what work was given, where it was for this person",
        (
            f"""
            UPDATE core_job SET payload = '{{}}', cursor = '{{}}', result = '{{}}', error = ''
            WHERE {_W} AND state IN ('done', 'failed', 'stopped')
              AND {_names_them("payload::text || cursor::text || result::text || error")}
            """,
        ),
    ),
    "core_quarantineditem": Treatment(
        "a reply, receipt or event that could not be stored",
        (
            """
            DELETE FROM core_quarantineditem q
            WHERE (subject = 'event.' || %(workspace_id)s OR subject IN (
                    SELECT kind || g.id FROM gateways_gateway g, unnest('{mo.,dlr.}'::text[]) kind
                    WHERE g.workspace_id = %(workspace_id)s))
              AND EXISTS (SELECT FROM erasing_text t
                          WHERE position(convert_to(t.text, 'UTF8') IN q.payload) > 0)
            """,
        ),
    ),
    "core_cursor": _COUNTS,
    "core_signingkey": _OURS,
    "accounts_auditentry": Treatment(
        "what of the person was changed, from what to what", by="accounts.erasing.blank_entries"
    ),
    "accounts_auditseal": _nothing("a chain of digests, keyed"),
    "accounts_auditerasure": _nothing("that an entry was blanked, and a digest, keyed"),
}

_HOUSE: dict[str, Treatment] = {
    "privacy_erasurerequest": _nothing("that, when and why people were erased, and counts"),
    "privacy_erasure": _nothing(
        "an id that names nobody; until the second sweep also by what that finds the person, sealed"
    ),
    "reports_keptreport": _COUNTS,
    "reports_keptfacts": _COUNTS,
    "segments_groupfigure": _COUNTS,
    **dict.fromkeys(
        (
            "accounts_apikey", "accounts_cache", "accounts_directorygroup",
            "accounts_directorygroup_people", "accounts_directoryperson",
            "accounts_directorytoken", "accounts_invitation", "accounts_membership",
            "accounts_signinattempt", "accounts_usedassertion", "accounts_user", "accounts_workspace",
            "campaigns_approval", "campaigns_campaign", "campaigns_stop", "campaigns_stoppedcampaign",
            "gateways_gateway", "gateways_gatewayhealth", "gateways_registration",
            "gateways_registrationdocument", "gateways_registeredtemplate", "gateways_sender",
        ),
        _OURS,
    ),
}  # fmt: skip

# In this order: whoever is looked for through another table comes before it, the person last.
TREATMENTS: Final[dict[str, Treatment]] = {
    **_MESSAGING,
    **_COPIES,
    **_CONVERSATION,
    **_PROGRAMMES,
    **_CONSENT,
    **dict(reversed(_PEOPLE.items())),
    **_HOUSE,
}
