from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "textwell.consent"
    label = "consent"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from textwell.consent.imports import subscribe_all

        subscribe_all()
