"""The shape of the part ``datasets:`` of ``endpoints.yaml``: which columns describe the people of a dataset."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from evenhand.protocol.sheets import Identifier, Sourced

ColumnName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,7}$")]  # 8 characters (ADaM IG 1.3, 3.1.1)


class DatasetsSheet(Sourced):
    """``subject_level``: by the name of the column, what ``baseline`` describes."""

    subject_level: Annotated[dict[ColumnName, Identifier], Field(min_length=1)]
