"""Saved texts: written in several languages, found, used in a campaign, kept from one."""

from django.test import Client

from builders import make_campaign
from page_forms import untouched
from textwell.accounts.models import Workspace
from textwell.messaging.models import SavedText
from textwell.messaging.templates import FIELDS, create_template

VERSION = {"language": "vi", "body": "Bánh mì {{ first_name }}", "fallbacks": {"first_name": "bạn"}}
FORM = {
    "name": "Spring",
    "purpose": "marketing",
    "body": "Bread for {{ first_name }}",
    "fallback_first_name": "you",
    "fallback_names": "first_name",
}


def make_template(workspace: Workspace, name: str = "Spring") -> SavedText:
    return create_template(
        workspace_id=workspace.id, actor="user:1", name=name, body="Bread", versions=[VERSION]
    )


def test_a_template_is_written_and_gets_a_version(owner_client: Client) -> None:
    answer = owner_client.post("/templates/new", FORM | {"then": "add", "add_language": "vi"})

    made = SavedText.objects.get()
    assert answer.url == f"/templates/{made.id}/#version-vi"
    assert (made.name, made.fallbacks) == ("Spring", {"first_name": "you"})
    assert made.versions == [{"language": "vi", "body": "", "fallbacks": {}}]


def test_a_name_that_is_taken_is_refused_beside_its_field_and_keeps_what_was_typed(
    owner_client: Client, workspace: Workspace
) -> None:
    make_template(workspace)

    answer = owner_client.post("/templates/new", FORM)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "is the name of another template" in page
    assert "Bread for {{ first_name }}</textarea>" in page
    assert SavedText.objects.count() == 1


def test_the_list_is_searched(owner_client: Client, workspace: Workspace) -> None:
    make_template(workspace)
    make_template(workspace, "Autumn")

    page = owner_client.get(
        "/templates/?q=autu", headers={"HX-Request": "true", "HX-Target": "rows"}
    )

    text = page.content.decode()
    assert "Autumn" in text
    assert "Vietnamese" in text
    assert "Spring" not in text
    assert "<html" not in text


def test_a_campaign_begins_with_a_template(owner_client: Client, workspace: Workspace) -> None:
    made = make_template(workspace)

    page = owner_client.get(f"/campaigns/new?template={made.id}").content.decode()

    assert 'value="Spring"' in page
    assert "Bánh mì {{ first_name }}</textarea>" in page
    assert 'name="fallback.vi.first_name" form="compose" value="bạn"' in page
    assert owner_client.get("/campaigns/new?template=999").status_code == 404


def test_the_text_of_a_campaign_is_kept_as_a_template(
    owner_client: Client, workspace: Workspace
) -> None:
    campaign = make_campaign(workspace=workspace, state="finished", versions=[VERSION])

    first = owner_client.post(f"/campaigns/{campaign.id}/keep")
    second = owner_client.post(f"/campaigns/{campaign.id}/keep", follow=True)

    made = SavedText.objects.get()
    assert first.url == f"/templates/{made.id}/"
    assert (made.name, made.body, made.versions) == ("Spring bread", "Fresh bread", [VERSION])
    assert "is the name of another template" in second.content.decode()


def test_a_template_is_deleted(owner_client: Client, workspace: Workspace) -> None:
    made = make_template(workspace)

    answer = owner_client.post(f"/templates/{made.id}/delete")

    assert answer.url == "/templates/"
    assert not SavedText.objects.exists()


def test_whoever_may_not_write_campaigns_reads_templates_only(
    reader_client: Client, workspace: Workspace
) -> None:
    made = make_template(workspace)

    assert "Bread" in reader_client.get("/templates/").content.decode()
    assert reader_client.get(f"/templates/{made.id}/").status_code == 403
    assert reader_client.post(f"/templates/{made.id}/delete").status_code == 403
    assert SavedText.objects.exists()


def test_saving_an_untouched_template_changes_nothing(
    owner_client: Client, workspace: Workspace
) -> None:
    versions = [VERSION, {"language": "fr", "body": "\n Du pain"}]
    fallbacks = {"first_name": "you", "city": "town"}
    made = create_template(
        workspace_id=workspace.id,
        actor="key:1",
        name=" Spring\noffer",
        body="\nBread for {{ first_name }}\r\n",
        fallbacks=fallbacks,
        versions=versions,
    )
    stored = SavedText.objects.get(id=made.id)
    path = f"/templates/{made.id}/"

    answer = owner_client.post(path, untouched(owner_client.get(path).content.decode(), "compose"))

    saved = SavedText.objects.get(id=made.id)
    assert answer.status_code == 302
    assert [getattr(saved, name) for name in FIELDS] == [getattr(stored, name) for name in FIELDS]
    assert (saved.fallbacks, saved.versions) == (fallbacks, versions)


def test_the_link_dialog_of_a_template_offers_links_and_asks_for_no_address(
    owner_client: Client,
) -> None:
    page = owner_client.get("/templates/new").content.decode()

    dialog = page.partition('<dialog id="put-link"')[2].partition("</dialog>")[0]
    assert '<option value="link">Link</option>' in dialog
    assert '<option value="link_9">Link 9</option>' in dialog
    assert "<input" not in dialog
