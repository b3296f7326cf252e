"""Before everything that reads a request: what no page could store is refused, with its name."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from textwell.core.requests import PROGRAM_PATHS

Answer = Callable[[HttpRequest], HttpResponse]
NULL = "\x00"  # PostgreSQL can store it in no text


class BorderMiddleware:
    """Before everything that reads the request: a null character is refused, with its field's name.

    Also: a method that a page does not take gets a page, where Django's answer is empty.
    """

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NULL in "".join(
            request.COOKIES.values()
        ):  # nobody can mend those: as if there were none
            request.COOKIES = {}
        if request.path_info.startswith(PROGRAM_PATHS):
            return self._get_response(request)
        if NULL in request.path_info:
            return render(request, "404.html", status=404)
        field = _field_with_null(request.GET)
        if field is None and request.method == "POST":
            field = _field_with_null(request.POST)
        if field is not None:
            context = {"field": field.replace(NULL, "")}
            return render(request, "422.html", context, status=422)
        return _with_page(request, self._get_response(request))


def _field_with_null(given: QueryDict) -> str | None:
    return next(
        (name for name, values in given.lists() if NULL in name or NULL in "".join(values)), None
    )


def _with_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if response.status_code != 405 or response.content:  # noqa: PLR2004 - HTTP's own number
        return response
    page = render(request, "405.html", status=405)
    page["Allow"] = response["Allow"]
    return page
