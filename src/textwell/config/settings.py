"""Django settings, read from the environment once (`textwell.core.settings`)."""

from textwell.core.settings import load_settings
from textwell.web import docs

conf = load_settings()

SECRET_KEY = conf.secret_key_value()
DEBUG = conf.debug
ALLOWED_HOSTS = conf.allowed_hosts
ROOT_URLCONF = "textwell.config.urls"
WSGI_APPLICATION = "textwell.config.wsgi.application"
APPEND_SLASH = True

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "ninja",
    "textwell.core",
    "textwell.accounts",
    "textwell.contacts",
    "textwell.consent",
    "textwell.gateways",
    "textwell.links",
    "textwell.messaging",
    "textwell.inbox",
    "textwell.segments",
    "textwell.campaigns",
    "textwell.programmes",
    "textwell.webhooks",
    "textwell.privacy",
    "textwell.reports",
    "textwell.api",
    "textwell.web",
    "textwell.cli",
    # After textwell.web: its templates go before theirs.
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "textwell.core.requests.MeasureRequests",
    "django.middleware.gzip.GZipMiddleware",  # a report of 120 KB is 15 KB on a phone's link
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "textwell.web.border.BorderMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "textwell.api.middleware.RateMiddleware",
    "textwell.api.middleware.ProblemMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "textwell.web.middleware.WatcherMiddleware",
    "textwell.web.middleware.PersonMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "textwell.web.context.navigation",
            ],
        },
    },
]

DATABASES = {"default": conf.django_database()}
# Shared by all processes: used codes of two-factor sign-in and allauth's counters live in it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        # Counters of limits and used codes live here: beyond 300, as it is by default, living ones
        # would be thrown away.
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "web:sign_in"
LOGIN_REDIRECT_URL = "web:home"
SESSION_COOKIE_AGE = 14 * 24 * 3600

# allauth: what it does is chosen here, which of its pages exist in textwell.web.own_urls.
ACCOUNT_ADAPTER = "textwell.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # sign-up is by invitation alone
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody gets mail from us who has no account here
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if conf.is_https else "http"
SOCIALACCOUNT_ADAPTER = "textwell.accounts.adapters.SocialAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form may lead to our own site only, see form-action below
SOCIALACCOUNT_PROVIDERS = conf.oidc_providers() | conf.saml_providers()
MFA_ADAPTER = "textwell.accounts.adapters.TwoFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_REAUTHENTICATION_REQUIRED = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Textwell"
# One period each way (RFC 6238, 5.2): a code is not refused because it was typed in its last
# second, or because the phone's clock is not ours.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "textwell.accounts.codes.SignInCodeForm",
    "reauthenticate": "textwell.accounts.codes.ConfirmCodeForm",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not conf.is_https  # browsers allow it for localhost alone

EMAIL_BACKEND = conf.mail_backend
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = conf.mail_server()
EMAIL_USE_TLS = conf.mail_url.startswith("smtp+tls:")
EMAIL_USE_SSL = conf.mail_url.startswith("smtps:")
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = conf.mail_from

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("vi", "Tiếng Việt"),
    ("zh-hans", "简体中文"),
    ("zh-hant", "繁體中文"),
    ("es", "Español"),
    ("fr", "Français"),
]
LOCALE_PATHS = [conf.package_dir / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_ROOT = docs.SHIPPED if docs.is_shipped() else None
WHITENOISE_INDEX_FILE = True
WHITENOISE_ADD_HEADERS_FUNCTION = docs.add_headers
MEDIA_ROOT = conf.data_dir / "files"

DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024**2  # ten thousand people with their evidence, in one call
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = conf.is_https
CSRF_COOKIE_SECURE = conf.is_https
CSRF_TRUSTED_ORIGINS = conf.trusted_origins
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGGING_CONFIG = None  # textwell.core.logs configures structlog and the standard library together
