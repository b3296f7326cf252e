from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "textwell.programmes"
    label = "programmes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from textwell.programmes.subscriptions import subscribe_all

        subscribe_all()
