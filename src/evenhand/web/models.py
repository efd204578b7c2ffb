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


class FormerIdentity(models.Model):
    """Who a candidate was said to be before it was mended by the entry ``seq``: erased together with the identity."""

    study = models.ForeignKey(Study, models.PROTECT)
    subject = models.CharField(max_length=20)
    seq = models.PositiveBigIntegerField()
    number = models.CharField(max_length=_TEXT)
    name = models.CharField(max_length=_TEXT)
    birth_date = models.DateField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("study", "subject", "seq"), name="one_former_an_entry"),)


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


class Kept(models.Model):
    """What was typed in a form that could not be taken since the session had ended: sealed, and for a while."""

    digest = models.CharField(max_length=64, primary_key=True)  # of the name under which it is asked for
    expires = models.DateTimeField(db_index=True)
    sealed = models.BinaryField()


class Report(models.Model):
    """A report, or the safety board's view: of what it is made, how far its making is, and what came of it."""

    id = models.CharField(max_length=64, primary_key=True)  # the digest of all that its content follows from
    study = models.ForeignKey(Study, models.PROTECT)
    kind = models.CharField(max_length=40)
    named = models.BooleanField()  # lists the people behind its numbers
    effective = models.DateField()
    recorded = models.DateTimeField()
    seq = models.PositiveBigIntegerField()
    program = models.CharField(max_length=40)
    asked_by = models.CharField(max_length=_TEXT)
    begun = models.DateTimeField()
    attempt = models.CharField(max_length=36)  # whoever makes it writes under this name, and nobody else
    beat = models.DateTimeField()  # the last sign of life of whoever makes it
    what = models.CharField(max_length=_TEXT, default="")
    done = models.PositiveIntegerField(default=0)
    parts = models.PositiveIntegerField(default=0)
    ended = models.DateTimeField(null=True)
    reason = models.TextField(default="")  # these three where it was refused
    clause = models.TextField(default="")
    mend = models.TextField(default="")

    class Meta:
        indexes = (models.Index(fields=("study", "kind"), name="reports_of_a_study"),)


class ReportFile(models.Model):
    """A file of a report that is made, compressed; it can be made again from the record, to the byte."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="files")
    path = models.CharField(max_length=_TEXT)
    size = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("report", "path"), name="one_content_a_path"),)
