"""What stands beside the path, taken again: sites, roles, accounts, tokens, versions adopted, names mended
and erased, reports by arm made and opened."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from evenhand import administration, steps
from evenhand.administration import Grant, ReportedAt, TokenTerms
from evenhand.record import Entry
from evenhand.replay.before import Before


def beside(before: Before, entry: Entry) -> str:
    """Sites, roles and erasures stand beside the path; they may be recorded before activation."""
    return "the study was closed before" if before.history.state.closure is not None else ""


def account_made(before: Before, entry: Entry) -> str:
    body = entry.body
    return before.again(entry, administration.make_account, user=body["user"], name=body["name"])


def way_in(before: Before, entry: Entry) -> str:
    body = entry.body
    return before.again(entry, administration.give_way_in, user=body["user"], ways=[body["what"]])


def account_stopped(before: Before, entry: Entry) -> str:
    return before.again(entry, administration.stop_account, user=entry.body["user"], reason=entry.reason)


def account_restored(before: Before, entry: Entry) -> str:
    return before.again(entry, administration.restore_account, user=entry.body["user"])


def token_issued(before: Before, entry: Entry) -> str:
    body = entry.body
    ends = datetime.fromisoformat(str(body["expires"])).astimezone(UTC)
    holder = Grant(str(body["user"]), str(body["role"]), str(body["site"]))
    scopes = tuple(body["scopes"]) if isinstance(body["scopes"], list) else ()
    terms = TokenTerms(str(body["label"]), holder, scopes, ends - entry.recorded_at)  # type: ignore[arg-type]
    return before.again(entry, administration.issue_token, terms=terms, digest=body["digest"])


def token_revoked(before: Before, entry: Entry) -> str:
    return before.again(entry, administration.revoke_token, digest=entry.body["digest"], reason=entry.reason)


def report_made(before: Before, entry: Entry) -> str:
    body: dict[str, Any] = entry.body
    told = {name: body[name] for name in ("report", "last_entry", "manifest", "program")}
    day, moment = date.fromisoformat(body["effective"]), datetime.fromisoformat(body["recorded"])
    made = ReportedAt(effective=day, recorded=moment, **told)
    return before.again(entry, administration.report_made, made=made)


def report_read(before: Before, entry: Entry) -> str:
    given = {name: entry.body[name] for name in ("report", "manifest")}
    return before.again(entry, administration.report_read, **given)


def erased(before: Before, entry: Entry) -> str:
    return "" if before.history.subject(entry.subject or "").entries else f"{entry.subject} is not in the record"


def identity_corrected(before: Before, entry: Entry) -> str:
    given = {"subject": entry.subject, "changed": entry.body["changed"], "reason": entry.reason}
    return before.again(entry, administration.correct_identity, **given)


def adopted(before: Before, entry: Entry) -> str:
    given = {"site": entry.body["site"], "version": entry.body["version"], "reason": entry.reason}
    return before.again(entry, steps.adopt_version, versions=before.versions, **given)


def site_opened(before: Before, entry: Entry) -> str:
    """A site starts under a version that was adopted by then."""
    said = beside(before, entry)
    digest = entry.body.get("digest")
    known = "version" not in entry.body or before.history.state.adopted(str(digest))
    return said or ("" if known else f"no site had adopted {entry.body['version']!r} then")
