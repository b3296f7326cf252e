"""Who speaks in a workspace's texts, in memory, for the page where a person stops them."""

from textwell.core.wire import SpeakerItem


class SpeakerDirectory:
    """By workspace. Not safe for several threads: the edge is one loop."""

    def __init__(self) -> None:
        self._known: dict[int, SpeakerItem] = {}

    def items(self) -> list[SpeakerItem]:
        return list(self._known.values())

    def find(self, workspace_id: int) -> SpeakerItem:
        """Nameless where the bucket has not told yet: nobody is kept from stopping for it."""
        return self._known.get(workspace_id) or SpeakerItem(workspace_id, "")

    def put(self, item: SpeakerItem) -> None:
        self._known[item.id] = item

    def put_all(self, items: list[SpeakerItem]) -> None:
        for item in items:
            self.put(item)

    def remove(self, workspace_id: int) -> None:
        self._known.pop(workspace_id, None)
