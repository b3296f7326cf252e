"""What answers to programs have in common: where the key stands, and refusals as problems.

Also those from outside the operations: no such path, another method, a body too large.
"""

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from textwell.api.auth import SANDBOX
from textwell.api.problems import MEDIA_TYPE, make_problem, too_large
from textwell.api.rates import STANDING

PREFIX = "/api/"
SANDBOX_HEADER = ("Textwell-Sandbox", "true")
Answer = Callable[[HttpRequest], HttpResponse]


class RateMiddleware:
    """What is answered to a key, by any door, says what is left of its rate, and if it is a sandbox's."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        standing = request.META.get(STANDING)
        if standing is not None:
            for name, value in standing.headers().items():
                response[name] = value
        if request.META.get(SANDBOX):
            name, value = SANDBOX_HEADER
            response[name] = value
        return response


class ProblemMiddleware:
    """Below /api/ every answer of 400 and more is problem+json, whoever gave it."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        is_refusal = response.status_code >= 400  # noqa: PLR2004 - HTTP's own number
        if not is_refusal or not request.path_info.startswith(PREFIX):
            return response
        if response.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
            return response
        return _as_problem(request, response)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Django reads a body when it is first asked for, and then says that it is too large."""
        if isinstance(error, RequestDataTooBig) and request.path_info.startswith(PREFIX):
            return too_large(request, error)
        return None


def _as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    status = response.status_code
    kind, title, detail = _words(request, response)
    headers = {name: response[name] for name in ("Allow", "Retry-After") if name in response}
    return make_problem(status=status, kind=kind, title=title, detail=detail, headers=headers)


def _words(request: HttpRequest, response: HttpResponse) -> tuple[str, str, str]:
    """(kind, title, detail) of an answer that is no problem yet."""
    match response.status_code:
        case 404:
            detail = _("GET /api/v1/openapi.json lists every path.")
            return "not_found", _("There is no such thing."), detail
        case 405:
            title = _("%(method)s is not for this path.") % {"method": request.method}
            detail = _("Use one of: %(known)s.") % {"known": response.get("Allow", "")}
            return "method_not_allowed", title, detail
        case status if status >= 500:  # noqa: PLR2004 - HTTP's own number
            title = _("Something failed on our side.")
            return "fault", title, _("The fault was logged.")
        case _:
            title = _("The request cannot be read.")
            detail = _("Check its address, headers and length.")
            return "malformed", title, detail


def no_such_path(_request: HttpRequest) -> HttpResponse:
    """The view of every path below /api/ that no operation has: the middleware gives it words."""
    return HttpResponse(status=404)


no_such_path.csrf_exempt = True  # type: ignore[attr-defined]  # programs have no cookie
