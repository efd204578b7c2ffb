"""How days, moments and names of things are written on every page: one way, and none that can be misread."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Final

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from evenhand.dates import DateSpan, month_end, parse_date
from evenhand.web.typed import OPENED_BY, opened_by

register = template.Library()
_ISO: Final = re.compile(r"\b\d{4}-\d{2}-\d{2}(?:/\d{4}-\d{2}-\d{2})?\b")


@register.filter
def day(value: object) -> str:
    """``30 Apr 2026``, from a date, a span of days or ISO text; a partial date says no more than is known.

    Nothing is written for nothing, and text that is no date stays as it is.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        return _written(value)
    try:
        return _span(value if isinstance(value, DateSpan) else parse_date(str(value)))
    except ValueError:
        return str(value)


def _span(span: DateSpan) -> str:
    first, last = span.first, span.last
    if span.exact:
        return _written(first)
    whole_months = first.day == 1 and last == month_end(last.year, last.month)
    if whole_months and (first.year, first.month) == (last.year, last.month):
        return f"{first:%b %Y}"
    if whole_months and (first.year, first.month, last.month) == (last.year, 1, 12):
        return f"{first.year}"
    return f"{_written(first)} to {_written(last)}"


def _written(one: date) -> str:
    return f"{one.day} {one:%b %Y}"


@register.filter
def dated(value: object) -> str:
    """Text in which every ISO day, or span of days, is written as all pages write days."""
    return _ISO.sub(lambda found: day(found[0]), str(value))


@register.filter
def moment(value: object) -> str:
    """``30 Apr 2026, 14:05 UTC``, from a moment with a time zone or its ISO text."""
    if value is None or value == "":
        return ""
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    at = at.astimezone(UTC)
    return f"{_written(at)}, {at:%H:%M} UTC"


@register.filter
def there(at: datetime) -> str:
    """``24 Nov 2026, 23:59 (Europe/Berlin)``: a moment in the time of the place that it carries."""
    return f"{_written(at)}, {at:%H:%M} ({at.tzinfo})"


@register.filter
def words(value: object) -> str:
    """``treating clinician``, from ``treating_clinician``."""
    return str(value).replace("_", " ")


@register.simple_tag(takes_context=True)
def keeps_typed(context: Context) -> SafeString:
    """Inside a form whose page can show again what was typed: tells for whom the page was made."""
    user = context["request"].user.get_username()
    return format_html('<input type="hidden" name="{}" value="{}">', OPENED_BY, opened_by(user))
