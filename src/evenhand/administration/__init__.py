"""What an administrator does beside the main path: sites, roles (the delegation log), accounts, tokens,
who made and opened which report by arm.

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
from evenhand.administration.erasure import erase_identity
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
    "INSTALLER",
    "LONGEST_LIFE",
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
    "ReportedAt",
    "Site",
    "TokenTerms",
    "account_trail",
    "delegations",
    "erase_identity",
    "give_way_in",
    "grant_role",
    "grants",
    "issue_token",
    "issued_tokens",
    "make_account",
    "making_of",
    "open_site",
    "reading_of",
    "report_made",
    "report_read",
    "restore_account",
    "revoke_role",
    "revoke_token",
    "site_of",
    "sites",
    "stop_account",
]
