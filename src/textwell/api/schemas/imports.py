"""Bodies of imports."""

from datetime import datetime

from ninja import Field, Schema

from textwell.api.schemas.base import Input, JobOut, Moment
from textwell.api.schemas.contacts import Basis


class FileConsent(Input):
    """The proof that holds for every row of the file."""

    source: str = Field(min_length=1, max_length=200, examples=["web form /spring"])
    wording: str = Field(min_length=1, max_length=2000, examples=["Yes, send me offers by SMS."])
    given_at: Moment
    basis: Basis | None = Field(
        None, description="How it was given; none: not known.", examples=["express_written"]
    )

    def evidence(self) -> dict[str, str]:
        """As an import keeps it."""
        given_at = self.given_at.isoformat()
        kept = {"source": self.source, "wording": self.wording, "given_at": given_at}
        return kept | ({"basis": self.basis.value} if self.basis else {})


class PastedIn(Input):
    people: str = Field(
        min_length=1,
        max_length=1_000_000,
        description="A number a line, with a name before or after it; 10,000 lines at most.",
        examples=["Linh +84901234567\n+33612345678"],
    )
    consent: FileConsent = Field(description="The proof that holds for all of them.")
    region: str | None = Field(
        None,
        max_length=2,
        description="Country of numbers without its code. Left out, the workspace's; empty: none.",
        examples=["VN"],
    )


class ImportChange(Input):
    """Only what is given is changed; the dry run is to be made again."""

    mapping: dict[str, str] | None = Field(
        None,
        description=(
            "Column: field. Fields are msisdn, first_name, …, and own ones as fields.<name>. "
            "`consent` is a column of yes and no: no, or what is neither, grants nothing."
        ),
        examples=[{"Phone": "msisdn", "Name": "first_name"}],
    )
    consent: FileConsent | None = Field(
        None, description="The proof that holds for every row; null: there is none."
    )
    region: str | None = Field(None, max_length=2, examples=["VN"])
    list_id: int | None = Field(
        None, description="Everyone of the file is put on this list; null: on none."
    )


class ImportOut(Schema):
    id: int
    filename: str
    state: str = Field(description="uploaded, judged, applying, applied or undone.")
    encoding: str
    delimiter: str
    header: list[str]
    mapping: dict[str, str] = Field(description="Column: field; columns not named are left out.")
    region: str
    consent: dict[str, str]
    list_id: int | None
    totals: dict[str, int] = Field(
        description=(
            "Rows by verdict, once the dry run is done; `consent` have a proof of consent, "
            "`consent_left_out` claim one that is none (see no-consent.csv)."
        )
    )
    row_count: int
    created_at: datetime
    job: JobOut | None = Field(description="The latest step: dry run, apply or undo.")
