"""Sites: where people are seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from evenhand.administration.closure import require_not_closed
from evenhand.protocol import Protocol
from evenhand.record import JSON, Actor, Event, History
from evenhand.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Site:
    """A place where people are seen; days are counted in its time zone (an IANA name)."""

    code: str
    name: str
    time_zone: str


def sites(history: History) -> tuple[Site, ...]:
    """The sites that are open, by the order of opening; one that says no time zone counts days in UTC."""
    told = {one.value("site", str): one.body for one in history.about_study.of("site_opened")}
    return tuple(
        Site(code, str(told.get(code, {}).get("name") or code), str(told.get(code, {}).get("time_zone") or "UTC"))
        for code in history.state.sites
    )


def open_site(  # noqa: PLR0913  what a site is, besides what every step takes
    protocol: Protocol,
    history: History,
    *,
    site: str,
    name: str,
    time_zone: str,
    version: str | None = None,
    on: date,
    by: Actor,
    at: datetime,
) -> list[Event]:
    """Open a site: its code, its name, and the IANA time zone in which it counts days.

    It starts under ``version``, which some site follows already, or else under ``protocol``: the newest that any site
    adopted.
    """
    require_not_closed(history)
    if not site.strip() or not name.strip():
        raise Refusal("a site needs a code and a name", "sites", "Give both.")
    if site in history.state.sites:
        raise Refusal(f"the site {site!r} is open already", "sites", "Choose another code.")
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        mend = "Give an IANA name such as Europe/Berlin or America/Chicago."
        raise Refusal(f"{time_zone!r} is no time zone", "sites", mend) from None
    body: dict[str, JSON] = {"site": site, "name": name, "time_zone": time_zone}
    if history.state.activated:  # before it, the version of activation counts
        body |= _version(protocol, history, version)
    return [Event("site_opened", None, on, body)]


def _version(protocol: Protocol, history: History, version: str | None) -> dict[str, JSON]:
    state = history.state
    known = {one.version: one.digest for one in state.adoptions} | {state.protocol_version: state.protocol_digest}
    if version is None and state.adopted(protocol.digest):
        return {"version": protocol.version.id, "digest": protocol.digest}
    if version not in known:
        said = f"no site follows the protocol version {version or protocol.version.id!r}"
        raise Refusal(said, "sites", "Let a site that is open adopt it first.")
    return {"version": version, "digest": known[version]}


def site_of(history: History, subject: str) -> str | None:
    """The site that recorded a subject first; None for an unknown subject, or one that no site recorded."""
    return history.subject(subject).site
