"""Bodies of do-not-contact registers."""

from datetime import datetime

from ninja import Field, Schema

from textwell.messaging.registers import RegisterState, Standing


class RegisterOut(Schema):
    """A register as its last file told it."""

    id: int = Field(description="Its number in the address.")
    name: str = Field(
        description="As the rule pack of the country has it.",
        examples=["National Do-Not-Call register (khongquangcao)"],
    )
    country: str = Field(description="Whose register it is.", examples=["VN"])
    checked_at: datetime = Field(description="When the list was taken from the register.")
    number_count: int = Field(description="Different numbers on it.")
    filename: str = Field(description="Of the file that was imported.")
    imported_at: datetime = Field(description="When it came in.")
    actor: str = Field(description="Who imported it, such as user:3.")


class StandingOut(Schema):
    """A register that a rule pack names, and how the workspace's copy of it stands."""

    name: str = Field(
        description="As the rule pack of the country has it; the name to import it by."
    )
    country: str = Field(description="Whose register it is.", examples=["VN"])
    state: RegisterState = Field(
        description="`missing`: no list is on file; `stale`: it is older than law allows and stops"
        " marketing there; `fresh`; `not_needed`: an express consent beats an entry."
    )
    register_id: int | None = Field(description="The one on file; null: none is.")
    is_of_consent: bool = Field(
        description="Whether those who do NOT stand in it get no marketing."
    )
    max_age_days: int | None = Field(description="How old its list may be; null: no limit.")
    stale_at: datetime | None = Field(description="When the list on file becomes too old.")

    @staticmethod
    def resolve_register_id(standing: Standing) -> int | None:
        return standing.register.id if standing.register else None


class ImportedOut(Schema):
    register_id: int = Field(description="The register, new or as before.")
    number_count: int = Field(description="Different numbers that are on it now.")
    rejected_count: int = Field(description="Lines that hold no number; they were left out.")
