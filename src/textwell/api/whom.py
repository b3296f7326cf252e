"""Which people a call means: those of its ids, or all whom its filter finds."""

from django.utils.translation import gettext as _

from textwell.api.schemas.contacts import WhomIn
from textwell.contacts.choosing import Chosen, PeopleFilter
from textwell.core.errors import FieldError


def chosen(given: WhomIn) -> Chosen:
    """Raises FieldError("contact_ids") unless exactly one of both is given."""
    if (given.contact_ids is None) == (given.filter is None):
        mend = _("Give contact_ids or filter, one of both.")
        raise FieldError("contact_ids", _("It is not clear who is meant."), mend)
    if given.filter is None:
        return Chosen(ids=given.contact_ids)
    return Chosen(filter=PeopleFilter(**given.filter.model_dump()))
