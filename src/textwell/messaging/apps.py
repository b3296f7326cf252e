from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "textwell.messaging"
    label = "messaging"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from textwell.messaging.subscriptions import subscribe_all

        subscribe_all()
