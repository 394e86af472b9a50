"""The one settings file. What differs between installations comes from the environment (.env.example)."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from mofu import env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

# --- Which installation is this ---------------------------------------------------------------------------
MOFU_ENV = env.choice("MOFU_ENV", ("dev", "test", "prod"), default="prod")
IS_DEV = MOFU_ENV == "dev"
IS_PROD = MOFU_ENV == "prod"
DEBUG = env.boolean("DEBUG", default=False)
if DEBUG and not IS_DEV:
    raise ImproperlyConfigured("DEBUG=true is only allowed with MOFU_ENV=dev.")

SITE_NAME = "劳模管理与五大行动信息系统"
ASSOCIATION_NAME = env.text("ASSOCIATION_NAME", "盐城市劳模协会")

# Shown on the sign-in page and made by load_demo, in dev only.
DEMO_PASSWORD = "mofu-demo-2026" if IS_DEV else ""  # public by design
DEMO_ACCOUNTS: dict[str, str] = (
    {
        "city": "市协会工作人员",
        "county": "东台市工作人员",
        "county2": "射阳县工作人员",
        "leader": "领导",
        "auditor": "审计员",
        "admin": "系统管理员",
    }
    if IS_DEV
    else {}
)

# --- Secrets: fixed in dev and test, compulsory elsewhere -------------------------------------------------
_DEV_SECRET_KEY = "dev-only-" + "not-a-secret-" * 4
_DEV_FIELD_KEYS = "dev:" + "bW9mdS1kZXYtb25seS1maWVsZC1rZXktMDEyMzQ1Njc="
_MIN_SECRET_LENGTH = 50
if IS_PROD:
    SECRET_KEY = env.required("SECRET_KEY", "It needs 50 random characters; see .env.example.")
    ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
    FIELD_KEYS = env.field_keys(env.required("FIELD_KEYS", "It encrypts personal numbers; see .env.example."))
    if len(SECRET_KEY) < _MIN_SECRET_LENGTH or SECRET_KEY == _DEV_SECRET_KEY:
        raise ImproperlyConfigured("SECRET_KEY must be at least 50 random characters, not the dev one.")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS must list the site's host names, without *.")
    if set(FIELD_KEYS.values()) & set(env.field_keys(_DEV_FIELD_KEYS).values()):
        raise ImproperlyConfigured("FIELD_KEYS contains the key used in dev.")
else:
    SECRET_KEY = env.text("SECRET_KEY", _DEV_SECRET_KEY)
    ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ("127.0.0.1", "localhost", "[::1]", "testserver"))
    FIELD_KEYS = env.field_keys(env.text("FIELD_KEYS", _DEV_FIELD_KEYS))
FIELD_CIPHER = env.choice("FIELD_CIPHER", ("aes-256-gcm", "sm4-gcm"), "aes-256-gcm")  # of new values

# Backups are locked for the holders of private keys (age). The pair used in dev is public by design.
_DEV_BACKUP_RECIPIENT = "age1gq9pxj44pnexz5kpaf6zxvm75c6z7z5eejxgze0d7z5ev4f22drq20efme"
_DEV_BACKUP_IDENTITY = "AGE-SECRET-KEY-1" + "HJTJL47UA9YNQ5ZMGKSZDA3DFRRK5WEFC89FVUNKET4VGPVYATJQ9FVRFJ"
BACKUP_RECIPIENTS = env.words("BACKUP_RECIPIENTS", () if IS_PROD else (_DEV_BACKUP_RECIPIENT,))
BACKUP_IDENTITIES = env.lines_of_file("BACKUP_IDENTITY_FILE", () if IS_PROD else (_DEV_BACKUP_IDENTITY,))
if IS_PROD and _DEV_BACKUP_RECIPIENT in BACKUP_RECIPIENTS:
    raise ImproperlyConfigured("BACKUP_RECIPIENTS contains the key used in dev.")
# At least the six months of the Cybersecurity Law; the database itself refuses to delete younger entries.
TRAIL_DAYS = env.integer("TRAIL_DAYS", default=730, minimum=184)
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

# --- Parts ------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "whitenoise.runserver_nostatic",
    "django_tasks_db",  # before the registers, which replace its admin page
    "actions",
    "models_app",
    "mofu.entrance",
    "mofu.operations",
    "mofu.registers",
    "mofu.documents",
    "mofu.accounts",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "django.forms",
]
MIDDLEWARE = [
    "mofu.accounts.middleware.RequestIdMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",  # outside of what may refuse a request
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "mofu.wire.WireMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mofu.entrance.doors.NoStoreMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mofu.accounts.middleware.RequestContextMiddleware",
    "mofu.operations.logs.AccessLogMiddleware",
    "mofu.operations.trouble.StorageTroubleMiddleware",
    "mofu.entrance.doors.SignedInMiddleware",
]
ROOT_URLCONF = "mofu.urls"
WSGI_APPLICATION = "mofu.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["mofu.icons"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mofu.context.site",
                "mofu.registers.menu.context",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
FILTERS_EMPTY_CHOICE_LABEL = "全部"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Keeping things ---------------------------------------------------------------------------------------
DATABASES = {"default": env.database(env.text("DATABASE_URL", "sqlite:///var/db.sqlite3"), BASE_DIR)}
CACHES = {
    "default": env.cache(
        # Web and worker share it: the progress of long work travels through the cache.
        env.text("CACHE_URL", "locmemcache://mofu" if MOFU_ENV == "test" else f"filecache://{VAR_DIR}/cache")
    )
}
TASKS = {
    "default": {
        "BACKEND": "django.tasks.backends.immediate.ImmediateBackend"
        if MOFU_ENV == "test"
        else "django_tasks_db.DatabaseBackend"
    }
}
MEDIA_ROOT = env.directory("MEDIA_ROOT", VAR_DIR / "media")  # no MEDIA_URL: served by scoped views only
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
UPLOAD_MAX_SIZE = 64 * 1024 * 1024  # bytes of a whole form with its files
FILE_UPLOAD_HANDLERS = [
    "mofu.wire.LargestBody",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

STATIC_URL = "/static/"
STATIC_ROOT = env.directory("STATIC_ROOT", VAR_DIR / "static")
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("tabler/css", NODE_MODULES / "@tabler/core/dist/css"),
    ("tabler/js", NODE_MODULES / "@tabler/core/dist/js"),
    ("tom-select", NODE_MODULES / "tom-select/dist"),
    ("echarts", NODE_MODULES / "echarts/dist"),
]
NODE_FILES = {
    "tabler/css/tabler.min.css",
    "tabler/js/tabler.min.js",
    "tom-select/css/tom-select.bootstrap5.min.css",
    "tom-select/js/tom-select.complete.min.js",
    "echarts/echarts.min.js",
}
STATICFILES_FINDERS = [
    "mofu.node_files.NamedFilesFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STORAGES = {
    "default": env.media(
        env.text("MEDIA_STORAGE"), env.text("MEDIA_ACCESS_KEY"), env.text("MEDIA_SECRET_KEY")
    ),
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_PROD
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not IS_PROD
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- Language and time ------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# --- Personal data ----------------------------------------------------------------------------------------
# Days that copies of personal data are kept which nobody needs any longer; `manage.py purge` removes older ones.
RETENTION_DAYS = {
    "uploads": env.integer("KEEP_UPLOADS_DAYS", default=7, minimum=1),  # imports not confirmed, refused rows
    "imports": env.integer("KEEP_IMPORTS_DAYS", default=90, minimum=1),  # what undoing an import needs
    "results": env.integer("KEEP_RESULTS_DAYS", default=7, minimum=1),  # files made in the background
    "withdrawn": env.integer("KEEP_WITHDRAWN_DAYS", default=30, minimum=1),  # what a withdrawn consent closed
    "merges": env.integer("KEEP_MERGES_DAYS", default=365, minimum=1),  # what records were before they merged
}
REVEALS_PER_DAY = env.integer("REVEALS_PER_DAY", default=50, minimum=1)  # full numbers one user may look at
FULL_ROWS_PER_DAY = env.integer(
    "FULL_ROWS_PER_DAY", default=5000, minimum=1
)  # rows one user may export in full

# --- Sign-in ----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]  # tests only: the suite signs in hundreds of times
    if MOFU_ENV == "test"
    else [
        "django.contrib.auth.hashers.Argon2PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
)
_VALIDATION = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": _VALIDATION + "UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "phone")},
    },
    {"NAME": _VALIDATION + "MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": _VALIDATION + "CommonPasswordValidator"},  # 20 000 of them, the 3 000 most common among them
    {"NAME": "mofu.entrance.passwords.GuessableValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_ADAPTER = "mofu.entrance.adapter.AccountAdapter"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60  # seconds
# Guessing is braked by mofu/entrance/brakes.py, which counts in the database and locks nobody out (decision 017).
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("TRUSTED_PROXY_COUNT", default=0)
SECOND_FACTOR_COMPULSORY = IS_PROD or env.boolean("SECOND_FACTOR", default=False)
MFA_ADAPTER = "mofu.entrance.factor.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "mofu.entrance.factor.SignInCodeForm",
    "reauthenticate": "mofu.entrance.factor.ConfirmCodeForm",
    "activate_totp": "mofu.entrance.factor.SetUpCodeForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = ASSOCIATION_NAME
MFA_TOTP_TOLERANCE = 1  # steps of 30 s: phones and servers without internet drift apart; no code works twice
SESSION_IDLE_SECONDS = env.integer("SESSION_IDLE_MINUTES", default=30, minimum=1) * 60
SESSION_COOKIE_AGE = env.integer("SESSION_HOURS", default=12, minimum=1) * 3600
ADMIN_SITE = env.boolean("ADMIN_SITE", default=not IS_PROD)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True

# --- The wire ---------------------------------------------------------------------------------------------
HTTPS = env.boolean("HTTPS", default=IS_PROD)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
KNOWN_DEVICE_COOKIE = "__Host-known" if HTTPS else "known"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
}

# --- Mail and log -----------------------------------------------------------------------------------------
# Without an address a deployment has no mailer: nothing here depends on mail.
EMAIL_URL = env.text("EMAIL_URL", "" if IS_PROD else "consolemail://")
MAILERS = {"default": env.mailer(EMAIL_URL)} if EMAIL_URL else {}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("DEFAULT_FROM_EMAIL", "mofu@localhost")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "mofu.operations.logs.LineFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
        "json": {"()": "mofu.operations.logs.JsonFormatter"},
    },
    "filters": {"foreign_host": {"()": "mofu.operations.logs.ForeignHostFilter"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": env.choice("LOG_FORMAT", ("line", "json"), "json" if IS_PROD else "line"),
        }
    },
    "root": {
        "handlers": ["console"],
        "level": env.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"),
    },
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.security.DisallowedHost": {"filters": ["foreign_host"]},
        "gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "mofu.access": {"level": "INFO" if IS_PROD else "WARNING"},
        "weasyprint": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
SILENCED_SYSTEM_CHECKS = [] if EMAIL_URL else ["mail.W001"]  # no mailer is a choice, see above
