"""Overall survival, and the first distant failure: of one person, from randomization."""

from __future__ import annotations

from datetime import date

from evenhand.analysis.deaths import DeathDay, day_of_death
from evenhand.analysis.outcome import Outcome, said
from evenhand.analysis.seen import Progressed, Seen
from evenhand.protocol.endpoints import PRIMARY, Endpoint
from evenhand.protocol.endpoints_sheets import DayOfDeath


def overall_survival(seen: Seen, endpoint: Endpoint, chosen: DayOfDeath) -> Outcome:
    """Death from any cause; whoever is not known to have died is censored when last seen alive."""
    died = day_of_death(seen, chosen)
    if died is not None and seen.start <= died.day <= seen.until:
        known = f"; of its day only {seen.died.span} is known" if died.imputed and seen.died else ""
        return _made(seen, endpoint, died.day, "death", f"event {said(died.day)}: death{known}", died.seq, died)
    if died is not None and died.day < seen.start:
        say = f"censored {said(seen.start)}, at randomization: the death is dated {said(died.day)}, before it"
        return _made(seen, endpoint, seen.start, "contradiction", say, died.seq)
    last = min(max(seen.alive or seen.start, seen.start), seen.until)
    if seen.nameless is not None:
        say = f"censored {said(last)}: last seen alive; died, and of the day nothing is known"
        return _made(seen, endpoint, last, "day_unknown", say, seen.nameless)
    if last == seen.start:
        return _made(seen, endpoint, last, "unseen", f"censored {said(last)}: never seen after randomization", None)
    if seen.left is not None:
        say = f"censored {said(last)}: last seen alive; {seen.left.label} on {said(seen.left.day)}"
        return _made(seen, endpoint, last, "left", say, seen.left.seq)
    reason = "end" if seen.determined or seen.end <= seen.until else "data_cut"
    return _made(seen, endpoint, last, reason, f"censored {said(last)}: last seen alive", None)


def distant_failure(seen: Seen, endpoint: Endpoint, chosen: DayOfDeath) -> Outcome:
    """The first progression, if it is distant; another first progression, and death, are competing events.

    A progression of which nobody recorded the place is neither: it ends observation and says so.
    """
    limit = min(seen.until, seen.end)
    if any(one.day < seen.start for one in seen.determined):
        say = f"censored {said(seen.start)}, at randomization: a progression is dated before it"
        return _made(seen, endpoint, seen.start, "contradiction", say, min(seen.determined, key=_order).seq)
    first = min((one for one in seen.determined if one.day <= limit), key=_order, default=None)
    died = day_of_death(seen, chosen)
    if first is not None and (died is None or first.day <= died.day):
        return _of_progression(seen, endpoint, first)
    if died is not None and seen.start <= died.day <= limit:
        say = f"censored {said(died.day)}: died before a distant failure (competing event)"
        return _made(seen, endpoint, died.day, "death", say, died.seq, died, event=False)
    adequate = (
        one for one in seen.assessments if one.adequate and not (seen.unsigned and one.day >= seen.unsigned.day)
    )
    last = max((one for one in adequate if one.day <= limit), key=lambda one: (one.day, one.seq), default=None)
    reason, why, seq = _why(seen, limit)
    if last is None:
        say = f"censored {said(seen.start)}, at randomization: no adequate assessment after baseline{why}"
        unassessed = reason in ("left", "end", "data_cut")
        return _made(seen, endpoint, seen.start, "unassessed" if unassessed else reason, say, seq)
    say = f"censored {said(last.day)}: last adequate assessment{why}"
    return _made(seen, endpoint, last.day, reason, say, last.seq if seq is None else seq)


def _why(seen: Seen, limit: date) -> tuple[str, str, int | None]:
    """Why observation ended without a known progression: the reason, what to add in words, and the entry."""
    if seen.unsigned is not None and seen.unsigned.day <= limit:
        words = "that the scans propose" if seen.unsigned.basis == "proposed" else "that is not signed"
        return "unsigned", f" before a progression of {said(seen.unsigned.day)} {words}", seen.unsigned.seq
    if seen.nameless is not None:
        return "day_unknown", "; died, and of the day nothing is known", seen.nameless
    reason = "left" if seen.left and seen.left.day <= limit else "end" if limit < seen.until else "data_cut"
    return reason, "", None


def _of_progression(seen: Seen, endpoint: Endpoint, first: Progressed) -> Outcome:
    distant = first.distant
    if distant is None:  # the clinician did not say; scans that date it to the same day may
        distant = next((one.distant for one in seen.scanned if one.day == first.day), None)
    if distant:
        return _made(seen, endpoint, first.day, "distant", f"event {said(first.day)}: distant failure", first.seq)
    if distant is None:
        say = f"censored {said(first.day)}: progressed, and where is not recorded"
        return _made(seen, endpoint, first.day, "place_unknown", say, first.seq)
    say = f"censored {said(first.day)}: progressed before, and not at a distance (competing event)"
    return _made(seen, endpoint, first.day, "other_progression", say, first.seq)


def _order(one: Progressed) -> tuple[date, int]:
    return one.day, one.seq


def _made(
    seen: Seen,
    endpoint: Endpoint,
    day: date,
    reason: str,
    say: str,
    seq: int | None,
    died: DeathDay | None = None,
    event: bool | None = None,
) -> Outcome:
    happened = say.startswith("event ") if event is None else event
    domain = "DD" if reason == "death" else "RS" if happened else "TR"
    return Outcome(
        seen.subject, endpoint.id, PRIMARY, seen.start, day, happened, reason, say,
        (seen.seq,) if seq is None else (seq,), domain, died.imputed if died else "",
    )  # fmt: skip
