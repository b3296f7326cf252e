"""What is raised of gateways."""

from django.utils.translation import gettext as _

from textwell.core.errors import Conflict


class GatewayRetired(Conflict):
    """It was taken away, and must be brought back before it is changed or used."""

    def __init__(self) -> None:
        super().__init__(_("The gateway is retired. Bring it back first."))
