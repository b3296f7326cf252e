"""What a campaign refuses."""

from django.utils.translation import gettext as _

from textwell.core.errors import Conflict


class WrongState(Conflict):
    """The campaign is in a state in which this cannot be done."""

    def __init__(self, *, state: str, action: str) -> None:
        super().__init__(f"A campaign that is {state} cannot be {action}.")
        self.state = state
        self.action = action


class NotApproved(Conflict):
    """The workspace asks for a second person, and nobody else has approved exactly this content."""

    def __init__(self) -> None:
        super().__init__(
            _("It needs the approval of somebody who did not work on it. Submit it for approval.")
        )
