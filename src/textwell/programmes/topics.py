"""Topics of a sign-up: people tick each by itself, and each is a consent with its own proof."""

from collections.abc import Iterable, Sequence
from typing import Final

from django.utils.translation import gettext as _

from textwell.consent.models import ConsentState, Topic
from textwell.consent.topics import check_scopes
from textwell.consent.types import ConsentScope
from textwell.core.errors import FieldError
from textwell.programmes.models import Programme

MOST_OFFERED: Final = 12


def check_offered(workspace_id: int, keys: Sequence[str]) -> list[str]:
    """Topics that a programme may offer, in their order.

    Raises:
        FieldError: on `topics`: too many, one that there is not, or one that needs a sender.
    """
    wanted = list(dict.fromkeys(keys))
    if len(wanted) > MOST_OFFERED:
        mend = _("Offer %(most)d at most.") % {"most": MOST_OFFERED}
        raise FieldError("topics", _("are too many"), mend)
    try:
        check_scopes(workspace_id, [ConsentScope(topic=key) for key in wanted])
    except FieldError as error:
        raise FieldError("topics", error.problem, error.mend) from error
    known = Topic.objects.filter(workspace_id=workspace_id, key__in=wanted)
    bound = known.filter(is_per_sender=True).first()
    if bound is not None:
        problem = _("“%(name)s” is agreed to from one sender at a time.") % {"name": bound.name}
        raise FieldError("topics", problem, _("Offer topics that hold for all senders."))
    return wanted


def list_offered(programme: Programme) -> list[tuple[str, str]]:
    """Key and what people read beside the box, in the programme's order."""
    if not programme.topics:
        return []
    found = Topic.objects.filter(
        workspace_id=programme.workspace_id, key__in=programme.topics, closed_at=None
    )
    known = {each.key: _label(each) for each in found}
    return [(key, known[key]) for key in programme.topics if key in known]


def _label(topic: Topic) -> str:
    return f"{topic.name}: {topic.description}" if topic.description else topic.name


def read_ticked(programme: Programme, ticked: Iterable[str]) -> dict[str, str]:
    """What was ticked, each with the words beside its box as they are now.

    Raises:
        FieldError: on `topics`: one that the programme does not offer.
    """
    wanted = set(ticked)
    if not wanted:
        return {}
    offered = dict(list_offered(programme))
    unknown = sorted(wanted - set(offered))
    if unknown:
        problem = _("“%(key)s” is not offered here.") % {"key": unknown[0][:40]}
        known = ", ".join(offered) or "–"
        raise FieldError("topics", problem, _("Use one of: %(known)s.") % {"known": known})
    return {key: label for key, label in offered.items() if key in wanted}


def said_topics(contact_id: int, keys: Iterable[str]) -> set[str]:
    """Topics on which the person has had their say, yes or no."""
    said = ConsentState.objects.filter(
        contact_id=contact_id, channel="sms", purpose="marketing", topic__in=list(keys)
    )
    return set(said.values_list("topic", flat=True))
