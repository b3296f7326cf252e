from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "textwell.inbox"
    label = "inbox"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from textwell.inbox.subscriptions import subscribe_all

        subscribe_all()
