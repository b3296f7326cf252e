"""What a person does by a page, a program can do by the API: each action with its operation."""

import inspect
from collections.abc import Callable
from typing import Any, Final

import pytest

from addresses import PATTERNS
from textwell.api.app import api
from textwell.web.own_urls import DOOR, OWN

OPERATIONS: Final[dict[str, set[str]]] = {
    "approval.choose": {"workspace_put_approval"},
    "campaigns.begin": {"campaigns_create"},
    "campaigns.cancel": {"campaigns_cancel"},
    "campaigns.compose": {"campaigns_update"},
    "campaigns.copy": {"campaigns_get", "campaigns_create"},
    "campaigns.count": {"campaigns_count"},
    "campaigns.decide": {"approvals_approve"},
    "campaigns.export_people": {"reports_export_people"},
    "imports.export_rejected": {"imports_get_rejected"},
    "imports.export_without_consent": {"imports_get_without_consent"},
    "campaigns.forecast": {"campaigns_forecast"},
    "campaigns.keep": {"templates_create"},
    "campaigns.launch": {"campaigns_launch"},
    "campaigns.new": {"campaigns_create"},
    "campaigns.pause": {"campaigns_pause"},
    "campaigns.preview": {"campaigns_preview"},
    "campaigns.reschedule": {"campaigns_reschedule"},
    "campaigns.resume": {"campaigns_resume"},
    "campaigns.send_again": {"unknown_send_again"},
    "campaigns.settle": {"unknown_settle"},
    "campaigns.submit": {"approvals_submit"},
    "campaigns.test": {"campaigns_test"},
    "campaigns.unschedule": {"campaigns_unschedule"},
    "contacts.channels": {"contacts_put_channels"},
    "contacts.change": {"lists_add", "lists_remove", "tags_change"},
    "contacts.erase": {"erasures_erase"},
    "contacts.opt_in": {"contacts_opt_in"},
    "contacts.opt_out": {"contacts_opt_out"},
    "contacts.page_link": {"page_links_make"},
    "contacts.pause": {"contacts_pause"},
    "contacts.reveal": {"contacts_get_person"},  # with contacts:numbers
    "contacts.sample": {"contacts_add_sample_people"},
    "contacts.sample.remove": {"contacts_remove_sample_people"},
    "contacts.suppress": {"suppressions_add"},
    "contacts.unpause": {"contacts_unpause"},
    "ending.ask": {"campaigns_create"},
    "filters.delete": {"filters_delete"},
    "filters.rename": {"filters_rename"},
    "filters.save": {"filters_save"},
    "gateways.create": {"gateways_create", "gateways_give_sender"},
    "gateways.edit": {"gateways_update", "gateways_change_sender"},
    "gateways.pause": {"gateways_pause"},
    "gateways.remove": {"gateways_remove"},
    "gateways.restore": {"gateways_restore"},
    "gateways.resume": {"gateways_resume"},
    "registrations.document.remove": {"registrations_discard"},
    "registrations.edit": {"registrations_update"},
    "registrations.new": {"registrations_create"},
    "registrations.remove": {"registrations_remove"},
    "registrations.template": {"registered_texts_update"},
    "registrations.template.new": {"registered_texts_put_down"},
    "registrations.template.remove": {"registered_texts_remove"},
    "registrations.upload": {"registrations_upload"},
    "imports.act": {
        "imports_dry_run",
        "imports_apply",
        "imports_undo",
        "imports_stop",
        "imports_resume",
    },
    "imports.mapping": {"imports_update"},
    "imports.paste": {"imports_paste"},
    "imports.upload": {"imports_upload"},
    "inbox.canned.delete": {"inbox_delete_answer"},
    "inbox.canned.edit": {"inbox_update_answer"},
    "inbox.canned.new": {"inbox_create_answer"},
    "inbox.take": {"inbox_take"},
    "inbox.thread": {
        "inbox_answer",
        "inbox_assign",
        "inbox_close",
        "inbox_get_canned_text",
        "inbox_note",
        "inbox_read",
        "inbox_reopen",
    },
    "keys": {"keys_create"},
    "keys.revoke": {"keys_revoke"},
    "keys.use": {"keys_update"},
    "law.activate": {"law_put_in_force"},
    "law.take_back": {"law_take_back"},
    "law.ask": {"law_ask_day"},
    "law.choose": {"law_read_leniently"},
    "law.decide": {"law_decide_day"},
    "law.pack": {"law_look_at_pack"},
    "law.strict": {"law_read_strictly"},
    "law.withdraw": {"law_withdraw_day"},
    "registers.remove": {"registers_remove"},
    "registers.upload": {"registers_bring_in"},
    "lift_stop": {"workspace_lift_everything"},
    "link_domain": {"hosts_put"},
    "link_domain.check": {"hosts_check"},
    "link_domain.remove": {"hosts_delete"},
    "lists.delete": {"lists_delete"},
    "lists.new": {"lists_create"},
    "lists.mark": {"lists_rename"},
    "lists.rename": {"lists_rename"},
    "members.change": {"members_change"},
    "members.invite": {"members_invite"},
    "members.remove": {"members_remove"},
    "members.revoke": {"members_revoke"},
    "messages.settle": {"messages_settle_message"},
    "settings": {
        "workspace_rename",
        "workspace_put_cap",
        "workspace_put_hours",
        "workspace_put_answer_time",
    },
    "promise": {"promises_put"},
    "sharing": {"sharing_join"},
    "sharing.code": {"sharing_make_code"},
    "sharing.leave": {"sharing_leave"},
    "stop_all": {"workspace_stop_everything"},
    "suppressed.lift": {"suppressions_lift"},
    "suppressed.new": {"suppressions_add_many"},
    "topics.define": {"topics_define_topic"},
    "topics.change": {"topics_rename_topic", "topics_close_topic"},
    "brands.define": {"topics_define_brand"},
    "brands.change": {"topics_rename_brand", "topics_close_brand"},
    "tags.delete": {"tags_delete"},
    "tags.rename": {"tags_rename"},
    "templates.delete": {"templates_delete"},
    "templates.edit": {"templates_update"},
    "templates.new": {"templates_create"},
    "programmes.new": {"programmes_create"},
    "programmes.edit": {"programmes_update"},
    "programmes.words": {"programmes_put_disclosure"},
    "programmes.publish": {"programmes_publish"},
    "programmes.pause": {"programmes_pause"},
    "programmes.codes": {"programmes_add_codes"},
    "programmes.capture": {"programmes_sign_up"},
    "placements.new": {"programmes_create_placement"},
    "placements.edit": {"programmes_update_placement"},
    "placements.pause": {"programmes_pause_placement"},
    "placements.resume": {"programmes_resume_placement"},
    "webhooks": {"webhooks_create"},
    "webhooks.act": {"webhooks_test", "webhooks_renew_secret", "webhooks_replay_span"},
    "webhooks.detail": {"webhooks_update"},
    "webhooks.resend": {"webhooks_resend"},
    "sandbox.begin": {"workspace_begin_sandbox"},
    "desk.ask": {"messages_send_message"},
    "desk.cancel": {"messages_cancel_message"},
    "desk.choose": {"workspace_put_small_business"},
    "desk.remind": {"messages_send_message"},
    "workspaces.new": {"workspace_create"},
}

# Why an action has no operation: a key belongs to one workspace and to no person.
EXCEPTIONS: Final = {
    "directory": "an owner alone lets a directory in: a key acts as an administrator",
    "directory.revoke": "as directory",
    "directory.role": "as directory: it may give the owner's role",
    "guide.hide": "what a person sees on the home page",
    "inbox.count": "what a page shows while one writes: an answer tells its own segments",
    "invitation": "a person comes in",
    "settings.choose": "what a person sees: a key has one workspace",
    "settings.sessions.end": "a person's own sign-ins",
    "settings.sessions.end_others": "a person's own sign-ins",
    "sign_in": "a person comes in",
    "sign_out": "a person leaves",
} | {pattern.name: "a person's own account" for pattern in [*DOOR, *OWN]}


def _methods(view: Callable[..., Any]) -> list[str]:
    """What `require_POST` and its like let through; all where none was asked."""
    while True:
        kept = inspect.getclosurevars(view).nonlocals
        if "request_method_list" in kept:
            return list(kept["request_method_list"])
        if not hasattr(view, "__wrapped__"):
            return ["POST"]
        view = view.__wrapped__


ACTIONS: Final = sorted(
    {str(p.name) for p in PATTERNS if p.name not in EXCEPTIONS and "POST" in _methods(p.callback)}
)


@pytest.mark.parametrize("name", ACTIONS)
def test_a_page_action_has_an_operation(name: str) -> None:
    known = {
        operation["operationId"]
        for methods in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].values()
        for operation in methods.values()
    }

    assert name in OPERATIONS, "give it an operation, or a reason why it has none"
    assert OPERATIONS[name] - known == set()


def test_what_is_said_here_is_of_pages_that_there_are() -> None:
    names = {p.name for p in PATTERNS}

    assert (OPERATIONS.keys() - set(ACTIONS), EXCEPTIONS.keys() - names) == (set(), set())
