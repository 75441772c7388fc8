# SPDX-License-Identifier: Apache-2.0
"""What both settings modules have in common. Whoever starts the site says in the environment where things are."""

import os
import secrets

SECRET_KEY = secrets.token_urlsafe()
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "web.urls"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "people", "web"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.contrib.auth.context_processors.auth"]},
    }
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["DATABASE"]}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = os.environ.get("USER_MODEL", "auth.User")
AUTHENTICATION_BACKENDS = ["people.login.ByNumber"]
# Fast, because the tests log in often.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"

# The page's connections, and the directory of its scripts.
REALTIME_URL = os.environ["REALTIME_URL"]
SCRIPTS = os.environ["SCRIPTS"]
