"""The migration that names who is behind the keys that keys have made."""

from importlib import import_module

from django.apps import apps

from builders import make_owner, make_workspace
from textwell.accounts.keys import create_api_key
from textwell.accounts.models import ApiKey, User, Workspace

migration = import_module("textwell.accounts.migrations.0013_makers_of_keys")


def make_key(workspace: Workspace, actor: str) -> ApiKey:
    scopes = ["keys:manage"]
    key, _secret = create_api_key(workspace=workspace, name="Shop", scopes=scopes, actor=actor)
    return key


def makers() -> dict[int, int | None]:
    return dict(ApiKey.objects.values_list("id", "created_by_id"))


def test_a_chain_of_keys_leads_to_the_person_who_made_the_first(
    workspace: Workspace, owner: User
) -> None:
    first = make_key(workspace, f"user:{owner.id}")
    second = make_key(workspace, f"key:{first.id}")
    third = make_key(workspace, f"key:{second.id}")
    ApiKey.objects.exclude(id=first.id).update(created_by=None)  # as they were made before

    migration.name_makers(apps, None)

    assert makers() == dict.fromkeys([first.id, second.id, third.id], owner.id)


def test_keys_of_nobody_stay_so(workspace: Workspace, owner: User) -> None:
    elsewhere = make_workspace(name="Elsewhere")
    foreign = make_key(elsewhere, f"user:{make_owner(workspace=elsewhere).id}")
    nobodys = make_key(workspace, "system")
    keys = [
        nobodys,
        make_key(workspace, f"key:{nobodys.id}"),
        make_key(workspace, "key:0"),
        make_key(workspace, f"key:{foreign.id}"),
    ]
    ids = [key.id for key in keys]
    ApiKey.objects.filter(id__in=ids).update(created_by=None)

    migration.name_makers(apps, None)

    assert [makers()[key] for key in ids] == [None] * 4
