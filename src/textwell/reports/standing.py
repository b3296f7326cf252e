"""Metrics of what stands still: before a send, of lists, files and connections, not of a campaign."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from textwell.reports.attributes import Claim, Metric

_SAMPLED = _("Exact, or where ≈ stands from an even sample of the people")

STANDING: Final[dict[str, Metric]] = {
    "meant": Metric(
        _("In the audience"), _("Everyone whom the audience of the draft chooses at this moment.")
    ),
    "would_get": Metric(
        _("Would get it"),
        _("People of the audience whom the gate lets through now and for whom a text comes out."),
        of="meant",
        certainty=_SAMPLED,
    ),
    "would_be_left_out": Metric(
        _("Would be left out"),
        _("People of the audience who would get no text now, by the first rule that says so."),
        of="meant",
        certainty=_SAMPLED,
    ),
    "would_segments": Metric(
        _("Segments before the send"),
        _("Parts of the texts as they come out for these people, with their own values."),
        certainty=_SAMPLED,
    ),
    "would_cost": Metric(
        _("Cost before the send"),
        _("The segments at the gateway's price for the country of each number."),
        certainty=_SAMPLED,
    ),
    "would_take": Metric(
        _("Takes about"),
        _(
            "The segments divided by the gateway's contracted rate; what else it carries comes on top."
        ),
        certainty=_("An estimate: the carrier may be slower"),
    ),
    "segment_share": Metric(
        _("Segments a person"),
        _("People by how many segments their own text has."),
        of="would_get",
        certainty=_SAMPLED,
    ),
    "rate_now": Metric(
        _("Rate now"), _("Messages handed off a second, over the last half minute.")
    ),
    "throttled": Metric(
        _("Throttled"),
        _("Times that the carrier said: not so fast. The text is handed off again later."),
    ),
    "consent_ends": Metric(
        _("Consent ends"),
        _(
            "People by the consent to marketing by SMS that ends first, under the rule pack of their "
            "country or the workspace's own lifetime. Whom no text may reach for another reason is not "
            "counted."
        ),
    ),
    "joined": Metric(
        _("Joined a programme"),
        _("People whose consent was recorded by it, also those who left since."),
    ),
    "waits_for_yes": Metric(
        _("Wait for a yes"),
        _("People who signed up, or of whom it was said, and have not answered yes in three days."),
    ),
    "join_cost": Metric(
        _("Cost of a person who joined"),
        _("What the placement cost, divided by those who joined by it."),
        of="joined",
    ),
    "program_texts": Metric(
        _("Texts to people of a placement"),
        _("Marketing texts that were handed off to them since they joined."),
    ),
    "left_after": Metric(
        _("Left after a text"),
        _("People who opted out, complained or have a dead number, as a share of those texts."),
        of="program_texts",
        claim=Claim.ATTRIBUTED,
    ),
    "codes_left": Metric(_("Codes left"), _("Codes of the pool that nobody has yet.")),
    "on_list": Metric(
        _("On the list or with the tag"),
        _("Everyone who is on the list or has the tag, whether they may be texted or not."),
    ),
    "textable": Metric(
        _("May be texted"),
        _("Those with consent to marketing by SMS whose number is not suppressed."),
        of="on_list",
    ),
    "stop_planned": Metric(
        _("Planned at the stop"),
        _("Messages of the campaign that were planned, without the people left out."),
    ),
    "stop_held": Metric(
        _("Held back"),
        _("Messages that the stop kept from being handed off, until it was lifted or until now."),
        of="stop_planned",
    ),
    "rows": Metric(_("Rows of the file"), _("Every row of the file but its heading.")),
    "rows_by": Metric(
        _("Rows by what becomes of them"),
        _("Each row of the file stands in one of these: the check says which, and why."),
        of="rows",
    ),
    "told_waiting": Metric(_("Waiting to be told"), _("Events that the address was not told yet.")),
    "told_failed": Metric(
        _("Not taken"), _("Events that the address did not take, after all attempts.")
    ),
    "attempts": Metric(_("Attempts"), _("How often the address was told of one event.")),
    "understood": Metric(
        _("Understood as"),
        _("What a reply means, by its words, and how sure the reader of words is of that."),
        certainty=_("The percent beside it says how sure; a person may see it otherwise"),
    ),
}
