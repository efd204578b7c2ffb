"""Settings of the web application. Everything that differs between places comes from the environment:

DATABASE_URL       postgres://user:password@host/name, or sqlite:///path; an SQLite file in the data folder without it
EVENHAND_DATA      the data folder: the key, and the SQLite file where there is no other database
EVENHAND_KEY       the deployment's key; without it, the file `key` of the data folder, made on first use
EVENHAND_HOSTS     the names under which the application is reached, separated by commas
EVENHAND_HTTPS     1 behind HTTPS (cookies only over it, HSTS); 0 for a machine of one's own
EVENHAND_DEMO      1 for the demonstration: one-time sign-ins, no second factor, a banner on every page
EVENHAND_PROXIES   how many proxies stand in front and set X-Forwarded-For and X-Forwarded-Proto
"""

from __future__ import annotations

from os import environ
from pathlib import Path

from evenhand.web.deployment import data_folder, database, deployment_key, derived_key
from evenhand.web.running.logs import LOGGING  # noqa: F401 - a setting

_HERE = Path(__file__).resolve().parent
DATA = data_folder()
KEY = deployment_key(DATA)
DEMO = environ.get("EVENHAND_DEMO") == "1"
HTTPS = environ.get("EVENHAND_HTTPS") == "1"

SECRET_KEY = derived_key(KEY, "sessions").hex()
DEBUG = False
ALLOWED_HOSTS = environ.get("EVENHAND_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
ROOT_URLCONF = "evenhand.web.urls"
WSGI_APPLICATION = "evenhand.web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "web.User"
DATABASES = {"default": database(DATA)}

INSTALLED_APPS = [
    "evenhand.web.apps.Web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "evenhand.web.middleware.Door",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "evenhand.web.pages.context.everywhere",
            ],
        },
    }
]

STATIC_URL = "static/"
STATICFILES_DIRS = [_HERE / "static"]
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LANGUAGE_CODE = "en-gb"
USE_I18N = False
TIME_ZONE = "UTC"
USE_TZ = True

DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024  # assumed: the largest published mCODE bundle has some 5 MB
FILE_UPLOAD_MAX_MEMORY_SIZE = DATA_UPLOAD_MAX_MEMORY_SIZE

from evenhand.web.security import *  # noqa: E402, F403 - sign-in, lockout, cookies and content security policy
