"""Addresses of one's own account, under the names that allauth looks up.

Only what is listed here exists: allauth's own addresses (sign-up, change of address, …) do not.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.urls import URLPattern, path, re_path

from textwell.web.access import own_page
from textwell.web.views import saml, security, sign_in, welcome

# Whoever is not signed in: the door, the second factor, the way back in.
DOOR: list[URLPattern] = [
    path("sign-in", sign_in.sign_in, name="account_login"),
    path("welcome", welcome.welcome, name="welcome"),
    path("sign-out", sign_in.sign_out, name="account_logout"),
    path("sign-in/code", mfa.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/off", account.account_inactive, name="account_inactive"),
    path("sign-in/oidc/<slug:provider_id>/", oidc.login, name="openid_connect_login"),
    path("sign-in/oidc/<slug:provider_id>/back", oidc.callback, name="openid_connect_callback"),
    path("sign-in/saml/<slug:organization_slug>/", saml.login, name="saml_login"),
    path("sign-in/saml/<slug:organization_slug>/back", saml.take, name="saml_acs"),
    path("sign-in/saml/<slug:organization_slug>/finish", saml.finish, name="saml_finish_acs"),
    path("sign-in/saml/<slug:organization_slug>/metadata", saml.metadata, name="saml_metadata"),
    path("sign-in/saml/<slug:organization_slug>/out", saml.no_sign_out, name="saml_sls"),
    path("sign-in/canceled", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("sign-in/failed", social.login_error, name="socialaccount_login_error"),
    path("password/forgotten", account.password_reset, name="account_reset_password"),
    path("password/mailed", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/new/done",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]

OWN: list[URLPattern] = [
    path("settings/security", security.page, name="mfa_index"),
    path("settings/security", security.page, name="mfa_list_webauthn"),
    path("settings/security", security.page, name="socialaccount_connections"),
    path("settings/password", own_page(account.password_change), name="account_change_password"),
    path("settings/password/set", own_page(account.password_set), name="account_set_password"),
    path("settings/confirm", own_page(account.reauthenticate), name="account_reauthenticate"),
    path("settings/confirm/code", own_page(mfa.reauthenticate), name="mfa_reauthenticate"),
    path(
        "settings/confirm/passkey",
        own_page(webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("settings/codes/on", own_page(totp.activate_totp), name="mfa_activate_totp"),
    path("settings/codes/off", own_page(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path(
        "settings/recovery-codes",
        own_page(recovery_codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "settings/recovery-codes/new",
        own_page(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "settings/recovery-codes.txt",
        own_page(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("settings/passkeys/new", own_page(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path(
        "settings/passkeys/<int:pk>",
        own_page(webauthn.edit_webauthn),
        name="mfa_edit_webauthn",
    ),
    path(
        "settings/passkeys/<int:pk>/remove",
        own_page(webauthn.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
]
urlpatterns: list[URLPattern] = [*DOOR, *OWN]
