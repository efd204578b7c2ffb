"""The tables: the record, what must stay outside it (names, accounts, the sealed secret), and what guards retries.

Only ``web.store`` and ``web.access`` use these. The columns of an entry are its place and its line; everything else is
folded from the lines, so that no column can say anything else than the record.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

_TEXT = 200


class Users(BaseUserManager["User"]):
    """Makes accounts."""

    def create_user(self, username: str, password: str | None, **more: Any) -> User:
        """A new account; without a password, one that cannot sign in until it gets one."""
        user = self.model(username=username, **more)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account. What a user may do stands in the record of each study, not here."""

    username = models.CharField(max_length=_TEXT, unique=True)
    printed_name = models.CharField(max_length=_TEXT)  # as it stands under signatures (21 CFR 11.50)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    demo = models.BooleanField(default=False)  # belongs to the demonstration, signs in once by an address

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    objects = Users()


class Study(models.Model):
    """A study that runs here: where its protocol is found, and its sealed randomization secret."""

    id = models.CharField(max_length=_TEXT, primary_key=True)
    folder = models.CharField(max_length=1000)  # a shipped study's id, or the path of a folder
    version = models.CharField(max_length=20)
    sealed_secret = models.BinaryField(null=True)


class Entry(models.Model):
    """One entry of the record: its line, exactly as it was written and is exported."""

    pk = models.CompositePrimaryKey("study", "seq")
    study = models.CharField(max_length=_TEXT)
    seq = models.PositiveBigIntegerField()
    line = models.TextField()


class Identity(models.Model):
    """Who a candidate is: the only table with names, and erasable."""

    study = models.ForeignKey(Study, models.PROTECT)
    subject = models.CharField(max_length=20)
    site = models.CharField(max_length=_TEXT)
    number = models.CharField(max_length=_TEXT)  # the site's own number of the person
    name = models.CharField(max_length=_TEXT)
    birth_date = models.DateField(null=True)
    likeness = models.CharField(max_length=500)  # equal for the same name and birth date; made unlike where confirmed

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("study", "subject"), name="one_identity_a_subject"),
            models.UniqueConstraint(fields=("study", "site", "number"), name="one_subject_a_number"),
            models.UniqueConstraint(fields=("study", "likeness"), name="one_subject_a_person"),
        )


class Request(models.Model):
    """A request that was carried out: asked again under the same key, it gets the same answer and does nothing."""

    pk = models.CompositePrimaryKey("study", "key")
    study = models.CharField(max_length=_TEXT)
    key = models.CharField(max_length=_TEXT)
    digest = models.CharField(max_length=64)  # of who asked for what: another request may not use this key
    first = models.PositiveBigIntegerField()
    count = models.PositiveIntegerField()


class Token(models.Model):
    """A key of another system: acts as a user in one role at one site, within its scopes, until it expires."""

    digest = models.CharField(max_length=64, primary_key=True)
    study = models.ForeignKey(Study, models.PROTECT)
    user = models.ForeignKey(User, models.PROTECT)
    label = models.CharField(max_length=_TEXT)
    role = models.CharField(max_length=40)
    site = models.CharField(max_length=_TEXT)
    scopes = models.JSONField(default=list)
    expires = models.DateTimeField()
    revoked = models.BooleanField(default=False)
