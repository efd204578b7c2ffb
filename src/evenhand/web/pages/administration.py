"""Administration: sites, people and their roles, tokens of other systems, and the life of the study."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern, URLResolver, path

from evenhand.web.pages.administering.accounts import account_of, new_account
from evenhand.web.pages.administering.life import activate, close, halt, resume
from evenhand.web.pages.administering.overview import delegation, overview
from evenhand.web.pages.administering.roles import end_role, grant_role
from evenhand.web.pages.administering.sites import open_site
from evenhand.web.pages.administering.tokens import end_token, issue_token
from evenhand.web.pages.administering.versions import adopt, changes, versions

_HERE: Final = "administration/"

urls: list[URLPattern | URLResolver] = [
    path(_HERE, overview, name="administration"),
    path(f"{_HERE}delegation", delegation, name="delegation"),
    path(f"{_HERE}sites/open", open_site, name="open-site"),
    path(f"{_HERE}people/new", new_account, name="new-account"),
    path(f"{_HERE}people/<str:person>", account_of, name="person"),
    path(f"{_HERE}roles/grant", grant_role, name="grant-role"),
    path(f"{_HERE}roles/end", end_role, name="end-role"),
    path(f"{_HERE}tokens/issue", issue_token, name="issue-token"),
    path(f"{_HERE}tokens/<str:digest>/end", end_token, name="end-token"),
    path(f"{_HERE}versions", versions, name="versions"),
    path(f"{_HERE}versions/adopt", adopt, name="adopt"),
    path(f"{_HERE}versions/<str:version>", changes, name="changes"),
    path(f"{_HERE}activate", activate, name="activate"),
    path(f"{_HERE}halt", halt, name="halt"),
    path(f"{_HERE}resume", resume, name="resume"),
    path(f"{_HERE}close", close, name="close"),
]
