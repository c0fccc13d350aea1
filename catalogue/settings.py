"""All settings, from the environment. .env.example lists every variable; docs/configuration.md explains them."""

from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")


def names(variable: str, default: str = "") -> list[str]:
    """The comma-separated words of an environment variable, without the spaces around them."""
    return [word.strip() for word in env.str(variable, default=default).split(",") if word.strip()]


# ---------------------------------------------------------------- the site
SITE_NAME = env.str("SITE_NAME", default="Cuemark")
SITE_TAGLINE = env.str("SITE_TAGLINE", default="An open catalogue of cinema")
# The weighted rating: the mean every movie starts from, and how many votes that weighs. docs/decisions/0006.
RATING_PRIOR_MEAN = env.float("RATING_PRIOR_MEAN", default=6.5)
RATING_PRIOR_COUNT = env.int("RATING_PRIOR_COUNT", default=5)
RATING_CHART_MINIMUM = env.int("RATING_CHART_MINIMUM", default=3)

# What has a review looked at first. docs/configuration.md explains each.
REVIEWS_HELD_FIRST = env.int("REVIEWS_HELD_FIRST", default=0 if env.bool("CATALOGUE_DEMO", default=False) else 1)
REVIEWS_TRUSTED_AFTER = env.int("REVIEWS_TRUSTED_AFTER", default=5)
NEW_ACCOUNT_DAYS = env.int("NEW_ACCOUNT_DAYS", default=7)
BURST_RATINGS = env.int("BURST_RATINGS", default=10)
BURST_HOURS = env.int("BURST_HOURS", default=24)
GUEST_REVIEWS = env.bool("GUEST_REVIEWS", default=True)
GUEST_CONFIRM_DAYS = env.int("GUEST_CONFIRM_DAYS", default=3)
# How many in how many seconds, for a member or for a visitor's address; an address gets ten times a member's.
LIMITS = (
    {
        "review": (60, 3600),
        "guest": (6, 3600),
        "mail": (12, 86_400),  # to one address, which may be somebody else's
        "vote": (300, 3600),
        "report": (30, 86_400),
        "suggestion": (60, 86_400),
        "upload": (60, 3600),
    }
    if env.bool("RATE_LIMITS", default=True)
    else {}
)

# ---------------------------------------------------------------- the process
DEMO = env.bool("CATALOGUE_DEMO", default=False)  # `make run`: a machine of one's own, without TLS and mail
DEBUG = env.bool("DEBUG", default=False)
if DEMO or DEBUG:
    SECRET_KEY = env.str("SECRET_KEY", default="for-this-machine-only-" + "0" * 40)
    ALLOWED_HOSTS = names("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
else:
    SECRET_KEY = env.str("SECRET_KEY", default="")
    ALLOWED_HOSTS = names("ALLOWED_HOSTS")
    if not SECRET_KEY:
        raise ImproperlyConfigured("Set SECRET_KEY to a long random text (or DEBUG=true on a machine of your own).")
SECRET_KEY_FALLBACKS = names("SECRET_KEY_FALLBACKS")
CSRF_TRUSTED_ORIGINS = names("CSRF_TRUSTED_ORIGINS")
SECURE = not (DEMO or DEBUG)
# Where readers find the site: mails link there, whatever name a request came in by. reviews/checks.py looks at it.
SITE_URL = env.str("SITE_URL", default="" if SECURE else "http://127.0.0.1:8000").rstrip("/")
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")  # /.well-known/security.txt names it
ADMIN_PATH = (env.str("ADMIN_PATH", default="").strip("/") or "admin") + "/"

INSTALLED_APPS = [
    "catalogue",
    "reviews",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "allauth.mfa",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "csp",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "catalogue.observe.middleware.ObserveMiddleware",
    "catalogue.http.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",  # before what answers for static files
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "catalogue.compression.CompressionMiddleware",
    "catalogue.http.CleanInputMiddleware",
    "catalogue.replicas.ReplicaMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "reviews.second_factor.StaffMiddleware",
    "catalogue.views.errors.ConflictMiddleware",
    "catalogue.redirects.RedirectMiddleware",
]
FORCE_SCRIPT_NAME = ""  # not from a request: addresses are worked out once for all, and gunicorn hears it from a header
ROOT_URLCONF = "catalogue.urls"
WSGI_APPLICATION = "catalogue.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Public pages are Jinja2 (four to seven times faster); the admin and the libraries' own pages stay Django's.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "catalogue.jinja2.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]


# ---------------------------------------------------------------- data
def database(variable: str, default: str = "") -> dict[str, Any]:
    """The database of a variable. A socket's folder is a host with %2F, as PostgreSQL's own addresses have it."""
    found: dict[str, Any] = env.db_url(variable, default=default)
    return {**found, "HOST": unquote(found.get("HOST", ""))}


DATABASES = {"default": database("DATABASE_URL", f"sqlite:///{BASE_DIR / 'var' / 'catalogue.sqlite3'}")}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    if _database["NAME"] != ":memory:":
        # A relative path means the checkout, wherever the process was started.
        _database["NAME"] = BASE_DIR / _database["NAME"]
        _database["NAME"].parent.mkdir(parents=True, exist_ok=True)
    # Tests use a file too: a database in memory locks whole tables, which no real one does.
    _database["TEST"] = {"NAME": f"{_database['NAME']}.test"}
    _database["CONN_MAX_AGE"] = None  # reopening costs more than a page's queries
    _database["OPTIONS"] = {
        # Writers queue for the lock instead of failing half-way; readers are never blocked (write-ahead log).
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-32768;"
        "PRAGMA temp_store=MEMORY;PRAGMA journal_size_limit=67108864;"
        # Read where the system has it in memory, not copied: among a million movies the lists of a page take a third.
        "PRAGMA mmap_size=2147418112",
    }
else:
    _database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
    _database["CONN_HEALTH_CHECKS"] = True
    # A cursor of the server's outlives its transaction; behind a pooler of transactions its connection does not.
    _database["DISABLE_SERVER_SIDE_CURSORS"] = env.bool("TRANSACTION_POOLER", default=False)
    # A query of a page is over before a compiler would be: 1 ms becomes 60 where the planner expects many rows.
    _database.setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
# A streaming copy that visitors read from. docs/deploying.md, catalogue/replicas.py.
if env.str("REPLICA_URL", default=""):
    DATABASES["replica"] = _database | database("REPLICA_URL") | {"TEST": {"MIRROR": "default"}}
    DATABASES["replica"]["OPTIONS"] = {**_database["OPTIONS"], "connect_timeout": 2}
    DATABASE_ROUTERS = ["catalogue.replicas.ReplicaRouter"]
REPLICA_MOST_LAG = env.float("REPLICA_MOST_LAG", default=5.0)  # seconds
# Off behind a pooler that gives each transaction another connection and does not know prepared statements.
PREPARED_STATEMENTS = env.bool("PREPARED_STATEMENTS", default=True)
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}
if CACHES["default"]["BACKEND"].endswith("RedisCache"):
    CACHES["default"]["BACKEND"] = "catalogue.caches.PatientRedisCache"
    CACHES["default"]["OPTIONS"] = {"socket_connect_timeout": 1, "socket_timeout": 1}
# Apart from the rest: visitors who read a million pages must not crowd out the counters of the rate limits.
CACHES["pages"] = {**CACHES["default"], "KEY_PREFIX": "page"}
if CACHES["default"]["BACKEND"].endswith("LocMemCache"):
    # Counters of rate limits: Django keeps 300, and who does many things would have the others forgotten.
    CACHES["default"]["OPTIONS"] = {"MAX_ENTRIES": 20_000, **CACHES["default"].get("OPTIONS", {})}
    # About 10 KB each, compressed twice.
    CACHES["pages"] |= {"LOCATION": "pages", "OPTIONS": {"MAX_ENTRIES": env.int("KEPT_PAGES", default=2000)}}
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# What `collectstatic` has hashed and compressed is served; on a developer's machine static/ as it lies there.
COLLECTED = SECURE or (not DEBUG and (STATIC_ROOT / "staticfiles.json").exists())
# Where visitors find pictures: with a bucket its public address, or that of the CDN before it.
MEDIA_URL = (env.str("MEDIA_URL", default="").rstrip("/") or "/media") + "/"
# Files that editors import: private, and removed when the import has ended. docs/importing.md, docs/decisions/0017.
IMPORT_ROOT = Path(env.str("IMPORT_ROOT", default=str(BASE_DIR / "var" / "imports")))
IMPORT_MOST_MB = env.int("IMPORT_MOST_MB", default=200)
IMAGE_AVIF = env.bool("IMAGE_AVIF", default=False)
IMAGE_KEEP_DAYS = env.int("IMAGE_KEEP_DAYS", default=90)
IMPORT_KEEP_DAYS = env.int("IMPORT_KEEP_DAYS", default=7)
LINK_CHECK_NETWORKS = [ip_network(text) for text in env.list("LINK_CHECK_NETWORKS", default=[])]  # private, yet asked
PREVIEW_DAYS = env.int("PREVIEW_DAYS", default=7)  # how long the link that shows a draft works
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
TASK_WORKER = env.bool("TASK_WORKER", default=False)  # `manage.py db_worker` runs beside the site
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(BASE_DIR / "var" / "media")))
# A bucket of S3 or the like instead of the folder; without keys, those that boto3 finds by itself.
S3_BUCKET = env.str("S3_BUCKET", default="")
_bucket = {
    "bucket_name": S3_BUCKET,
    "endpoint_url": env.str("S3_ENDPOINT_URL", default="") or None,
    "region_name": env.str("S3_REGION", default="") or None,
    "access_key": env.str("S3_ACCESS_KEY_ID", default="") or None,
    "secret_key": env.str("S3_SECRET_ACCESS_KEY", default="") or None,
}
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "catalogue.bucket.BucketStorage", "OPTIONS": _bucket}
    if S3_BUCKET
    else {"BACKEND": "catalogue.storage.WholeFileStorage", "OPTIONS": {"allow_overwrite": True}},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not COLLECTED
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # the same movie; files count apart
DATA_UPLOAD_MAX_NUMBER_FIELDS = 16_000  # a movie of 1000 credits in the admin

# ---------------------------------------------------------------- accounts
AUTH_USER_MODEL = "reviews.Member"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "reviews.passwords.LengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "reviews.passwords.SimilarityValidator"},
    {"NAME": "reviews.passwords.CommonValidator"},
    {"NAME": "reviews.passwords.SiteNameValidator"},
]
# A member's session ends so long after the last visit, and so long after signing in. reviews/sessions.py
SESSION_ENGINE = "reviews.sessions"
SESSION_COOKIE_AGE = 86_400 * env.int("SESSION_IDLE_DAYS", default=14)
SESSION_MOST_SECONDS = 86_400 * env.int("SESSION_MOST_DAYS", default=90)
PASSWORD_RESET_TIMEOUT = 7200  # seconds a link to choose a new password works
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "reviews.accounts.AccountAdapter"
ACCOUNT_FORMS = {"login": "reviews.accounts.LoginForm", "signup": "reviews.accounts.SignupForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = env.str("EMAIL_VERIFICATION", default="mandatory" if SECURE else "none")
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before an address is added, removed or made the first
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{SITE_NAME}] "
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "website"
ACCOUNT_USERNAME_VALIDATORS = "reviews.accounts.USERNAME_VALIDATORS"
ACCOUNT_USERNAME_MIN_LENGTH = 3
ACCOUNT_USERNAME_BLACKLIST = [
    "admin",
    "administrator",
    "moderator",
    "editor",
    "staff",
    "support",
    "system",
    "root",
    "guest",
]
# docs/decisions/0022
STAFF_MFA = env.bool("STAFF_MFA", default=False)
MFA_ADAPTER = "reviews.second_factor.Adapter"
MFA_FORMS = {
    "authenticate": "reviews.second_factor.AuthenticateForm",
    "reauthenticate": "reviews.second_factor.ReauthenticateForm",
}
MFA_TOTP_ISSUER = SITE_NAME
MFA_ALLOW_UNVERIFIED_EMAIL = True  # else nobody with a second factor could change the address
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

# ---------------------------------------------------------------- mail
# Mails wait in the database until the server has taken them: a server that is down holds up no page and loses none.
MAIL_TRANSPORT = "django.core.mail.backends.console.EmailBackend"
EMAIL_BACKEND = MAIL_TRANSPORT
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
    MAIL_TRANSPORT, EMAIL_BACKEND = EMAIL_BACKEND, "reviews.outbox.EmailBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"{SITE_NAME} <noreply@localhost>")

# ---------------------------------------------------------------- language and time
LANGUAGE_CODE = "en"
USE_I18N = True
FORMAT_MODULE_PATH = "catalogue.formats"
TIME_ZONE = "UTC"
USE_TZ = True

# ---------------------------------------------------------------- security
_media = urlsplit(MEDIA_URL)
MEDIA_ORIGIN = f"{_media.scheme}://{_media.netloc}" if _media.netloc else ""
# No inline script or style anywhere, so neither nonces nor exceptions are needed and pages stay cacheable.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", *filter(None, [MEDIA_ORIGIN])],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
# How long the proxy may hand out a visitor's page without asking whether it changed. deploy/nginx/
MICRO_CACHE_SECONDS = env.int("MICRO_CACHE_SECONDS", default=0)
# The same for a CDN, and by what it can be told to forget a page. docs/scaling.md
CDN_SECONDS = env.int("CDN_SECONDS", default=0)
CDN_STALE_SECONDS = env.int("CDN_STALE_SECONDS", default=600)
CDN_TAG_HEADER = env.str("CDN_TAG_HEADER", default="")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=SECURE)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if env.bool("TLS_PROXY", default=False):
    # Only behind a proxy that sets this header itself and strips the visitor's.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = [] if SECURE_HSTS_PRELOAD else ["security.W021"]  # preload is the operator's to promise
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-sessionid" if SECURE else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if SECURE else "csrftoken"
CSRF_FAILURE_VIEW = "catalogue.views.errors.csrf_failure"
MESSAGE_STORAGE = "catalogue.http.MessageStorage"

# ---------------------------------------------------------------- logs
# docs/observing.md
SLOW_REQUEST_MS = env.int("SLOW_REQUEST_MS", default=1000)
SLOW_QUERY_MS = env.int("SLOW_QUERY_MS", default=500)
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
LOG_FORMAT = env.str("LOG_FORMAT", default="json" if SECURE else "text")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "catalogue.observe.logs.RequestFilter"}},
    "formatters": {
        "text": {
            "()": "catalogue.observe.logs.CleanFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        },
        "json": {
            "()": "catalogue.observe.logs.CleanJsonFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s",
            "datefmt": "%Y-%m-%dT%H:%M:%S%z",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["request"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        # Whatever LOG_LEVEL says; on a machine of one's own there is nobody to answer to.
        "audit": {"level": "WARNING" if DEMO else "INFO"},
        "django": {"handlers": [], "propagate": True},  # not by Django's own handlers, which write addresses
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "gunicorn.error": {"handlers": ["console"], "propagate": False},
        # gunicorn warns of every HEAD request, since Django leaves the body to the server to drop.
        "gunicorn.http.wsgi": {"level": "ERROR"},
    },
}
SENTRY_DSN = env.str("SENTRY_DSN", default="")
if SENTRY_DSN:
    import sentry_sdk  # an extra: docs/observing.md

    sentry_sdk.init(
        dsn=SENTRY_DSN, send_default_pii=False, include_local_variables=False, max_request_body_size="never"
    )
