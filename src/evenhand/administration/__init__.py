"""What an administrator does beside the main path: sites, roles (the delegation log), accounts, tokens,
who made and opened which report by arm, and which interim looks were held.

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
from evenhand.administration.identity import PARTS_OF_IDENTITY, correct_identity, erase_identity
from evenhand.administration.looks import HOLDER, LookSeen, hold_look, planned_events, strike_look
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
    "Delegation",
    "Grant",
    "Issued",
    "LookSeen",
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
    "issue_token",
    "issued_tokens",
    "make_account",
    "making_of",
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
    "strike_look",
]
