"""What the API answers, as models: they check what goes out and describe it in the OpenAPI document."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from evenhand.web.api.problems import Fault

Standing = Literal["eligible", "ineligible", "undetermined"]


class Missing(BaseModel):
    """Something that keeps a criterion open."""

    why: str = Field(examples=["needs attestation"])
    about: str = Field(description="the fact or the judgement")
    detail: str = Field(examples=["to be signed by the radiation oncologist or surgeon"])


class Criterion(BaseModel):
    """One criterion on one day. A provisional pass rests on evidence that somebody still has to sign."""

    id: str
    kind: Literal["inclusion", "exclusion"]
    title: str
    verdict: Literal["pass", "fail", "unknown"]
    provisional: bool
    explanation: str
    missing: list[Missing]


class Interval(BaseModel):
    """Days with one standing, both ends included; null for an end that does not exist."""

    first: date | None
    last: date | None
    verdict: Standing
    provisional: bool
    because: list[str] = Field(description="the criteria that bind")
    opened_by: list[str]
    closed_by: list[str]


class Verdict(BaseModel):
    """A candidate on a day: where he or she stands, each criterion, and the calendar."""

    model_config = ConfigDict(title="Verdict")
    subject: str = Field(examples=["S0001-3"])
    on: date
    stage: Literal["screened", "registered", "randomized"]
    consents: bool = Field(description="whether a consent holds on that day")
    declined: date | None = Field(description="the day on which consent was declined, where none was given since")
    participant: str | None = Field(description="the participant number, once registered", examples=["P0001-3"])
    arm: str | None = Field(description="the arm, once randomized", examples=[None])
    verdict: Standing
    provisional: bool = Field(description="whether it still waits for a signature")
    criteria: list[Criterion]
    calendar: list[Interval]
    flags: list[str] = Field(description="what is worth a second look, and decides nothing")


class Recorded(BaseModel):
    """The entry that a request made; its number and hash are what to keep."""

    seq: int = Field(ge=1)
    hash: str = Field(pattern=r"^[0-9a-f]{64}$")
    recorded_at: datetime
    effective: date


class Screened(BaseModel):
    """What came of a submission: the entry, the verdict after it, and what could not be used of a bundle."""

    subject: str = Field(examples=["S0001-3"])
    entry: Recorded
    verdict: Verdict
    problems: list[Fault]


class Registered(BaseModel):
    """A registration."""

    subject: str = Field(examples=["S0001-3"])
    participant: str = Field(examples=["P0001-3"])
    entry: Recorded


class Randomized(BaseModel):
    """An allocation, made once."""

    subject: str = Field(examples=["S0001-3"])
    participant: str = Field(examples=["P0001-3"])
    arm: str
    arm_label: str
    treatment: str
    levels: dict[str, str] = Field(description="the level of each stratification factor")
    entry: Recorded


class By(BaseModel):
    """Who recorded an entry."""

    user: str
    role: str
    site: str | None


class Signature(BaseModel):
    """An electronic signature."""

    meaning: str
    signer: str
    signed_at: datetime
    digest: str


class Entry(BaseModel):
    """An entry of the record, as it was written but for what ``withheld`` names."""

    study: str
    seq: int
    kind: str
    version: int
    subject: str | None
    effective: date
    recorded_at: datetime
    by: By
    body: dict[str, Any]
    reason: str | None
    corrects: int | None
    signature: Signature | None
    previous: str
    hash: str
    withheld: list[str] = Field(description="the parts of the body that this token's role does not see")


class Entries(BaseModel):
    """A part of the record."""

    entries: list[Entry]
    next: int | None = Field(description="what to send as `since` for the next part; null when nothing more is there")
    head: int = Field(description="the number of the last entry of the whole record")
