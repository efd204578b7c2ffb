"""Opening a site."""

from __future__ import annotations

from zoneinfo import available_timezones

from django import forms
from django.core.validators import RegexValidator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from evenhand import administration
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.administering.taking import take
from evenhand.web.pages.forms import Guarded


class SiteForm(Guarded):
    """A site: code, name, time zone."""

    site = forms.CharField(
        label="Code",
        max_length=40,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9-]*$", "Use small letters, digits and hyphens.")],
        help_text="Short and lasting, for instance north or de-012. It stands in every entry of the site.",
    )
    name = forms.CharField(label="Name", max_length=120, help_text="As people call it, for instance Northern Hospital.")
    time_zone = forms.ChoiceField(
        label="Time zone", initial="UTC", help_text="Days of consent, registration and randomization are counted in it."
    )

    def __init__(self, data: object = None) -> None:
        super().__init__(data)
        zones = [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if "/" in zone]
        self.fields["time_zone"].choices = [("UTC", "UTC"), *zones]  # type: ignore[attr-defined]  # a ChoiceField


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Action.ADMINISTER)
def open_site(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Open a site."""

    def do(form: SiteForm) -> str:
        told = {name: form.cleaned_data[name] for name in ("site", "name", "time_zone")}
        store.perform(desk.study, administration.open_site, by=desk.acting(Action.ADMINISTER), **form.guards, **told)
        return f"The site {told['name']} is open. Grant roles to its people now."

    return take(request, desk, Action.ADMINISTER, template="administration/site.html", form=SiteForm, do=do)
