"""One settings file. The environment decides; what is missing for a real service stops the start.

DEMO=1 (set by script/server) is the embedded default: SQLite in var/, a generated secret, demo
accounts. Without it SECRET_KEY and ALLOWED_HOSTS are required and everything is https.
"""

import os
import secrets
import sys
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from core.databases import database
from core.mail_url import mail_settings
from core.words import compile_words

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.getenv("VAR_DIR", BASE_DIR / "var"))


def _required(name: str) -> str:
    value = os.getenv(name)
    if not value:
        raise ImproperlyConfigured(f"Set {name}: a real service does not start without it.")
    return value


def _demo_secret() -> str:
    """Made once and kept, so that sign-ins and the audit chain outlive a restart."""
    file = VAR_DIR / "secret"
    if not file.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(50))
    return file.read_text()


DEMO = os.getenv("DEMO") == "1"
DEBUG = False
SECRET_KEY = os.getenv("SECRET_KEY") or (_demo_secret() if DEMO else _required("SECRET_KEY"))
SECRET_KEY_FALLBACKS = [k for k in os.getenv("SECRET_KEY_FALLBACKS", "").split(",") if k]
AUDIT_KEY = os.getenv("AUDIT_KEY") or SECRET_KEY  # keep it when the secret key is exchanged
AUDIT_SEAL_FILE = Path(os.getenv("AUDIT_SEAL_FILE", VAR_DIR / "audit-seals.log"))
ALLOWED_HOSTS = (
    [h for h in os.getenv("ALLOWED_HOSTS", "").split(",") if h]
    or (["localhost", "127.0.0.1", "[::1]"] if DEMO else _required("ALLOWED_HOSTS").split(","))
)  # fmt: skip
CSRF_TRUSTED_ORIGINS = [o for o in os.getenv("CSRF_TRUSTED_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "core",
    "workflows",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "channels",
    "csp",
    "axes",
    "django_q",
    "viewflow",
    "viewflow.workflow",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.desk.headers.Squeezed",
    "csp.middleware.CSPMiddleware",
    "core.desk.headers.Headers",
    "core.desk.health.Health",
    "core.accounts.sessions.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.accounts.kept.SignInFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "core.desk.trouble.Answers",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "core.urls"
ASGI_APPLICATION = "core.asgi.application"
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
                "workflows.inbox.context.counts",
            ]
        },
    }
]
FORM_RENDERER = "core.forms_renderer.DeskRenderer"
SOURCE_URL = os.getenv("SOURCE_URL", "")  # where this installation's source is offered
# The desk's own address, for links in what leaves the house.
SITE_URL = (
    os.getenv("SITE_URL")
    or ("http://127.0.0.1:8000" if DEMO else f"https://{ALLOWED_HOSTS[0].lstrip('.*')}")
).rstrip("/")

# E-mail: EMAIL_URL=smtp+tls://user:password@host:587, smtps://…, smtp://…, console: or file:///folder.
vars().update(mail_settings(os.getenv("EMAIL_URL", ""), VAR_DIR / "mail"))
EMAIL_TIMEOUT = 10  # seconds; a mail server that hangs holds up nobody
DEFAULT_FROM_EMAIL = os.getenv("EMAIL_FROM", "desk@localhost")

# Robots: the makers' hosts are known; others are named here, with http:// only if so intended:
# WEBHOOK_HOSTS=robot.county.example,http://10.20.0.8:8080
WEBHOOK_HOSTS = [
    "qyapi.weixin.qq.com",
    "oapi.dingtalk.com",
    *[h for h in os.getenv("WEBHOOK_HOSTS", "").split(",") if h],
]
WEBHOOK_WINDOW = timedelta(minutes=int(os.getenv("WEBHOOK_WINDOW_MINUTES", "10")))
SALT_KEY = os.getenv("SALT_KEY", "desk")  # with SECRET_KEY the key of encrypted columns


# Connections that the web server keeps open (PostgreSQL): each request has a thread of its own, so
# that without a pool each would open one. 0 for none, as behind PgBouncer.
DATABASE_POOL = int(os.getenv("DATABASE_POOL", "20"))
DATABASES = {"default": database(os.getenv("DATABASE_URL", ""), VAR_DIR / "desk.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.getenv("REDIS_URL", "")
# The layer asks for what comes and waits 5 s for it: its connection must wait longer than that.
_REDIS = {"address": REDIS_URL, "socket_timeout": 15, "socket_connect_timeout": 2}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [_REDIS]},
    }
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}
# How what was committed is carried to the open pages: by a "thread" of each process. Tests do it
# "inline", in the request, or let it lie ("none").
LIVE_DELIVERY = "thread"
LIVE_KEPT_DAYS = 3  # a page that was away longer begins anew

# Shared by the server and its worker; the worker's sign of life is kept here.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
    }
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "cache" / "desk",
    }
}

# Background work: what is scheduled, and jobs. `retry` must be longer than `timeout`.
Q_CLUSTER = {
    "name": "desk",
    "orm": "default",
    "workers": int(os.getenv("QUEUE_WORKERS", "1")),
    "timeout": 600,
    "retry": 700,
    "max_attempts": 3,
    "ack_failures": False,  # what raised is called again after `retry`, up to max_attempts times
    "poll": 1,  # seconds until a job that was started begins, at the most
    "save_limit": 50,  # calls that went well, of each function
    "save_limit_per": "func",
    "guard_cycle": 1,
    "catch_up": False,
    "label": "django_q",
}

JOB_MEMORY_MB = int(os.getenv("JOB_MEMORY_MB", "1024"))  # more ends a job with a sentence
if sys.platform == "linux":  # counted in KB only there: a worker that grew is replaced after its call
    Q_CLUSTER["max_rss"] = 400_000

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "core.accounts.verbs.VerbBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "core.accounts.passwords.LongEnough",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # or a stranger could lock for ever
AXES_LOCKOUT_CALLABLE = "core.accounts.views.locked_out"
CSRF_FAILURE_VIEW = "core.desk.trouble.stale_form"
SESSION_COOKIE_AGE = int(os.getenv("SESSION_MINUTES", "120")) * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [compile_words(BASE_DIR / "locale", into=VAR_DIR / "words")]
FORMAT_MODULE_PATH = ["core.formats"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "media"  # never served by URL: files go through the check of their firm
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = False

# What may be sent as evidence. Type is told by content, never by name.
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
UPLOAD_MAX_FILES = 10
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = UPLOAD_MAX_FILES * 2  # the form says the exact number
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
HTTPS = not DEMO and os.getenv("HTTPS", "1") == "1"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked for from within, by its plain address
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if os.getenv("BEHIND_PROXY") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
