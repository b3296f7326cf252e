from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "textwell.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from textwell.accounts.signals import listen

        listen()
