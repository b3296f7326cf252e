"""Host names of workspaces' own, in memory: whose links are answered where.

A name that no workspace holds is the installation's: proxies may call the edge by any name.
"""

from textwell.core.wire import LinkHostItem


class HostDirectory:
    """Not safe for several threads: the edge is one loop."""

    def __init__(self) -> None:
        self._by_id: dict[int, LinkHostItem] = {}
        self._by_host: dict[str, LinkHostItem] = {}

    def items(self) -> list[LinkHostItem]:
        return list(self._by_id.values())

    def find(self, asked: str) -> LinkHostItem | None:
        """Of a Host header in lower case: as it stands, else without its port and last dot."""
        if not self._by_host:
            return None
        found = self._by_host.get(asked)
        return found or self._by_host.get(asked.partition(":")[0].removesuffix("."))

    def may_answer(self, asked: str, workspace_id: int) -> bool:
        """Whether links of this workspace are answered there: not at the name of another."""
        found = self.find(asked)
        return found is None or found.workspace_id == workspace_id

    def put(self, item: LinkHostItem) -> None:
        """Add a name, or replace the one with the same id. Twice is the same as once."""
        self.remove(item.id)
        self._by_id[item.id] = self._by_host[item.host] = item

    def put_all(self, items: list[LinkHostItem]) -> None:
        for item in sorted(items, key=lambda item: item.id):
            self.put(item)

    def remove(self, host_id: int) -> None:
        """A name taken anew under another id stays."""
        gone = self._by_id.pop(host_id, None)
        if gone is not None and self._by_host.get(gone.host) is gone:
            del self._by_host[gone.host]
