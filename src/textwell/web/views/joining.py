"""The public form of a programme. It says the same of every number, known or not, and sets no cookie."""

from datetime import date
from typing import Any, Final

from babel import Locale
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from textwell.core.errors import FieldError
from textwell.programmes.disclosures import find_shown, present_disclosures
from textwell.programmes.errors import Closed, TooManyAttempts
from textwell.programmes.guard import check_attempt
from textwell.programmes.models import Disclosure, Placement
from textwell.programmes.qr import sms_link, system_of
from textwell.programmes.reaching import can_join, hears_from_us
from textwell.programmes.selectors import find_by_code, is_open
from textwell.programmes.signing import check_number, sign_up
from textwell.programmes.types import NewSignUp
from textwell.web.addresses import address_of
from textwell.web.forms.joining import JoinForm
from textwell.web.pages import put_error, whole_number

ACTOR: Final = "form"
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors {hosts}"
)


@csrf_exempt  # no session stands behind it: whoever could forge it could as well send it
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, code: str) -> HttpResponse:
    """The words of one country in one language, and the form under them."""
    placement = _access(code)
    if not is_open(placement):
        return _page(request, placement, "closed", {}, status=410)
    given = request.POST if request.method == "POST" else request.GET
    country = _country(placement, given.get("country", ""))
    language = given.get("lang") or request.LANGUAGE_CODE
    shown = find_shown(placement.programme, country, language, whole_number(given.get("shown")))
    if shown is None or not can_join(placement.programme, country, placement.sender):
        return _page(request, placement, "closed", {}, status=410)
    with translation.override(shown.language):
        asked = JoinForm(request.POST or None, programme=placement.programme)
        if request.method == "POST" and asked.is_valid():
            answer = _take(request, placement, shown, asked)
            if answer is not None:
                return answer
        context = {"form": asked, "shown": shown, **_choices(placement, shown)}
        status = 422 if asked.errors else 200
        return _page(request, placement, "form", context, status=status)


@require_safe
def thanks(request: HttpRequest, code: str) -> HttpResponse:
    """What follows, in words that hold for everybody."""
    placement = _access(code)
    wanted, country = request.GET.get("lang", ""), request.GET.get("country", "")
    follows = hears_from_us(placement.programme, _country(placement, country), placement.sender)
    known = {each.language for each in present_disclosures(placement.programme)}
    with translation.override(wanted if wanted in known else request.LANGUAGE_CODE):
        return _page(request, placement, "thanks", {"follows": follows})


def _access(code: str) -> Placement:
    placement = find_by_code(code)
    if placement is None:
        raise Http404
    return placement


def _country(placement: Placement, wanted: str) -> str:
    countries = placement.programme.countries
    return wanted if wanted in countries else next(iter(countries), "")


def _take(
    request: HttpRequest, placement: Placement, shown: Disclosure, asked: JoinForm
) -> HttpResponse | None:
    """Where to go next; None: the form says what is wrong."""
    done = reverse("join:thanks", args=[placement.code])
    answer = HttpResponseRedirect(f"{done}?lang={shown.language}&country={shown.country}")
    if asked.is_trapped:
        return answer
    new = _read(request, shown, asked)
    try:
        number = check_number(placement, new)
        address = address_of(request)
        if check_attempt(
            workspace_id=placement.workspace_id, msisdn=number.e164 or "", address=address
        ):
            sign_up(placement=placement, new=new, actor=ACTOR)
    except FieldError as error:
        put_error(asked, error)
        return None
    except (TooManyAttempts, Closed) as error:
        asked.add_error(None, str(error))
        return None
    return answer


def _read(request: HttpRequest, shown: Disclosure, asked: JoinForm) -> NewSignUp:
    born_on = asked.cleaned_data.get("born_on")
    return NewSignUp(
        msisdn=asked.cleaned_data["msisdn"],
        method="form",
        region=shown.country,
        language=shown.language,
        disclosure_id=whole_number(request.POST.get("shown")) or shown.id,
        values={name: _plain(value) for name, value in asked.answers().items()},
        topics=asked.cleaned_data.get("topics", ()),
        born_on=born_on if isinstance(born_on, date) else None,
        evidence={
            "page": request.build_absolute_uri(request.path),
            "address": address_of(request),
            "agent": request.headers.get("User-Agent", "")[:300],
        },
    )


def _plain(value: Any) -> Any:  # Any: an answer, as JSON holds it
    return value if isinstance(value, bool | str) or value is None else str(value)


def _choices(placement: Placement, shown: Disclosure) -> dict[str, Any]:
    """Other countries and languages in which the words are there."""
    known = present_disclosures(placement.programme)
    names = Locale.parse(shown.language.replace("-", "_"), sep="_").territories
    countries = [c for c in placement.programme.countries if any(d.country == c for d in known)]
    return {
        "countries": [(code, names.get(code, code)) for code in countries],
        "languages": [each.language for each in known if each.country == shown.country],
    }


def _page(
    request: HttpRequest,
    placement: Placement,
    name: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    programme = placement.programme
    link = ""
    if placement.keyword:
        system = system_of(request.headers.get("User-Agent", ""))
        link = sms_link(placement.sender, placement.keyword, system=system)
    words = {"placement": placement, "programme": programme, "sms": link, **context}
    response = render(request, f"joining/{name}.html", words, status=status)
    hosts = " ".join(["'self'", *programme.frame_hosts]) if programme.frame_hosts else "'none'"
    response["Content-Security-Policy"] = _POLICY.format(hosts=hosts)
    response["Referrer-Policy"] = "no-referrer"
    response.xframe_options_exempt = bool(programme.frame_hosts)
    return response
