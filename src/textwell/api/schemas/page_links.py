"""Bodies of links to people's own pages."""

from datetime import datetime

from ninja import Field, Schema

from textwell.api.schemas.base import Input
from textwell.privacy.page_links import MOST_DAYS, USUAL_DAYS


class PageLinkIn(Input):
    days: int = Field(
        USUAL_DAYS, ge=1, le=MOST_DAYS, description="For how long the link opens the page."
    )


class PageLinkOut(Schema):
    url: str = Field(description="For this person alone: it opens their page without a sign-in.")
    ends_at: datetime = Field(description="From then on it opens nothing.")
