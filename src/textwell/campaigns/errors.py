"""What a campaign refuses."""

from textwell.core.errors import Conflict


class WrongState(Conflict):
    """The campaign is in a state in which this cannot be done."""

    def __init__(self, *, state: str, action: str) -> None:
        super().__init__(f"A campaign that is {state} cannot be {action}.")
        self.state = state
        self.action = action
