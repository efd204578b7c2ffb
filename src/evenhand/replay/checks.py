"""By which check an entry of each kind is judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from evenhand.conduct.forms import FORM_ENTERED
from evenhand.record import CONSENT_DECLINED, FINAL_MADE, LOOK_HELD, MEETING_HELD, OF_THE_BOARD, Entry
from evenhand.replay import board, conduct, main_path, office
from evenhand.replay.before import Before

CHECKS: Final[Mapping[str, Callable[[Before, Entry], str]]] = {
    "study_activated": main_path.activated,
    "site_opened": office.site_opened,
    "version_adopted": office.adopted,
    "role_granted": office.beside,
    "role_revoked": office.beside,
    "account_made": office.account_made,
    "account_stopped": office.account_stopped,
    "account_restored": office.account_restored,
    "way_in_given": office.way_in,
    "token_issued": office.token_issued,
    "token_revoked": office.token_revoked,
    "report_made": office.report_made,
    "report_read": office.report_read,
    LOOK_HELD: board.look_held,
    MEETING_HELD: board.meeting_held,
    FINAL_MADE: board.final_made,
    "accrual_halted": board.halted,
    "accrual_resumed": main_path.running,
    "facts_recorded": main_path.recorded,
    "attested": main_path.attested,
    "consented": main_path.running,
    CONSENT_DECLINED: main_path.declined,
    "consent_withdrawn": main_path.running,
    "identity_corrected": office.identity_corrected,
    "identity_erased": office.erased,
    "registered": main_path.registered,
    "randomized": main_path.randomized,
    FORM_ENTERED: conduct.entered,
    "forms_signed": conduct.signed_forms,
    "source_verified": conduct.verified,
    "forms_locked": conduct.locked,
    "forms_unlocked": conduct.unlocked,
    "query_opened": conduct.query_opened,
    "query_answered": conduct.query_answered,
    "query_closed": conduct.query_closed,
    "study_closed": main_path.closed,
}
"""What each finds, in words; empty where the entry is as its step would have it."""


def checked(before: Before, entry: Entry) -> str:
    """What is wrong with an entry; empty for nothing. Raises what its step raises."""
    if entry.corrects is not None and entry.kind == FORM_ENTERED:
        return conduct.corrected_form(before, entry)
    if entry.corrects is not None and entry.kind in OF_THE_BOARD:
        return board.struck(before, entry)
    if entry.corrects is not None:
        return ""  # the chain has checked what may be corrected; a correction may say anything, with its reason
    check = CHECKS.get(entry.kind)
    return check(before, entry) if check else f"no step of this protocol records {entry.kind!r}"
