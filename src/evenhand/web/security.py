"""Sign-in, lockout, sessions, cookies and content security policy: settings that guard the door."""

from __future__ import annotations

from datetime import timedelta
from os import environ
from typing import Any, Final

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

_HTTPS = environ.get("EVENHAND_HTTPS") == "1"
_GIVEN = environ.get("EVENHAND_PROXIES") or "0"
if not _GIVEN.isdecimal():
    raise ImproperlyConfigured("EVENHAND_PROXIES must be a whole number: how many proxies stand in front.")
PROXIES: Final = int(_GIVEN)

# ---- passwords and second factor
SECOND_FACTOR: Final = True  # tests of other things may switch it off; `check --deploy` refuses that
AUTHENTICATION_BACKENDS: Final = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: Final[list[dict[str, Any]]] = [
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "printed_name", "email")},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
PASSWORD_RESET_TIMEOUT: Final = int(timedelta(days=3).total_seconds())
ACCOUNT_ADAPTER = "evenhand.web.sign_in.Accounts"
ACCOUNT_LOGIN_METHODS: Final = {"username"}
ACCOUNT_SIGNUP_FIELDS: Final = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT: Final = int(timedelta(minutes=5).total_seconds())
ACCOUNT_FORMS: Final = {
    "login": "evenhand.web.sign_in.SignIn",
    "change_password": "evenhand.web.sign_in.ChangePassword",
    "reauthenticate": "evenhand.web.sign_in.PasswordAgain",
}
ACCOUNT_RATE_LIMITS: Final = {  # a worker's own count, against floods; guesses are counted by axes, for all workers
    "login": "120/m/ip",  # assumed: a hospital behind one address, at the change of a shift
    "login_failed": "30/15m/key",  # one user name from anywhere
    "change_password": "20/m/user",
}
MFA_ADAPTER = "evenhand.web.sign_in.SecondFactor"
MFA_SUPPORTED_TYPES: Final = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Evenhand"
MFA_TOTP_TOLERANCE = 1  # periods of 30 s; a clock may be wrong, and typing takes time (RFC 6238, 5.2)
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS: Final = {
    "authenticate": "evenhand.web.sign_in.Code",
    "reauthenticate": "evenhand.web.sign_in.CodeAgain",
    "activate_totp": "evenhand.web.sign_in.FirstCode",
    "add_webauthn": "evenhand.web.sign_in.NewPasskey",
}

# ---- lockout: five wrong passwords or codes for a user name from one address, for a quarter of an hour
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME: Final = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS: Final = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # it ends when the page says, whoever goes on trying
AXES_LOCKOUT_CALLABLE = "evenhand.web.pages.door.locked"
AXES_CLIENT_IP_CALLABLE = "evenhand.web.lockout.client_address"
AXES_VERBOSE = False  # what it logs names nobody
AXES_ENABLE_ADMIN = False

# ---- sessions: `middleware.Door` counts the idle time, and ends them after the absolute one
SESSION_COOKIE_AGE: Final = int(timedelta(minutes=30).total_seconds())  # idle
SESSION_LONGEST: Final = int(timedelta(hours=12).total_seconds())  # from the sign-in on, idle or not
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "__Host-evenhand" if _HTTPS else "evenhand"  # a browser takes this prefix from us alone
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS

# ---- what a browser may do with a page
CSRF_FAILURE_VIEW = "evenhand.web.middleware.stale_form"
SECURE_SSL_REDIRECT = _HTTPS
SECURE_REDIRECT_EXEMPT: Final = [r"^healthz$"]  # asked by the machine next door
SECURE_HSTS_SECONDS: Final = int(timedelta(days=365).total_seconds()) if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS: Final = ["security.W021"]  # preloading HSTS is for the owner of a whole domain to decide
CONTENT_SECURITY_POLICY: Final = {
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
