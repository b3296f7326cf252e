from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "textwell.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
