"""Reports: what a cut of the record says, as pages, archival documents, figures and numbers, the same to the byte."""

from evenhand.reports.document import Numbered, Report, Source
from evenhand.reports.files import MANIFEST, files_of, manifest_of
from evenhand.reports.folder import write_folder
from evenhand.reports.kinds import BOARD, KINDS, Kind
from evenhand.reports.making import Progress, end_of, kind_of, make_report
from evenhand.reports.showing import Shown, said_entry, shown

__all__ = [
    "BOARD",
    "KINDS",
    "MANIFEST",
    "Kind",
    "Numbered",
    "Progress",
    "Report",
    "Shown",
    "Source",
    "end_of",
    "files_of",
    "kind_of",
    "make_report",
    "manifest_of",
    "said_entry",
    "shown",
    "write_folder",
]
