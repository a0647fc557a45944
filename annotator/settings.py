"""Settings: one file, everything from the environment, safe by default. `docs/settings.md` has the list."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

import annotator

BASE_DIR = Path(__file__).resolve().parent.parent


def flag(name: str, default: bool = False) -> bool:
    """An environment variable as yes or no."""
    value = os.environ.get(name, "").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if value:
        raise ImproperlyConfigured(f"{name} has to be 1 or 0, not {value!r}.")
    return default


def words(name: str) -> list[str]:
    """An environment variable as a list, separated by commas."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


DATA_DIR = Path(os.environ.get("ANNOTATOR_DATA") or BASE_DIR / "data").resolve()


def secret_key() -> str:
    """The key from the environment, or from the file that `dev.py run` made. No secret, no start."""
    if from_environment := os.environ.get("ANNOTATOR_SECRET_KEY"):
        return from_environment
    file = DATA_DIR / "secret"
    if file.exists():
        return file.read_text(encoding="ascii").strip()
    raise ImproperlyConfigured(
        "No secret key. Set ANNOTATOR_SECRET_KEY (50 random characters or more), or start with "
        f"`python3 dev.py run`, which makes one in {file}."
    )


SECRET_KEY = secret_key()
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 10:
    raise ImproperlyConfigured("The secret key is too weak: it has to be 50 random characters or more.")
DEBUG = flag("ANNOTATOR_DEBUG")
DEMO = flag("ANNOTATOR_DEMO")
PUBLIC_URL = os.environ.get("ANNOTATOR_PUBLIC_URL", "").rstrip("/")
_public = urlsplit(PUBLIC_URL)
if PUBLIC_URL and (_public.scheme not in {"http", "https"} or not _public.hostname):
    raise ImproperlyConfigured(f"ANNOTATOR_PUBLIC_URL has to be an http(s) address, not {PUBLIC_URL!r}.")
HTTPS = _public.scheme == "https"

ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *words("ANNOTATOR_HOSTS")]
if _public.hostname:
    ALLOWED_HOSTS.append(_public.hostname)
if any(host == "*" or host.startswith(".") for host in ALLOWED_HOSTS):
    raise ImproperlyConfigured(
        "ANNOTATOR_HOSTS has to name the hosts; wildcards would trust any Host header."
    )
if DEBUG and not {_public.hostname, *words("ANNOTATOR_HOSTS")} <= {None, "localhost", "127.0.0.1", "::1"}:
    raise ImproperlyConfigured(
        "ANNOTATOR_DEBUG shows settings and code to visitors: not with a public address."
    )
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []

# How many proxies of one's own stand in front: so many addresses at the end of X-Forwarded-For are true.
_proxies = os.environ.get("ANNOTATOR_PROXIES", "") or ("1" if HTTPS else "0")
if not (_proxies.isascii() and _proxies.isdigit() and len(_proxies) == 1):
    raise ImproperlyConfigured(f"ANNOTATOR_PROXIES has to be a number from 0 to 9, not {_proxies!r}.")
PROXIES = int(_proxies)

# The extension ids that may sign in: unpacked and store, Chromium (32 letters) and Firefox (the add-on's id).
# The first two are the ids that this source tree builds.
EXTENSION_IDS = [*annotator.EXTENSION_IDS, *words("ANNOTATOR_EXTENSION_IDS")]

INSTALLED_APPS = [
    "annotator.admin.apps.ReviewDesk",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "oauth2_provider",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "annotator.apps.Annotator",
]

MIDDLEWARE = [
    "annotator.request_log.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "annotator.site.preferences.Preferences",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "annotator.site.policy.ContentSecurityPolicy",
    "annotator.site.errors.Outages",
]

ROOT_URLCONF = "annotator.urls"
WSGI_APPLICATION = "annotator.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "annotator" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'db.sqlite3'}", conn_health_checks=True
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # One writer at a time: IMMEDIATE takes the write lock at BEGIN, where `timeout` (seconds) can wait
        # for it; a lock taken in mid-transaction fails at once instead.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # What is deleted is overwritten with zeros.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        " PRAGMA secure_delete=ON;",
    }
    # Tests write from several threads, which a database in memory cannot.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 1, "max_size": 16, "timeout": 10}}
    DATABASES["default"]["CONN_MAX_AGE"] = 0  # the pool keeps connections

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "annotator.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "annotator" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = os.environ.get("ANNOTATOR_STATIC") or None  # only for those who want `collectstatic`
STATICFILES_DIRS = [BASE_DIR / "annotator" / "static"]
WHITENOISE_USE_FINDERS = True  # static files are served from where they lie; nothing to collect first
WHITENOISE_AUTOREFRESH = DEBUG

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = False  # the proxy in front does it
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "annotator.site.errors.csrf_failure"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["annotator.api.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "annotator.api.authentication.HasScope",
    ],
    "DEFAULT_PARSER_CLASSES": ["annotator.api.bodies.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "annotator.api.errors.handle",
    "URL_FORMAT_OVERRIDE": None,
    "UNICODE_JSON": True,
    "STRICT_JSON": True,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Annotator",
    "VERSION": annotator.__version__,
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "annotator.api.schema.require_bodies",
    ],
    "ENFORCE_NON_BLANK_FIELDS": True,
    "ENUM_NAME_OVERRIDES": {"ParagraphKindEnum": "annotator.api.shapes.KINDS"},
}

OAUTH2_PROVIDER = {
    "SCOPES": {"read": _("Read your annotations"), "write": _("Make and change annotations")},
    "DEFAULT_SCOPES": ["read", "write"],
    "PKCE_REQUIRED": True,
    "OAUTH2_VALIDATOR_CLASS": "annotator.oauth.validator.Validator",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "REFRESH_TOKEN_EXPIRE_SECONDS": 180 * 24 * 3600,
    "ROTATE_REFRESH_TOKEN": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "REFRESH_TOKEN_GRACE_PERIOD_SECONDS": 120,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    # What RFC 9700 (security best current practice) advises, where the toolkit's default is still another.
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
}

SILENCED_SYSTEM_CHECKS = [
    # Hashed tokens with a grace period: `annotator.oauth.validator` answers a repeated refresh anew.
    "oauth2_provider.E001",
    # Whether HTTP leads to HTTPS, and what the subdomains do, is the proxy's and the domain's own business.
    "security.W005",
    "security.W008",
    "security.W021",
]

_log = os.environ.get("ANNOTATOR_LOG") or "text"
if _log not in ("text", "json"):
    raise ImproperlyConfigured(f"ANNOTATOR_LOG has to be text or json, not {_log!r}.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "annotator.log_lines.JsonLines"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": _log}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # The request log has a line for each already.
    "loggers": {"django.request": {"level": "ERROR"}},
}
