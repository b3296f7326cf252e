"""The views of Segment's door: thin over the events of API v1 and `contacts.identified`."""

import zlib
from typing import Any, Final

import orjson
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from textwell.accounts.types import KeyHolder, Scope
from textwell.api.auth import check_scope, find_holder
from textwell.api.doors.base import guard_door, read_basic
from textwell.api.doors.segment.reading import KINDS, Read, Unusable, read_call, read_moment
from textwell.api.doors.segment.refusals import SegmentRefusal, refuse, too_large
from textwell.api.rates import spend
from textwell.api.tracking import publish_events
from textwell.contacts.identified import identify_people
from textwell.core.clock import now

MOST_OCTETS: Final = 512_000  # of a batch, as Segment has it
BATCHES: Final = ("batch", "import")


@guard_door(refuse)
def take(request: HttpRequest, kind: str) -> HttpResponse:
    """Take one call or a batch of them; 200 once all that can be used is stored on disk."""
    if kind not in (*KINDS, *BATCHES):
        raise SegmentRefusal(404, "not_found", _("There is no such thing."))
    if request.method != "POST":
        raise SegmentRefusal(405, "method_not_allowed", _("Use POST."))
    body = _read_body(request)
    holder = _authenticate(request, body)
    calls = body.get("batch") if kind in BATCHES else [body]
    if not isinstance(calls, list):
        raise SegmentRefusal(400, "invalid", _("batch: is no list"))
    read, rejected = _read_calls(calls, "" if kind in BATCHES else kind, body, holder)
    if rejected and not read:
        raise SegmentRefusal(400, "invalid", "; ".join(rejected[:3]))
    _store(read, holder)
    return JsonResponse({"success": True, **({"rejected": rejected} if rejected else {})})


def _authenticate(request: HttpRequest, body: dict[str, Any]) -> KeyHolder:
    """The write key is the API key: as user of HTTP Basic, or in the body."""
    user, _password = read_basic(request) or ("", "")
    written = body.get("writeKey")
    holder = find_holder(user or (written if isinstance(written, str) else ""), request.META)
    if holder is None:
        raise SegmentRefusal(401, "unauthenticated", _("A valid API key is needed as write key."))
    spend(request, holder)
    check_scope(holder, Scope.EVENTS_WRITE)
    return holder


def _read_body(request: HttpRequest) -> dict[str, Any]:
    octets = request.body
    if request.headers.get("Content-Encoding", "").lower() == "gzip":
        octets = _unpack(octets)
    if len(octets) > MOST_OCTETS:
        raise too_large()
    try:
        body = orjson.loads(octets)
    except orjson.JSONDecodeError:
        raise SegmentRefusal(400, "malformed", _("The body is no valid JSON.")) from None
    if not isinstance(body, dict):
        raise SegmentRefusal(400, "invalid", _("The body is no object."))
    return body


def _unpack(octets: bytes) -> bytes:
    """gunzip, up to what a batch may have: a small body can unpack to gigabytes."""
    unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        return unpacker.decompress(octets, MOST_OCTETS + 1)
    except zlib.error:
        raise SegmentRefusal(400, "malformed", _("The body is no gzip.")) from None


def _read_calls(
    calls: list[object], kind: str, body: dict[str, Any], holder: KeyHolder
) -> tuple[list[Read], list[str]]:
    """Those that can be used, and what is wrong with the others, by place."""
    received = now().timestamp()
    sent = read_moment(body.get("sentAt"))
    ahead_s = 0.0 if sent is None else sent - received
    read: list[Read] = []
    rejected: list[str] = []
    for place, call in enumerate(calls):
        try:
            read.append(
                read_call(
                    call,
                    kind=kind,
                    workspace_id=holder.workspace_id,
                    received=received,
                    ahead_s=ahead_s,
                )
            )
        except Unusable as error:
            rejected.append(f"{place}: {error}")
    return read, rejected


def _store(read: list[Read], holder: KeyHolder) -> None:
    """People first, so that their events find them. Both can be done again without harm."""
    told = [each.identified for each in read if each.identified is not None]
    if told and holder.allows(Scope.CONTACTS_WRITE):
        identify_people(workspace_id=holder.workspace_id, given=told, actor=holder.actor)
    if read:
        publish_events(holder.workspace_id, [each.event for each in read])


@guard_door(refuse)
def no_such_path(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    raise SegmentRefusal(404, "not_found", _("There is no such thing."))
