"""The application's hooks: the guard over the record goes in after every migration."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class Web(AppConfig):
    """The app that holds the models; its tables begin with ``web_``."""

    name = "evenhand.web"
    label = "web"

    def ready(self) -> None:
        """Listen to migrations, and register what `manage check --deploy` looks at."""
        post_migrate.connect(_guard, sender=self)
        import_module("django.contrib.auth.signals").user_logged_in.connect(_tidy)
        import_module("evenhand.web.checks")


def _tidy(**_: Any) -> None:
    from evenhand.web import store  # noqa: PLC0415 - not before the apps are loaded

    store.forget_old()


def _guard(using: str, **_: Any) -> None:
    from evenhand.web import triggers  # noqa: PLC0415 - not before the apps are loaded

    triggers.install(using)
