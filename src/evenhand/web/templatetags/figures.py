"""Filters for computed figures."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def percent(value: float, digits: int = 1) -> str:
    """``72.3 %``, from 0.723."""
    return f"{100 * value:.{digits}f} %"


@register.filter
def short(value: float) -> str:
    """``0.6`` or ``0.568``: three digits that count, and no zeros after them."""
    return f"{value:.3g}"
