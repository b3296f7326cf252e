"""A person's own page: what is held of them, and what they want changed. No sign-in, no cookie, no script.

Asking for it changes nothing, however often: programs follow links. What is pressed is done before the
answer, so that no text goes out that it forbids.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from textwell.accounts.models import Workspace
from textwell.accounts.workspaces import spoken_name
from textwell.consent.actions import record_opt_in, record_opt_out
from textwell.consent.pausing import USUAL_DAYS, end_pause, find_pause, pause_person
from textwell.consent.preferring import CHOICES, choose_channels, list_preference_events
from textwell.consent.selectors import consent_history, find_suppression, list_consent_states
from textwell.consent.topics import list_brands, list_open_topics, list_topics
from textwell.consent.types import EVERY, OPTED_OUT, ConsentScope, every_of
from textwell.core.clock import now
from textwell.core.errors import FieldError, NotFound
from textwell.privacy.erasing import erase_person
from textwell.privacy.own_data import correct_person, export_own_data
from textwell.privacy.page_links import Visitor, find_visitor, is_form_token, write_form_token
from textwell.privacy.receipts import issue_receipt
from textwell.web import words
from textwell.web.addresses import address_of
from textwell.web.forms.personal import CorrectionForm
from textwell.web.pages import put_error, whole_number

ACTOR: Final = "person"
SOURCE: Final = "own_page"
MOST_OCTETS: Final = 64 * 1024
POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
DONE: Final = {
    "stop": gettext_lazy("Done. You get no advertising by text from us any more."),
    "join": gettext_lazy("Done. You get these texts too."),
    "leave": gettext_lazy("Done. You get no more of these texts."),
    "pause": gettext_lazy("Done. The texts rest, and go on by themselves at the end."),
    "unpause": gettext_lazy("The pause is over."),
    "channels": gettext_lazy("Saved."),
    "correct": gettext_lazy("Saved."),
}


@csrf_exempt  # no session stands behind it: the link and the form's own token are what is asked for
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """See, pause, stop, correct, take along."""
    visitor = find_visitor(token)
    if visitor is None or visitor.is_late:
        return _nobody(request, visitor)
    with translation.override(_language(request, visitor)):
        if request.method != "POST":
            return _shown(request, visitor, token)
        act = request.POST.get("act", "") if _is_small(request) else ""
        if act not in _ACTS or not is_form_token(token, act, request.POST.get("form", "")):
            return _shown(request, visitor, token, stale=True)
        try:
            return _ACTS[act](request, visitor, token)
        except NotFound:  # erased meanwhile
            return _nobody(request, None)


@csrf_exempt  # as above
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, token: str) -> HttpResponse:
    """Asked once more, and then done at once."""
    visitor = find_visitor(token)
    if visitor is None or visitor.is_late:
        return _nobody(request, visitor)
    with translation.override(_language(request, visitor)):
        context = {"visitor": visitor, "token": token, **_who(visitor)}
        is_post = request.method == "POST"
        if (
            is_post
            and _is_small(request)
            and is_form_token(token, "erase", request.POST.get("form", ""))
        ):
            try:
                erase_person(
                    workspace_id=visitor.contact.workspace_id,
                    contact_id=visitor.contact.id,
                    reason="asked for on the person's own page",
                    actor=ACTOR,
                )
            except NotFound:
                return _nobody(request, None)
            return _page(request, "erased", context)
        context["form_token"] = write_form_token(token, "erase")
        context["stale"] = is_post
        return _page(request, "erase", context, status=422 if is_post else 200)


def _is_small(request: HttpRequest) -> bool:
    """Not to be read otherwise: a form of these pages is of few octets, and nobody is signed in."""
    return int(request.META.get("CONTENT_LENGTH") or 0) <= MOST_OCTETS


def _stop(request: HttpRequest, visitor: Visitor, token: str) -> HttpResponse:
    contact = visitor.contact
    record_opt_out(
        workspace_id=contact.workspace_id,
        contact_id=contact.id,
        msisdn=contact.msisdn,
        source=SOURCE,
        wording=_("Stop all texts"),
        given_at=now(),
        actor=ACTOR,
        evidence=_evidence(request),
    )
    return _back(request, token, "stop")


def _leave(request: HttpRequest, visitor: Visitor, token: str) -> HttpResponse:
    """Texts of one topic or brand end, others go on."""
    contact = visitor.contact
    topic, brand = request.POST.get("topic", ""), request.POST.get("brand", "")
    if not (topic or brand):
        return _shown(request, visitor, token, stale=True)
    try:
        record_opt_out(
            workspace_id=contact.workspace_id,
            contact_id=contact.id,
            msisdn=contact.msisdn,
            source=SOURCE,
            wording=_("Stop these"),
            given_at=now(),
            actor=ACTOR,
            evidence=_evidence(request),
            scope=every_of(topic=topic, brand=brand),
        )
    except FieldError:  # it is there no longer
        return _shown(request, visitor, token, stale=True)
    return _back(request, token, "leave")


def _join(request: HttpRequest, visitor: Visitor, token: str) -> HttpResponse:
    """A yes to one topic, in the words that stood there."""
    contact, key = visitor.contact, request.POST.get("topic", "")
    labels = dict(_offers(visitor))
    if key not in labels:  # it is offered no longer, or was pressed already
        return _shown(request, visitor, token, stale=True)
    record_opt_in(
        workspace_id=contact.workspace_id,
        contact_id=contact.id,
        source=SOURCE,
        wording=f"{_terms(visitor)} {labels[key]}",
        given_at=now(),
        actor=ACTOR,
        evidence=_evidence(request),
        scope=ConsentScope(topic=key),
        basis="express_written",
        language=translation.get_language() or "",
    )
    return _back(request, token, "join")


def _offers(visitor: Visitor) -> list[tuple[str, str]]:
    """Key and button of each topic that may be chosen here; none to who agreed to nothing, or said stop.

    A first yes, or one after a stop of all, is for a sign-up form: it tells what the country asks for.
    """
    contact = visitor.contact
    held = [
        row
        for row in list_consent_states(contact.workspace_id, contact.id)
        if row.is_granted and (row.channel, row.purpose) == ("sms", "marketing")
    ]
    if not held or find_suppression(contact.workspace_id, contact.msisdn) is not None:
        return []
    taken = {row.topic for row in held if not row.brand}
    label = _("Yes, text me about: %(topic)s")
    return [
        (each.key, label % {"topic": each.name})
        for each in list_open_topics(contact.workspace_id)
        if each.key not in taken and not each.is_per_sender
    ]


def _terms(visitor: Visitor) -> str:
    form = _(
        "Advertising by text from %(brand)s. You can stop it at any time, here or by answering a text."
    )
    return form % {"brand": _who(visitor)["brand"]}


def _evidence(request: HttpRequest) -> dict[str, object]:
    """In which language it was pressed, and from where."""
    return {"language": translation.get_language() or "", "address": address_of(request)}


def _pause(request: HttpRequest, visitor: Visitor, token: str) -> HttpResponse:
    days = whole_number(request.POST.get("days"))
    pause_person(
        workspace_id=visitor.contact.workspace_id,
        contact_id=visitor.contact.id,
        until=now() + timedelta(days=days if days in USUAL_DAYS else USUAL_DAYS[0]),
        source=SOURCE,
        actor=ACTOR,
    )
    return _back(request, token, "pause")


def _unpause(request: HttpRequest, visitor: Visitor, token: str) -> HttpResponse:
    contact = visitor.contact
    end_pause(workspace_id=contact.workspace_id, contact_id=contact.id, actor=ACTOR)
    return _back(request, token, "unpause")


def _channels(request: HttpRequest, visitor: Visitor, token: str) -> HttpResponse:
    choice = request.POST.get("choice", "")
    if choice not in CHOICES:
        return _shown(request, visitor, token, stale=True)
    choose_channels(
        workspace_id=visitor.contact.workspace_id,
        contact_id=visitor.contact.id,
        choice=choice,
        source=SOURCE,
        wording=words.word(words.CHANNEL_CHOICES, choice),
        given_at=now(),
        actor=ACTOR,
        evidence=_evidence(request),
    )
    return _back(request, token, "channels")


def _correct(request: HttpRequest, visitor: Visitor, token: str) -> HttpResponse:
    contact = visitor.contact
    form = CorrectionForm(request.POST, contact=contact)
    if form.is_valid():
        try:
            correct_person(
                workspace_id=contact.workspace_id,
                contact_id=contact.id,
                actor=ACTOR,
                **form.cleaned_data,
            )
        except FieldError as error:
            put_error(form, error)
        else:
            return _back(request, token, "correct")
    return _shown(request, visitor, token, form=form)


def _download(_request: HttpRequest, visitor: Visitor, _token: str) -> HttpResponse:
    held = export_own_data(contact=visitor.contact, actor=ACTOR)
    octets = msgspec.json.format(msgspec.json.encode(held), indent=2)
    return _file(octets, "my-data.json")


def _receipt(_request: HttpRequest, visitor: Visitor, _token: str) -> HttpResponse:
    return _file(issue_receipt(contact=visitor.contact, actor=ACTOR), "consent-receipt.json")


_ACTS: Final[dict[str, Callable[[HttpRequest, Visitor, str], HttpResponse]]] = {
    "stop": _stop,
    "join": _join,
    "leave": _leave,
    "pause": _pause,
    "unpause": _unpause,
    "channels": _channels,
    "correct": _correct,
    "download": _download,
    "receipt": _receipt,
}


def _chosen_language(request: HttpRequest) -> str:
    """One of ours, as the address says; "" without one."""
    wanted = request.GET.get("lang", "")
    return wanted if wanted in dict(settings.LANGUAGES) else ""


def _language(request: HttpRequest, visitor: Visitor) -> str:
    """As chosen here, else as the person said, else as the browser says."""
    known = dict(settings.LANGUAGES)
    wishes = (request.GET.get("lang", ""), visitor.contact.language.lower())
    return next((each for each in wishes if each in known), request.LANGUAGE_CODE)


def _back(request: HttpRequest, token: str, done: str) -> HttpResponse:
    lang = _chosen_language(request)
    chosen = f"&lang={lang}" if lang else ""
    return _guarded(HttpResponseRedirect(f"{reverse('me:page', args=[token])}?done={done}{chosen}"))


def _shown(
    request: HttpRequest,
    visitor: Visitor,
    token: str,
    *,
    form: CorrectionForm | None = None,
    stale: bool = False,
) -> HttpResponse:
    contact = visitor.contact
    stop = find_suppression(contact.workspace_id, contact.msisdn)
    context = {
        "visitor": visitor,
        "contact": contact,
        "token": token,
        "lang": _chosen_language(request),
        "form": form or CorrectionForm(contact=contact),
        "tokens": {act: write_form_token(token, act) for act in _ACTS},
        "done": DONE.get(request.GET.get("done", "")),
        "stale": stale,
        "is_stopped": stop is not None and stop.reason == OPTED_OUT,
        "pause": find_pause(contact.workspace_id, contact.id),
        "pause_days": USUAL_DAYS,
        "channels": next(iter(list_preference_events(contact.workspace_id, contact.id)), None),
        "channel_choices": CHOICES,
        "states": _states(visitor),
        "offers": _offers(visitor),
        "terms": _terms(visitor),
        "statements": consent_history(contact.workspace_id, contact.id),
        "languages": settings.LANGUAGES,
        **_who(visitor),
    }
    return _page(request, "page", context, status=422 if stale or (form and form.errors) else 200)


def _states(visitor: Visitor) -> list[tuple[Any, str]]:
    """Each present answer, with the names of what it is about."""
    workspace_id = visitor.contact.workspace_id
    states = list_consent_states(workspace_id, visitor.contact.id)
    if not any(row.topic or row.brand for row in states):
        return [(row, "") for row in states]
    names = {brand.key: brand.name for brand in list_brands(workspace_id)}
    names |= {topic.key: topic.name for topic in list_topics(workspace_id)}
    return [
        (row, " · ".join(names.get(key, key) for key in (row.topic, row.brand) if key not in {"", EVERY}))
        for row in states
    ]  # fmt: skip


def _who(visitor: Visitor) -> dict[str, Any]:
    workspace = Workspace.objects.get(id=visitor.contact.workspace_id)
    return {
        "brand": spoken_name(workspace.brand, workspace.name),
        "lines": [
            line
            for line in (workspace.legal_name, workspace.postal_address, workspace.public_contact)
            if line
        ],
    }


def _nobody(request: HttpRequest, visitor: Visitor | None) -> HttpResponse:
    context = {"is_late": visitor is not None}
    return _page(request, "nobody", context, status=410 if visitor else 404)


def _page(
    request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    return _guarded(render(request, f"personal/{name}.html", context, status=status))


def _file(octets: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(octets, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return _guarded(answer)


def _guarded(answer: HttpResponse) -> HttpResponse:
    """The address is the key to it: it goes to no other site, and into no cache."""
    answer["Content-Security-Policy"] = POLICY
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    add_never_cache_headers(answer)
    return answer
