"""The handbook at /docs/, and the link to it on every page of a member."""

from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from whitenoise.middleware import WhiteNoiseMiddleware

from textwell.web import docs

CHAPTERS = sorted({page.partition("#")[0] for _begin, page in docs.CHAPTERS} | {"index.html"})
SOURCES = Path(__file__).parents[2] / "docs"


@pytest.fixture
def served(tmp_path: Path) -> WhiteNoiseMiddleware:
    """WhiteNoise as the settings make it, over a handbook of one page."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.html").write_text("<h1>Textwell</h1>")

    def nothing(request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"{request.path} is no file", status=404)

    with override_settings(WHITENOISE_ROOT=tmp_path):
        return WhiteNoiseMiddleware(nothing)


@pytest.mark.django_db  # closing a file ends a request, and connections with it
def test_handbook_is_served_to_everybody_under_its_own_policy(
    served: WhiteNoiseMiddleware, rf: RequestFactory
) -> None:
    answer: Any = served(rf.get("/docs/"))  # Any: a FileResponse, whose parts are bytes

    assert (answer.status_code, b"".join(answer)) == (200, b"<h1>Textwell</h1>")
    assert answer["Content-Security-Policy"] == docs.POLICY
    assert "unsafe" not in docs.POLICY
    assert answer["Cache-Control"] == "max-age=60, public"
    answer.close()


def test_address_without_its_slash_leads_to_the_handbook(
    served: WhiteNoiseMiddleware, rf: RequestFactory
) -> None:
    answer = served(rf.get("/docs"))

    assert (answer.status_code, answer["Location"]) == (302, "docs/")


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/", "/docs/index.html"),
        ("/contacts/imports/7", "/docs/howto/import-people.html"),
        ("/contacts/7", "/docs/guides/marketer.html#people"),
    ],
)
def test_help_leads_to_the_chapter_of_the_page(
    path: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docs, "is_shipped", lambda: True)

    assert docs.help_url(path) == url


@pytest.mark.parametrize("page", CHAPTERS)
def test_every_chapter_that_help_names_is_a_page(page: str) -> None:
    assert (SOURCES / page).with_suffix(".md").is_file()


def test_pages_link_to_help_only_where_it_is_shipped(
    owner_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docs, "is_shipped", lambda: True)
    with_help = owner_client.get("/gateways/").content.decode()
    monkeypatch.setattr(docs, "is_shipped", lambda: False)
    without = owner_client.get("/gateways/").content.decode()

    assert with_help.count('href="/docs/howto/connect-a-carrier.html"') == 2
    assert "/docs/" not in without
