"""What happens to made-up participants after randomization: drawn from a scenario, entered through the real steps."""

from evenhand.simulation.courses.fit import section_faults
from evenhand.simulation.courses.following import Following
from evenhand.simulation.courses.sheet import AfterRandomization, Monthly
from evenhand.simulation.courses.trial import Tally, Trial

__all__ = ["AfterRandomization", "Following", "Monthly", "Tally", "Trial", "section_faults"]
