import os

os.environ.setdefault("DEMO", "1")
os.environ.setdefault("SECRET_KEY", "only-for-tests")

from core.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Their tables are made at once, which takes less time. Not those of tables that name our own:
# PostgreSQL makes them before ours are there.
MIGRATION_MODULES = dict.fromkeys(["axes", "django_q", "sessions"])
LANGUAGE_CODE = "en"  # tests read the source's sentences; test_language.py reads the Chinese ones
LIVE_DELIVERY = "none"  # a test that listens delivers by itself
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if os.getenv("CHROMIUM") and not os.getenv("DATABASE_URL"):
    # A browser asks for several things at once; a database in memory has one connection for all.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}  # noqa: F405
DATABASE_POOL = 0  # the tests' one connection must be seen by all
