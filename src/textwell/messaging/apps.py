from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "textwell.messaging"
    label = "messaging"
    default_auto_field = "django.db.models.BigAutoField"
