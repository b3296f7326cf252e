"""Which gateways may call, and how they prove that it is them: the bucket `gateways` in memory."""

import msgspec


class GatewayDoor(msgspec.Struct):
    """Value of the key-value bucket `gateways`, key `<gateway_id>`; gateways' actions write it."""

    id: int
    workspace_id: int
    provider: str
    webhook_secret: str = ""


class DoorDirectory:
    def __init__(self) -> None:
        self._doors: dict[int, GatewayDoor] = {}

    def items(self) -> list[GatewayDoor]:
        return list(self._doors.values())

    def find(self, gateway_id: int) -> GatewayDoor | None:
        return self._doors.get(gateway_id)

    def put(self, door: GatewayDoor) -> None:
        self._doors[door.id] = door

    def put_all(self, doors: list[GatewayDoor]) -> None:
        for door in doors:
            self.put(door)

    def remove(self, gateway_id: int) -> None:
        self._doors.pop(gateway_id, None)
