"""What the inbox refuses by itself."""

from django.utils.translation import gettext as _

from textwell.contacts.models import Contact
from textwell.core.errors import Conflict, FieldError


class ThreadMoved(Conflict):
    """Something happened in the thread that whoever acts had not seen: nothing was done.

    Its text says who did what, for them to read.
    """


class NotAgreed(FieldError):
    """The person has not agreed to marketing; who reads it can record that they did."""

    def __init__(self, contact: Contact) -> None:
        problem = _("has not agreed to marketing, and a request for a review is marketing.")
        super().__init__("number", problem, _("Ask the person, and record it on their page."))
        self.contact = contact
