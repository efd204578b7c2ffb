"""Treatment given: systemic therapy, surgery, radiation, each metastasis, and what was planned of them."""

from evenhand.analysis.treatment.sections import treatment_section

__all__ = ["treatment_section"]
