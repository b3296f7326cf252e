"""The page of every component."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.template import Context, Template
from django.test import Client

from builders import make_member
from textwell import web
from textwell.accounts.models import User, Workspace

COMPONENTS = sorted((Path(web.__file__).parent / "templates" / "components").glob("*.html"))


@pytest.mark.parametrize("component", [path.stem for path in COMPONENTS])
def test_every_component_stands_on_the_page(owner_client: Client, component: str) -> None:
    page = owner_client.get("/styleguide").content.decode()

    assert f'id="part-{component}"' in page


@pytest.mark.parametrize(("scheme", "shown"), [("dark", True), ("light", True), ("<x>", False)])
def test_it_is_looked_at_in_either_scheme(owner_client: Client, scheme: str, shown: bool) -> None:
    page = owner_client.get("/styleguide", {"scheme": scheme}).content.decode()

    assert (f"specimens scheme-{scheme}" in page) is shown


def test_only_those_who_may_manage_the_workspace_see_it(
    workspace: Workspace, client_of: Callable[[User], Client]
) -> None:
    statuses = {
        role: client_of(make_member(workspace=workspace, role=role)).get("/styleguide").status_code
        for role in ("admin", "marketer", "reader")
    }

    assert statuses == {"admin": 403, "marketer": 403, "reader": 403}


def test_crumbs_are_the_pages_above_the_highest_first() -> None:
    source = "{% load textwell %}{% crumbs 'web:contacts' 'People' 'web:imports' 'Imports' %}"

    shown = Template(source).render(Context())

    assert shown == (
        '<nav class="crumbs" aria-label="Where you are">'
        '<a href="/contacts/">People</a> / <a href="/contacts/imports/">Imports</a></nav>'
    )
