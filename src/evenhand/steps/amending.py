"""An amendment: a site adopts a newer version of the protocol, on its own day."""

from __future__ import annotations

from datetime import date, datetime

from evenhand.enrollment import protocol_at, require_running
from evenhand.protocol import Protocol, Versions
from evenhand.protocol.amending import amendment_faults
from evenhand.record import Actor, Event, History, StudyState
from evenhand.refusal import Refusal
from evenhand.steps.events import Body, Events


def adopt_version(  # noqa: PLR0913  which version and where, besides what every step takes
    protocol: Protocol,
    history: History,
    *,
    versions: Versions,
    site: str,
    version: str,
    reason: str,
    on: date,
    by: Actor,
    at: datetime,
) -> Events:
    """From ``on`` a site enrols under another version; those who consented before move on once they consent to it.

    ``reason`` says on what ground, for instance the ethics committee's approval. Refused: a version that is not newer,
    not valid yet, or changes what an amendment may not change; a site that is not open; a day in the future, or before
    the site's last adoption.
    """
    require_running(protocol, history)
    _require_open(history.state, site)
    present = protocol_at(versions, history, site)
    new = _named(versions, version)
    if new.version.number <= present.version.number:
        said = f"{site} follows {present.version.id} already, and there is no way back to {version}"
        if new is present:
            said = f"{site} follows {version} already"
        raise Refusal(said, "amendment", "Choose a newer version.")
    faults = amendment_faults(present, new)
    if faults:
        raise Refusal(f"{version} cannot take the place of {present.version.id}: {'; '.join(faults)}", "amendment")
    _require_day(history.state, site, new, on, at)
    if not (reason or "").strip():
        raise Refusal("a version is not adopted without a ground", "amendment", "Say which approval it rests on.")
    body: Body = {"site": site, "version": version, "digest": new.digest}
    return [Event("version_adopted", None, on, body, reason=reason)]


def _require_open(state: StudyState, site: str) -> None:
    if site not in state.sites:
        raise Refusal(f"there is no site {site!r}", "amendment", "Open the site first.")


def _named(versions: Versions, version: str) -> Protocol:
    found = versions.named(version)
    if found is not None:
        return found
    if version in versions.faults:
        said = f"{version} cannot be loaded: {'; '.join(versions.faults[version])}"
        raise Refusal(said, "amendment", "Mend its folder, and start the application again.")
    there = ", ".join(one.version.id for one in versions)
    raise Refusal(f"there is no version {version!r}", "amendment", f"There are {there}.")


def _require_day(state: StudyState, site: str, new: Protocol, on: date, at: datetime) -> None:
    if on > at.date():
        raise Refusal(f"{on} lies in the future", "amendment", "Record it on the day from which it holds, or later.")
    first = new.version.valid_from.first
    if on < first:
        raise Refusal(f"{new.version.id} is valid from {first}, not on {on}", "amendment", "Wait for that day.")
    last = state.adopted_at(site)
    if last is not None and on < last.effective:
        said = f"{site} adopted {last.version} on {last.effective}, after {on}"
        raise Refusal(said, "amendment", "Give a later day.")
