"""A contact's values by the names that a text uses."""

from textwell.contacts.models import Contact
from textwell.messaging.compose import person_of


def values_of(contact: Contact) -> dict[str, object]:
    """What `Composer.compose` takes; free fields beside the built-in ones."""
    return person_of(
        first_name=contact.first_name,
        last_name=contact.last_name,
        language=contact.language,
        country=contact.country,
        email=contact.email,
        external_id=contact.external_id,
        fields=contact.fields,
    )
