from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "textwell.messaging"
    label = "messaging"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from textwell.messaging.own_packs import load_own_packs
        from textwell.messaging.subscriptions import subscribe_all

        load_own_packs()
        subscribe_all()
