"""Which message a carrier's id belongs to, for the last some hundred thousand: saves the look-up."""

GENERATION = 400_000


class RecentIds:
    """Two generations of a dict: bounded memory without a clock. A miss is answered by the ledger."""

    def __init__(self, generation: int = GENERATION) -> None:
        self._size = generation
        self._young: dict[int, int] = {}
        self._old: dict[int, int] = {}

    def remember(self, provider_key: int, message_id: int) -> None:
        self._young[provider_key] = message_id
        if len(self._young) >= self._size:
            self._old, self._young = self._young, {}

    def find(self, provider_key: int) -> int | None:
        found = self._young.get(provider_key)
        return self._old.get(provider_key) if found is None else found
