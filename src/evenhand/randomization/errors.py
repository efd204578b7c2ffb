"""What can be wrong with a design, a secret or an allocation that is asked for."""


class RandomizationError(ValueError):
    """An allocation, or its verification, was asked for with values that cannot be right."""


class DesignError(RandomizationError):
    """A randomization design is wrong: `field` is where, `problem` what, `mend` how to put it right."""

    def __init__(self, field: str, problem: str, mend: str) -> None:
        super().__init__(f"{field}: {problem}; {mend}")
        self.field = field
        self.problem = problem
        self.mend = mend
