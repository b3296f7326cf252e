from django.test import Client

from builders import make_campaign, make_contact, make_gateway
from textwell.accounts.models import Workspace
from textwell.campaigns.models import Campaign
from textwell.contacts.models import ContactList


def _form(gateway_id: int, **values: object) -> dict[str, object]:
    return {
        "name": "Spring",
        "purpose": "marketing",
        "audience_kind": "all",
        "body": "Fresh bread, {{ first_name }}: {{ link }}",
        "fallback_first_name": "friend",
        "replace_characters": "on",
        "link_1": "https://example.org/bread",
        "utm_source": "sms",
        "route": f"{gateway_id}|BAKERY",
        "validity_hours": "24",
        "cap_count": "2",
        "cap_hours": "48",
    } | values


def test_a_new_campaign_is_stored_as_a_draft_with_all_its_values(
    owner_client: Client, workspace: Workspace
) -> None:
    gateway = make_gateway(workspace=workspace)

    answer = owner_client.post("/campaigns/new", _form(gateway.id))

    made = Campaign.objects.get()
    assert answer.url == f"/campaigns/{made.id}/compose"
    assert (made.state, made.name, made.gateway_id, made.sender) == (
        "draft",
        "Spring",
        gateway.id,
        "BAKERY",
    )
    assert made.fallbacks == {"first_name": "friend"}
    assert made.links == [{"url": "https://example.org/bread"}]
    assert (made.utm, made.audience) == ({"utm_source": "sms"}, {"all": True})
    assert (made.cap_count, made.cap_hours, made.unaccent) == (2, 48, False)


def test_the_compose_page_shows_what_was_stored(owner_client: Client, workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace)
    owner_client.post("/campaigns/new", _form(gateway.id))

    page = owner_client.get(f"/campaigns/{Campaign.objects.get().id}/compose").content.decode()

    assert 'value="https://example.org/bread"' in page
    assert 'name="fallback_first_name" form="compose" value="friend"' in page


def test_an_audience_may_be_a_list_or_a_filter(owner_client: Client, workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace)
    chosen = ContactList.objects.create(workspace_id=workspace.id, name="Regulars")

    owner_client.post("/campaigns/new", _form(gateway.id, audience_kind="list", list_id=chosen.id))
    by_filter = {"field_1": "country", "op_1": "is", "value_1": "FR", "match": "any"}
    owner_client.post("/campaigns/new", _form(gateway.id, audience_kind="filter", **by_filter))

    first, second = Campaign.objects.order_by("id")
    assert first.audience == {"list_id": chosen.id}
    assert second.audience == {
        "filters": [{"field": "country", "op": "is", "value": "FR"}],
        "match": "any",
    }


def test_a_gateway_of_another_workspace_cannot_be_chosen(owner_client: Client) -> None:
    from builders import make_workspace

    foreign = make_gateway(workspace=make_workspace(name="Other"))

    answer = owner_client.post("/campaigns/new", _form(foreign.id))

    assert answer.status_code == 422
    assert not Campaign.objects.exists()


def test_the_preview_shows_the_text_of_a_person_with_segments_and_verdict(
    owner_client: Client, workspace: Workspace
) -> None:
    gateway = make_gateway(workspace=workspace, price_micros=45_000)
    make_contact(workspace=workspace, first_name="Ada", msisdn="+33612345678")

    page = owner_client.post("/campaigns/preview", _form(gateway.id)).content.decode()

    assert "Fresh bread, Ada: <mark>" in page
    assert "GSM-7" in page
    assert "€0.045" in page
    assert "May be texted." in page
    assert "+3361•••678" in page
    assert "+33612345678" not in page


def test_the_preview_shows_octets_and_the_clock_where_the_person_is(
    owner_client: Client, workspace: Workspace
) -> None:
    gateway = make_gateway(workspace=workspace)
    make_contact(workspace=workspace, first_name="Ада", zone="Asia/Tokyo")
    form = _form(gateway.id, body="Hi {{ first_name }}", scheduled_at="2036-03-01T13:30")

    page = owner_client.post("/campaigns/preview", form).content.decode()

    assert '<code class="anywhere">' + "Hi Ада".encode("utf-16-be").hex() + "</code>" in page
    assert '<span class="tag mono">А</span>' in page
    assert "March 1, 2036, 10:30 p.m." in page
    assert "Asia/Tokyo" in page
    assert ">Night<" in page.replace("</svg>", ">")


def test_the_preview_says_why_somebody_would_be_left_out(
    owner_client: Client, workspace: Workspace
) -> None:
    gateway = make_gateway(workspace=workspace)
    make_contact(workspace=workspace, has_consent=False)

    page = owner_client.post("/campaigns/preview", _form(gateway.id)).content.decode()

    assert "Would be left out: No consent recorded" in page


def test_what_a_person_is_called_is_never_markup(
    owner_client: Client, workspace: Workspace
) -> None:
    gateway = make_gateway(workspace=workspace)
    make_contact(workspace=workspace, first_name="<script>alert(1)</script>")

    page = owner_client.post("/campaigns/preview", _form(gateway.id)).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_new_field_in_the_text_asks_for_its_fallback_at_once(
    owner_client: Client, workspace: Workspace
) -> None:
    gateway = make_gateway(workspace=workspace)
    make_contact(workspace=workspace)
    form = _form(gateway.id, body="Hi {{ last_name }}", fallback_names="first_name")

    page = owner_client.post("/campaigns/preview", form).content.decode()

    assert 'id="fallback_last_name"' in page
    assert 'id="fallback_first_name"' not in page


def test_a_field_with_a_default_in_the_text_asks_for_no_fallback(
    owner_client: Client, workspace: Workspace
) -> None:
    gateway = make_gateway(workspace=workspace)
    make_contact(workspace=workspace)
    body = "Hi {{ last_name | default: 'you' }}: {{ link }}"
    form = _form(gateway.id, body=body, fallback_names="first_name")

    person = owner_client.post("/campaigns/preview", form).content.decode()
    checked = owner_client.post("/campaigns/forecast", form).content.decode()

    field = 'id="fallback_last_name" name="fallback_last_name" form="compose" value=""'
    assert f'{field} maxlength="200" placeholder="As the text says">' in person
    assert "Ready to launch." in checked


def test_the_forecast_lists_every_problem_in_its_place(
    owner_client: Client, workspace: Workspace
) -> None:
    gateway = make_gateway(workspace=workspace)
    make_contact(workspace=workspace)
    form = _form(gateway.id, name="", link_1="", fallback_first_name="")

    page = owner_client.post("/campaigns/forecast", form).content.decode()

    assert "The campaign has no name." in page
    assert "“first_name” has no fallback." in page
    assert "The text uses link 1, which has no address." in page
    assert 'id="problems-links" hx-swap-oob="true"' in page


def test_a_link_that_cannot_be_made_is_refused_beside_its_input(
    owner_client: Client, workspace: Workspace
) -> None:
    gateway = make_gateway(workspace=workspace)
    form = _form(gateway.id, link_1="", link_2="https://me:pw@example.org/")

    answer = owner_client.post("/campaigns/new", form)

    page = answer.content.decode()
    assert (answer.status_code, Campaign.objects.count()) == (422, 0)
    assert '<ul class="errorlist" id="id_link_2_error"><li>The address holds a user name' in page


def test_a_utm_value_that_is_not_there_is_refused_beside_its_input(
    owner_client: Client, workspace: Workspace
) -> None:
    gateway = make_gateway(workspace=workspace)

    answer = owner_client.post("/campaigns/new", _form(gateway.id, utm_term="{{ city }}"))

    page = answer.content.decode()
    assert (answer.status_code, Campaign.objects.count()) == (422, 0)
    assert 'id="id_utm_term_error"><li>There is no value named “city” for links. Known here' in page
    assert "<details open>" in page


def test_a_link_that_cannot_be_made_is_said_while_one_writes(
    owner_client: Client, workspace: Workspace
) -> None:
    gateway = make_gateway(workspace=workspace)
    make_contact(workspace=workspace)
    form = _form(gateway.id, link_1="https://me@example.org/", utm_term="{{ city }}")

    page = owner_client.post("/campaigns/forecast", form).content.decode()

    assert page.count("Link 1: The address holds a user name or password.") == 2
    assert page.count("utm_term: There is no value named “city” for links.") == 2


def test_a_draft_is_not_ready_while_an_input_cannot_be_read(
    owner_client: Client, workspace: Workspace
) -> None:
    gateway = make_gateway(workspace=workspace)
    make_contact(workspace=workspace)
    owner_client.post("/campaigns/new", _form(gateway.id))
    draft_id = Campaign.objects.get().id

    form = _form(gateway.id, draft_id=draft_id, link_1="example org", cap_count="-1")
    page = owner_client.post("/campaigns/forecast", form).content.decode()

    assert "Ready to launch." not in page
    assert page.count("Link: Enter a valid URL.") == 2
    assert "Texts a person at most: Ensure this value is greater than or equal to 0." in page


def test_launch_refuses_a_campaign_with_problems_and_says_which(
    owner_client: Client, workspace: Workspace
) -> None:
    campaign = make_campaign(workspace=workspace, body="")
    make_contact(workspace=workspace)

    answer = owner_client.post(f"/campaigns/{campaign.id}/launch", follow=True)

    campaign.refresh_from_db()
    assert campaign.state == "draft"
    assert "The text is empty." in answer.content.decode()


def test_a_launched_campaign_cannot_be_composed_any_more(
    owner_client: Client, workspace: Workspace
) -> None:
    campaign = make_campaign(workspace=workspace, state="sending")

    answer = owner_client.post(f"/campaigns/{campaign.id}/compose", _form(campaign.gateway_id))

    assert answer.url == f"/campaigns/{campaign.id}/live"
    assert Campaign.objects.get().name == "Spring bread"


def test_characters_that_cost_segments_are_shown_with_the_one_press_that_saves_them(
    owner_client: Client, workspace: Workspace
) -> None:
    gateway = make_gateway(workspace=workspace)
    make_contact(workspace=workspace)
    form = _form(gateway.id, body="Chào bạn “thân” {{ link }}", replace_characters="")

    page = owner_client.post("/campaigns/count", form).content.decode()

    assert "needs UCS-2" in page or "need UCS-2" in page
    assert 'data-into="id_body" data-puts="Chào bạn &quot;thân&quot; {{ link }}"' in page
    assert 'data-ticks="id_unaccent"' in page


def test_the_count_says_how_many_people_get_how_many_segments(
    owner_client: Client, workspace: Workspace
) -> None:
    gateway = make_gateway(workspace=workspace, price_micros=40_000)
    for name in ("Ada", "Bo", "Cy", "D" * 30):
        make_contact(workspace=workspace, first_name=name)

    form = _form(gateway.id, body="x" * 140 + "{{ first_name }}")
    page = owner_client.post("/campaigns/count", form).content.decode()

    assert "Counted for all 4 people who would get it." in page
    assert "1.25 · €0.05" in page
    assert "1 <b>75%</b>" in page
    assert "2 <b>25%</b>" in page


def test_whoever_is_searched_for_is_previewed_and_the_others_are_offered(
    owner_client: Client, workspace: Workspace
) -> None:
    gateway = make_gateway(workspace=workspace)
    people = [make_contact(workspace=workspace, first_name="Ada", last_name=n) for n in "XY"]
    form = _form(gateway.id, preview_search="ada", preview_contact=people[0].id)

    page = owner_client.post("/campaigns/preview", form).content.decode()
    none = owner_client.post("/campaigns/preview", form | {"preview_search": "zzz"})

    assert "Ada X ·" in page
    assert f'hx-vals=\'{{"preview_contact": "{people[1].id}"}}\'' in page
    assert "Nobody of your people has this name or number." in none.content.decode()


def test_warnings_stand_beside_the_text_and_keep_nobody_from_launching(
    owner_client: Client, workspace: Workspace
) -> None:
    gateway = make_gateway(workspace=workspace)
    make_contact(workspace=workspace)

    page = owner_client.post("/campaigns/forecast", _form(gateway.id)).content.decode()

    assert "Ready to launch." in page
    beside = page.split('id="warnings-body" hx-swap-oob="true"')[1].split("</ul>")[0]
    assert "The text does not say how to stop it." in beside


def test_a_version_is_added_written_and_removed(owner_client: Client, workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace)

    answer = owner_client.post(
        "/campaigns/new",
        _form(gateway.id, then="add", add_language="pt-BR", version_languages="vi"),
    )
    made = Campaign.objects.get()
    path = f"/campaigns/{made.id}/compose"
    shown = owner_client.get(path).content.decode()
    written = {
        "version_languages": "vi,pt-BR",
        "version-vi": "Chào {{ first_name }}",
        "fallback.vi.first_name": "bạn",
        "fallback_names.vi": "first_name",
    }
    owner_client.post(path, _form(gateway.id, then="remove:pt-BR", **written))
    made.refresh_from_db()

    assert answer.url == f"{path}#version-pt-BR"
    assert '<textarea id="version-pt-BR" name="version-pt-BR" lang="pt-BR"' in shown
    assert made.fallbacks == {"first_name": "friend"}
    assert made.versions == [
        {
            "language": "vi",
            "body": "Chào {{ first_name }}",
            "fallbacks": {"first_name": "bạn"},
        }
    ]


def test_a_version_asks_for_the_fallbacks_of_its_own_fields(
    owner_client: Client, workspace: Workspace
) -> None:
    gateway = make_gateway(workspace=workspace)
    make_contact(workspace=workspace, language="vi", last_name="Lê")
    written = {"version_languages": "vi", "version-vi": "Chào {{ last_name }}"}
    form = _form(gateway.id, fallback_names="first_name", **written)

    page = owner_client.post("/campaigns/preview", form).content.decode()

    assert "Chào Lê" in page
    assert "Gets the text in Vietnamese." in page
    assert 'id="fallbacks-vi" class="stack tight" hx-swap-oob="true"' in page
    assert 'name="fallback.vi.last_name"' in page
    assert 'id="fallbacks"' not in page
