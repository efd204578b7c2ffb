"""What a trial records. A new kind is one line here; a new shape of an old body is a new version with an
upgrade.
"""

from __future__ import annotations

from typing import Final

from evenhand.record.kinds import Kind, Kinds, Shape

CONSENT_DECLINED: Final = "consent_declined"
REPORT_MADE: Final = "report_made"
REPORT_READ: Final = "report_read"
LOOK_HELD: Final = "interim_look_held"
MEETING_HELD: Final = "board_meeting_held"
FINAL_MADE: Final = "final_analysis_made"
IDENTITY_CORRECTED: Final = "identity_corrected"
IDENTITY_ERASED: Final = "identity_erased"
NAMING: Final = frozenset({IDENTITY_CORRECTED, IDENTITY_ERASED})
"""Kinds about the name that is kept beside the record: nothing of the trial follows from them, so that no count changes
and nobody is judged anew by a name that was mended or erased."""
OF_THE_BOARD: Final = frozenset({LOOK_HELD, MEETING_HELD, FINAL_MADE})
"""Kinds by which the safety board's meetings and the final analysis stand in the record, each signed. What was counted
and recommended is for whoever may see pooled results."""
TRACES: Final = frozenset({REPORT_MADE, REPORT_READ})
"""Kinds that tell who looked at the record and nothing of the trial: no count and no data cut knows of them, so that a
report does not change by being made or read."""

_SEEN: Final[dict[str, Shape]] = {
    "effective": "text",
    "recorded": "text",
    "last_entry": "number",
    "hash": "text",
    "report": "text",
    "manifest": "text",
}
"""What was seen: a data cut, and the report of it by the SHA-256 of its manifest (both empty: none was made)."""
_STRUCK: Final = frozenset({"struck", "remark"})
"""What the board signed stays as it was signed; what is mistaken is struck, and recorded anew."""

_STUDY: Final = (
    Kind(
        "study_activated",
        "activated the study",
        "study",
        {"protocol_version": "text", "protocol_digest": "text", "commitment": "text", "sites": "list"},
        once=True,
        correctable=frozenset({"remark"}),
    ),
    Kind("site_opened", "opened a site", "study", {"site": "text"}),
    Kind(
        "version_adopted",
        "adopted a protocol version at a site",
        "study",
        {"site": "text", "version": "text", "digest": "text"},
        needs_reason=True,
        correctable=frozenset({"remark"}),
    ),
    Kind("role_granted", "granted a role", "study", {"user": "text", "role": "text"}),
    Kind("role_revoked", "revoked a role", "study", {"user": "text", "role": "text"}, needs_reason=True),
    Kind("account_made", "made an account", "study", {"user": "text", "name": "text"}),
    Kind("account_stopped", "stopped an account", "study", {"user": "text"}, needs_reason=True),
    Kind("account_restored", "let an account sign in again", "study", {"user": "text"}),
    Kind("way_in_given", "gave a way in", "study", {"user": "text", "what": "text"}),
    Kind(
        "token_issued",
        "issued a token to another system",
        "study",
        {
            "user": "text",
            "role": "text",
            "site": "text",
            "label": "text",
            "scopes": "list",
            "digest": "text",
            "expires": "text",
        },
    ),
    Kind(
        "token_revoked",
        "ended a token of another system",
        "study",
        {"digest": "text", "label": "text"},
        needs_reason=True,
    ),
    Kind(
        REPORT_MADE,
        "made a report that tells the arms apart",
        "study",
        {
            "report": "text",
            "effective": "text",
            "recorded": "text",
            "last_entry": "number",
            "hash": "text",
            "manifest": "text",
            "program": "text",
        },
        correctable=frozenset({"remark"}),
    ),
    Kind(
        REPORT_READ,
        "opened a report that tells the arms apart",
        "study",
        {"report": "text", "effective": "text", "manifest": "text"},
        correctable=frozenset({"remark"}),
    ),
    Kind(
        LOOK_HELD,
        "recorded that an interim look was held",
        "study",
        {**_SEEN, "look": "number", "events": "number", "recommendation": "text"},
        needs_reason=True,
        correctable=_STRUCK,
    ),
    Kind(
        MEETING_HELD,
        "recorded a meeting of the safety board",
        "study",
        {**_SEEN, "occasion": "text", "rules": "list", "recommendation": "text"},
        needs_reason=True,
        correctable=_STRUCK,
    ),
    Kind(
        FINAL_MADE,
        "recorded the final analysis",
        "study",
        {**_SEEN, "events": "number", "ground": "text"},
        correctable=_STRUCK,
    ),
    Kind("accrual_halted", "halted accrual", "study", needs_reason=True),
    Kind("accrual_resumed", "resumed accrual", "study"),
    Kind(
        "study_closed",
        "closed the study and revealed the secret",
        "study",
        {"secret": "text"},
        once=True,
        correctable=frozenset({"remark"}),
    ),
)

# Who was randomized stays randomized to that arm, in the stratum that was used, whatever turns out later
# (intention to treat: ICH E9, 5.2.1); the same holds for the evidence frozen at registration. Only a remark
# may be put right.
_SUBJECT: Final = (
    Kind("facts_recorded", "recorded facts", body={"facts": "list"}),
    Kind("attested", "attested a judgement", body={"judgement": "text", "answer": "anything", "role": "text"}),
    Kind("consented", "recorded consent", body={"document": "text", "version": "text"}),
    # "because" is one of the study's codes, where a reason was given; "words" go with the code "other".
    Kind(CONSENT_DECLINED, "recorded that consent was declined", body={"document": "text", "version": "text"}),
    Kind("consent_withdrawn", "recorded that consent was withdrawn"),
    # What the name was and is stays beside the record: here stand only which parts of it were mended, and why.
    Kind(
        IDENTITY_CORRECTED,
        "corrected who the person is, as kept beside the record",
        body={"changed": "list"},
        needs_reason=True,
        correctable=frozenset({"remark"}),
    ),
    Kind(IDENTITY_ERASED, "erased the name that was kept beside the record", needs_reason=True),
    Kind(
        "registered",
        "registered the participant",
        body={
            "participant": "text",
            "protocol_version": "text",
            "evidence": "anything",
            "evidence_digest": "text",
        },
        once=True,
        correctable=frozenset({"remark"}),
    ),
    Kind(
        "randomized",
        "randomized the participant",
        body={"arm": "text", "method": "text", "stratum": "text", "position": "number"},
        once=True,
        correctable=frozenset({"remark"}),
    ),
)

# What happens to a participant after randomization is entered in forms; an entry belongs to one place (form, item,
# visit), which no correction can change. What was signed, verified, locked or asked happened then: it is followed by
# another such entry, not corrected.
_REMARK: Final = frozenset({"remark"})
_CONDUCT: Final = (
    Kind(
        "form_entered",
        "filled in a form",
        body={"form": "text", "item": "text", "values": "object"},
        fixed=frozenset({"form", "item", "visit"}),
    ),
    Kind("forms_signed", "signed forms", body={"entries": "list"}, correctable=_REMARK),
    Kind("source_verified", "verified forms against the source", body={"entries": "list"}, correctable=_REMARK),
    Kind("forms_locked", "locked forms", body={"entries": "list"}, correctable=_REMARK),
    Kind("forms_unlocked", "unlocked forms", body={"entries": "list"}, needs_reason=True, correctable=_REMARK),
    Kind(
        "query_opened",
        "opened a query",
        body={"form": "text", "item": "text", "path": "text", "check": "text", "text": "text"},
        correctable=_REMARK,
    ),
    Kind("query_answered", "answered a query", body={"query": "number", "text": "text"}, correctable=_REMARK),
    Kind("query_closed", "closed a query", body={"query": "number", "how": "text"}, correctable=_REMARK),
)

KINDS: Final = Kinds(*_STUDY, *_SUBJECT, *_CONDUCT)
