"""Protocol versions: what there is, which site follows which, what an amendment changes, and adopting one at a site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from evenhand import steps
from evenhand.administration import Site
from evenhand.protocol import Protocol
from evenhand.protocol.amending import amendment_faults
from evenhand.protocol.compare import Change, compare
from evenhand.record import Adoption
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.administering.taking import take
from evenhand.web.pages.enrolment.days import PastDay, proposes_today
from evenhand.web.signing import SignatureForm
from evenhand.web.templatetags.evenhand import day

_MEANING = "The site named here enrols under the protocol version named here from the day stated, on the ground stated."


@dataclass(frozen=True, slots=True)
class Version:
    """A version, the one before it (None: it is the first), and the names of the sites that follow it."""

    protocol: Protocol
    before: Protocol | None
    sites: tuple[str, ...]

    @property
    def asks_anew(self) -> bool:
        """Whether those who consented to the version before are asked for consent anew."""
        earlier = self.before.enrollment if self.before else None
        told = self.protocol.enrollment
        return earlier is not None and not told.accepts(earlier.consent_document, earlier.consent_version)


@dataclass(frozen=True, slots=True)
class Place:
    """A site, what it adopted last (None: the study is not activated), and whether there is anything newer."""

    site: Site
    adopted: Adoption | None
    newer: bool


@require_safe
@at_desk(Action.SEE_ADMINISTRATION)
def versions(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The versions of the study, and the sites that follow them."""
    desk.require(Action.SEE_ADMINISTRATION)
    places = list(_places(desk))
    shown = {
        "versions": list(_versions(desk, places)),
        "places": places,
        "drafts": [(version, faults) for version, faults in desk.versions.faults.items()],
        "may_steer": desk.may(Action.STEER) and _adoptable(desk),
        "may_read": desk.may(Action.SEE_RECORD),
        "may_ask": desk.may_somewhere(Action.SEE_QUALITY),
    }
    return render(request, "administration/versions.html", shown)


def _adoptable(desk: Desk) -> bool:
    return desk.history.state.activated and desk.history.state.closure is None


def _places(desk: Desk) -> Iterator[Place]:
    for site in desk.sites:
        adopted = desk.history.state.adopted_at(site.code)
        present = desk.versions.of_digest(adopted.digest) if adopted else None
        newer = present is not None and desk.versions.newest.version.number > present.version.number
        yield Place(site, adopted, newer)


def _versions(desk: Desk, places: list[Place]) -> Iterator[Version]:
    for protocol in desk.versions:
        sites = [one.site.name for one in places if one.adopted and one.adopted.digest == protocol.digest]
        yield Version(protocol, desk.versions.before(protocol), tuple(sites))


@require_safe
@at_desk(Action.SEE_ADMINISTRATION)
def changes(request: HttpRequest, desk: Desk, version: str) -> HttpResponse:
    """What a version changes, beside the version before it or another earlier one (``?from=``)."""
    desk.require(Action.SEE_ADMINISTRATION)
    protocol = desk.versions.named(version)
    asked = request.GET.get("from", "")
    before = desk.versions.named(asked) if asked else protocol and desk.versions.before(protocol)
    if protocol is None or (asked and before is None):
        raise Http404(f"There is no such version of {desk.study}.")
    found = compare(before, protocol) if before else ()
    shown = {
        "version": Version(protocol, before, ()),
        "earlier": [one for one in desk.versions if one.version.number < protocol.version.number],
        "sections": _by_section(found),
        "count": len(found),
        "faults": amendment_faults(before, protocol) if before else (),
    }
    return render(request, "administration/changes.html", shown)


def _by_section(found: tuple[Change, ...]) -> list[tuple[str, list[Change]]]:
    return [(section, list(some)) for section, some in groupby(found, key=lambda one: one.section)]


class AdoptForm(SignatureForm):
    """Which site, which version, since when, and on what ground."""

    field_order = ("site", "version", "on", "reason")

    site = forms.ChoiceField(label="Site")
    version = forms.ChoiceField(label="Version")
    on = PastDay(label="From", help_text="The first day on which the site enrols under it, for instance 30 Apr 2026.")
    reason = forms.CharField(
        label="Ground",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For instance: approved by the ethics committee on 12 Apr 2026, reference 2026-118.",
    )

    def __init__(self, data: Any, desk: Desk, request: HttpRequest) -> None:
        asked = {name: request.GET.get(name, "") for name in ("site", "version")}
        super().__init__(data, request=request, meaning=_MEANING, initial=asked)
        proposes_today(self, "on", desk.today())
        sites = [(one.site.code, f"{one.site.name}, now {_now(one)}") for one in _places(desk) if one.newer]
        newest_first = [(one.version.id, _named(one)) for one in reversed(desk.versions.protocols[1:])]
        self.fields["site"].choices = [("", "Choose a site"), *sites]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["version"].choices = [("", "Choose a version"), *newest_first]  # type: ignore[attr-defined]


def _now(place: Place) -> str:
    return place.adopted.version if place.adopted else "none"


def _named(protocol: Protocol) -> str:
    return f"{protocol.version.id}, valid from {day(protocol.version.valid_from)}"


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Action.STEER)
def adopt(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Let a site follow a newer version."""

    def form(data: Any) -> AdoptForm:
        return AdoptForm(data, desk, request)

    def do(given: AdoptForm) -> str:
        told = {name: given.cleaned_data[name] for name in ("site", "version", "reason", "on")}
        by = desk.acting(Action.STEER)
        store.perform(desk.study, steps.adopt_version, by=by, signing=given.signing, **given.guards, **told)
        name = next(one.name for one in desk.sites if one.code == told["site"])
        return f"{name} follows {told['version']}. Whoever consented before moves on once he or she consents to it."

    def shown(now: Desk) -> dict[str, Any]:
        return {"may": _adoptable(now) and any(one.newer for one in _places(now))}

    return take(request, desk, Action.STEER, template="administration/adopt.html", form=form, do=do, shown=shown)
