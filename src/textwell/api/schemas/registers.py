"""Bodies of do-not-contact registers."""

from datetime import datetime

from ninja import Field, Schema


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


class ImportedOut(Schema):
    register_id: int = Field(description="The register, new or as before.")
    number_count: int = Field(description="Different numbers that are on it now.")
    rejected_count: int = Field(description="Lines that hold no number; they were left out.")
