"""Facts of oncology that are derived from others: HER2 status, number of metastases."""

from evenhand.oncology.derivations import DERIVATIONS
from evenhand.oncology.her2 import Her2Result, specimen_status
from evenhand.oncology.her2_figures import Status as Her2Status
from evenhand.oncology.kinds import DerivationKind
from evenhand.oncology.lesions_explained import explain_count

__all__ = [
    "DERIVATIONS",
    "DerivationKind",
    "Her2Result",
    "Her2Status",
    "explain_count",
    "specimen_status",
]
