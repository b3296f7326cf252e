"""Names that mean something else in texts, filters or imports are no names of fields."""

import pytest
from liquid import Environment
from liquid.exceptions import LiquidError

from textwell.accounts.models import Workspace
from textwell.contacts.actions import define_field, read_fields
from textwell.contacts.bulk.actions import GivenContact, upsert_contacts
from textwell.contacts.field_names import is_reserved, name_field
from textwell.contacts.imports.mapping import FIELDS
from textwell.contacts.models import FieldDefinition
from textwell.core.errors import FieldError
from textwell.messaging.compose import BUILT_IN_FIELDS
from textwell.messaging.render import link_number
from textwell.segments.compiling import COLUMNS

pytestmark = pytest.mark.django_db
TAKEN = (
    "link",
    "link_2",
    "link_15",
    "list",
    "created_at",
    "consent",
    "opted_out",
    "empty",
    "limit",
)


def test_what_texts_filters_and_imports_name_is_reserved() -> None:
    links = [f"link_{n}" for n in range(20) if link_number(f"link_{n}")]
    names = {*COLUMNS, *BUILT_IN_FIELDS, *FIELDS, *links, "link"}

    assert [name for name in sorted(names) if not is_reserved(name)] == []


@pytest.mark.parametrize(
    "word",
    [
        "true",
        "false",
        "nil",
        "null",
        "empty",
        "blank",
        "and",
        "or",
        "not",
        "contains",
        "in",
        "if",
        "with",
        "as",
        "for",
        "limit",
        "offset",
        "reversed",
        "cols",
        "continue",
        "else",
        "forloop",
        "tablerowloop",
    ],
)
def test_what_liquid_cannot_read_as_a_field_is_reserved(word: str) -> None:
    try:
        names = Environment().from_string(f"{{{{ {word} }}}}").global_variables()
    except LiquidError:
        names = {}

    assert is_reserved(word)
    assert word.endswith("loop") or not names


@pytest.mark.parametrize("name", TAKEN)
def test_a_new_field_is_refused_such_a_name_by_every_door(workspace: Workspace, name: str) -> None:
    with pytest.raises(FieldError, match=f"such as field_{name}") as refused:
        define_field(workspace_id=workspace.id, name=name)
    with pytest.raises(FieldError, match=f"fields.{name}: .* such as field_{name}"):
        read_fields(workspace.id, {name: "x"})
    rows = [GivenContact("+33612345678", fields={name: "x"})]
    outcome = upsert_contacts(workspace_id=workspace.id, rows=rows)

    assert refused.value.field == "name"
    assert [str(row.error.mend) for row in outcome.rejected] == [refused.value.mend]
    assert not FieldDefinition.objects.exists()


def test_a_field_that_has_the_name_from_before_works_on(workspace: Workspace) -> None:
    FieldDefinition.objects.create(workspace_id=workspace.id, name="link", label="Link")

    again = define_field(workspace_id=workspace.id, name="link")

    assert (again.label, FieldDefinition.objects.count()) == ("Link", 1)
    assert read_fields(workspace.id, {"link": "x"}) == {"link": "x"}


def test_a_column_gets_a_name_beside_them() -> None:
    assert [name_field(label) for label in ("Link", "List", "Link 2", "Consent", "Links")] == [
        "field_link", "field_list", "field_link_2", "field_consent", "links",
    ]  # fmt: skip
