"""What an administrator does beside the main path: sites, roles (the delegation log), accounts, tokens,
who made and opened which report by arm, the meetings of the safety board, and the final analysis.

These are steps like those of ``steps``: they read the record and return what to append.
"""

from evenhand.administration.accounts import (
    INSTALLER,
    PASSWORD_LINK,
    SECOND_FACTOR_RESET,
    account_trail,
    give_way_in,
    make_account,
    restore_account,
    stop_account,
)
from evenhand.administration.board import HOLDER, CutSeen
from evenhand.administration.delegation import (
    ROLES,
    SITE_ROLES,
    STUDY_ROLES,
    Delegation,
    Grant,
    delegations,
    grant_role,
    grants,
    revoke_role,
)
from evenhand.administration.final_analysis import FINISHER, GROUNDS, FinalSeen, make_final, strike_final
from evenhand.administration.identity import PARTS_OF_IDENTITY, correct_identity, erase_identity
from evenhand.administration.looks import LookSeen, hold_look, planned_events, strike_look
from evenhand.administration.meetings import MeetingSeen, hold_meeting, meeting_of, strike_meeting
from evenhand.administration.places import Site, open_site, site_of, sites
from evenhand.administration.reports import (
    BOARD_VIEW,
    READERS,
    TRACED,
    ReportedAt,
    making_of,
    reading_of,
    report_made,
    report_read,
)
from evenhand.administration.tokens import (
    LONGEST_LIFE,
    SCOPES,
    Issued,
    TokenTerms,
    issue_token,
    issued_tokens,
    revoke_token,
)

__all__ = [
    "BOARD_VIEW",
    "FINISHER",
    "GROUNDS",
    "HOLDER",
    "INSTALLER",
    "LONGEST_LIFE",
    "PARTS_OF_IDENTITY",
    "PASSWORD_LINK",
    "READERS",
    "ROLES",
    "SCOPES",
    "SECOND_FACTOR_RESET",
    "SITE_ROLES",
    "STUDY_ROLES",
    "TRACED",
    "CutSeen",
    "Delegation",
    "FinalSeen",
    "Grant",
    "Issued",
    "LookSeen",
    "MeetingSeen",
    "ReportedAt",
    "Site",
    "TokenTerms",
    "account_trail",
    "correct_identity",
    "delegations",
    "erase_identity",
    "give_way_in",
    "grant_role",
    "grants",
    "hold_look",
    "hold_meeting",
    "issue_token",
    "issued_tokens",
    "make_account",
    "make_final",
    "making_of",
    "meeting_of",
    "open_site",
    "planned_events",
    "reading_of",
    "report_made",
    "report_read",
    "restore_account",
    "revoke_role",
    "revoke_token",
    "site_of",
    "sites",
    "stop_account",
    "strike_final",
    "strike_look",
    "strike_meeting",
]
