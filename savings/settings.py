"""Every setting, read once from the environment.

With nothing set, everything is kept under `DATA_DIR` and served by the embedded PostgreSQL and Valkey of
`savings/embedded.py`. Setting `DATABASE_URL` makes it a production run: then what may not be guessed must be given.
"""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import quote

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from savings import addresses
from savings.services.places import CHECKOUT, Places, data_dir


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def listed(name: str) -> list[str]:
    return [item.strip() for item in text(name).split(",") if item.strip()]


def required(name: str) -> str:
    """The value of `name`; raises `ImproperlyConfigured` when DATABASE_URL is set and this is not."""
    if value := text(name):
        return value
    raise ImproperlyConfigured(f"DATABASE_URL is set, so {name} must be set too. README.md says how.")


BASE_DIR = CHECKOUT
DATA_DIR = data_dir()
PLACES = Places(DATA_DIR)
EMBEDDED = not text("DATABASE_URL")
if EMBEDDED and (text("WORKER_DATABASE_URL") or text("OWNER_DATABASE_URL")):
    required_too = "WORKER_DATABASE_URL or OWNER_DATABASE_URL is set, so DATABASE_URL must be set too."
    raise ImproperlyConfigured(f"{required_too} README.md lists what production needs.")
DEBUG = text("DEBUG").lower() in {"1", "true", "yes", "on"}
SITE_URL = text("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
HTTPS = SITE_URL.startswith("https:")

# --- Who the process is, and its database -------------------------------------------------------------------------
# One process, one database role (DESIGN 10.25). "none" is for commands that need no database, and proves it.

DATABASE_ROLE = text("DATABASE_ROLE", "app")
DATABASE_VARIABLES = {"app": "DATABASE_URL", "worker": "WORKER_DATABASE_URL", "owner": "OWNER_DATABASE_URL"}


def database() -> dict[str, Any]:
    if DATABASE_ROLE == "none":
        return {}
    if DATABASE_ROLE not in DATABASE_VARIABLES:
        raise ImproperlyConfigured(f"DATABASE_ROLE must be app, worker, owner or none, not {DATABASE_ROLE!r}.")
    if EMBEDDED:
        found: dict[str, Any] = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "banked",
            "USER": f"banked_{DATABASE_ROLE}",
            "HOST": str(PLACES.sockets),
        }
    else:
        found = addresses.database(required(DATABASE_VARIABLES[DATABASE_ROLE]))
    options = {"connect_timeout": 5, "application_name": f"banked {DATABASE_ROLE}"} | found.get("OPTIONS", {})
    # A connection for each server thread, kept: quicker than a pool at 8 threads, and the two exclude each other.
    return {"default": found | {"OPTIONS": options, "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}}


DATABASES = database()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Secrets and addresses ----------------------------------------------------------------------------------------


def secret_key() -> str:
    """`SECRET_KEY`, or for the embedded run a random one made once for each `DATA_DIR`, readable by its owner only."""
    if not EMBEDDED:
        return required("SECRET_KEY")
    if given := text("SECRET_KEY"):
        return given
    kept = DATA_DIR / "secret_key"
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    fresh = DATA_DIR / f".secret_key.{os.getpid()}"
    if not kept.exists():
        with open(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(fresh, kept)  # fails if another process was first, and then its key is the key
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return kept.read_text(encoding="utf-8")


SECRET_KEY = secret_key()
SIGNING_KEY_FILE = Path(text("SIGNING_KEY_FILE", str(DATA_DIR / "signing_key")))
if not EMBEDDED:
    required("ALLOWED_HOSTS")
ALLOWED_HOSTS = listed("ALLOWED_HOSTS") or ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = listed("CSRF_TRUSTED_ORIGINS") or ([SITE_URL] if HTTPS else [])
MEDIA_ROOT = Path(text("MEDIA_ROOT", str(DATA_DIR / "documents")))

# --- The parts ----------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "savings",
    "partnerships",
    "councils",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",  # our FORM_RENDERER falls back to Django's own widget templates
    "allauth",
    "allauth.account",
    "django_tables2",
    "django_filters",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "savings.logs.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "savings.idle.IdleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "savings.past.PastMiddleware",
    "savings.carried.CarriedMiddleware",
    "councils.scope.ScopeMiddleware",
]

ROOT_URLCONF = "savings.urls"
WSGI_APPLICATION = "savings.wsgi.application"
FORM_RENDERER = "savings.renderers.GovukRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "savings.context.header",
            ],
        },
    }
]

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

# --- Signing in ---------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "councils.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "councils.adapter.ClosedSignUp"
ACCOUNT_FORMS = {
    "change_password": "councils.account_forms.ChangePassword",
    "reset_password_from_key": "councils.account_forms.NewPasswordByLink",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # sign-up is closed: whoever makes an account vouches for its address
ACCOUNT_SESSION_REMEMBER = False
# Behind a proxy every visitor has the proxy's address, and a whole council would share one sign-in limit.
ALLAUTH_TRUSTED_PROXY_COUNT = int(text("TRUSTED_PROXIES", "0"))
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 2 * 60 * 60  # seconds of idleness; savings.idle pushes it on while somebody is working
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# --- What browsers are told ---------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # a cookie of its own outlives sign-out
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if HTTPS:
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # the council's proxy must set or strip it

# --- Files --------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(text("STATIC_ROOT", str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
# Hashed names once the files are collected; before that (tests, one-off commands) WhiteNoise finds them by itself.
STATIC_COLLECTED = bool(text("STATIC_COLLECTED")) or (STATIC_ROOT / "staticfiles.json").exists()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not STATIC_COLLECTED
WHITENOISE_AUTOREFRESH = DEBUG
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440  # bytes, without files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a grid of 150 schemes has 13 cells and two more a row

# --- Broker, cache, mail ------------------------------------------------------------------------------------------

if EMBEDDED or text("BROKER_URL"):
    CELERY_BROKER_URL = text("BROKER_URL", f"redis+socket://{quote(str(PLACES.valkey_socket))}")
else:
    CELERY_BROKER_URL = required("BROKER_URL")
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 30 * 60,  # seconds; longer than the longest task, or it would be given out twice
    "unacked_restore_interval": 5,  # with kombu's defaults a killed worker's task waits 100 seconds longer
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 25 * 60  # seconds
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1}  # a doorbell: the sweep rings again
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "run" / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "find stale roll-ups": {"task": "savings.roll_up.sweep", "schedule": 30.0},
    "find stuck jobs": {"task": "savings.jobs.sweep", "schedule": 60.0},
    "work out the past that is asked for": {"task": "savings.past.work_out", "schedule": 60.0},
    "tell of corrections": {"task": "savings.corrections.tell", "schedule": 60.0},
    "remind of returns": {"task": "savings.calendar.remind", "schedule": 3600.0},
    "mark what lapsed": {"task": "savings.calendar.turn", "schedule": 3600.0},
    "write confirmation letters": {"task": "savings.confirmations.write_letters", "schedule": 300.0},
    "send invitations": {"task": "savings.invitations.write_letters", "schedule": 120.0},
    "write to members who are asked": {"task": "savings.members.write_letters", "schedule": 120.0},
    "make and send checkpoints": {"task": "savings.checkpoints.sweep", "schedule": 60.0},
    "verify the ledger at night": {"task": "savings.verify.sweep", "schedule": 15 * 60.0},
    "say the worker is alive": {"task": "savings.heartbeat", "schedule": 30.0, "options": {"expires": 60}},
}

if not (cache_url := text("CACHE_URL")):
    # Sign-in limits are counted here, so the embedded run's two web processes share it. Production gives its own.
    cache_url = f"unix://{quote(str(PLACES.valkey_socket))}?db=1" if EMBEDDED else "locmem://banked"
CACHES = {"default": addresses.cache(cache_url)}

_email = addresses.email(text("EMAIL_URL", f"file://{quote(str(DATA_DIR / 'outbox'))}" if EMBEDDED else "console:"))
globals().update(_email)
DEFAULT_FROM_EMAIL = text("DEFAULT_FROM_EMAIL", "banked@localhost")

# --- Logs ---------------------------------------------------------------------------------------------------------

LOG_FORMAT = text("LOG_FORMAT", "json")  # manage.py says "plain" for commands that a person reads
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "savings.logs.JsonFormatter"},
        "plain": {"format": "{levelname} {name}: {message}", "style": "{"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
