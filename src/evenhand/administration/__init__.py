"""What an administrator does beside the main path: sites, roles (the delegation log), accounts, tokens.

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
    "INSTALLER",
    "LONGEST_LIFE",
    "PASSWORD_LINK",
    "ROLES",
    "SCOPES",
    "SECOND_FACTOR_RESET",
    "SITE_ROLES",
    "STUDY_ROLES",
    "Delegation",
    "Grant",
    "Issued",
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
    "open_site",
    "restore_account",
    "revoke_role",
    "revoke_token",
    "site_of",
    "sites",
    "stop_account",
]
