"""The WSGI door of the web role."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "textwell.config.settings")
complete = get_wsgi_application()

from textwell.api.quick import QuickMessages  # noqa: E402 - Django first

application = QuickMessages(complete)
