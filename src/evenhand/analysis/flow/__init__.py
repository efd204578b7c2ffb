"""From assessment to analysis: the flow of participants, whom a criterion stops, and who came where."""

from evenhand.analysis.flow.after import Stages, after, of_arm
from evenhand.analysis.flow.before import before
from evenhand.analysis.flow.parts import Part
from evenhand.analysis.flow.screening import screening_section
from evenhand.analysis.flow.section import enrolment_section, flow_section

__all__ = ["Part", "Stages", "after", "before", "enrolment_section", "flow_section", "of_arm", "screening_section"]
