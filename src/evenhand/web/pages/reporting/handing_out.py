"""Handing out the files of a report: one by one, the page in a policy of its own, or all as one archive."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Mapping
from typing import Final

from django.http import HttpResponse

_TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "svg": "image/svg+xml",
    "parquet": "application/vnd.apache.parquet",
}
_ANY_TIME: Final = (1980, 1, 1, 0, 0, 0)  # the first that an archive can name: the same files, the same bytes
PAGE: Final = "report.html"


def handed_out(name: str, path: str, content: bytes) -> HttpResponse:
    """A file to be kept, under the name of its report."""
    kind = _TYPES.get(path.rpartition(".")[2], "application/octet-stream")
    return _attached(content, kind, f"{name}-{path.replace('/', '-')}")


def archive(name: str, files: Mapping[str, bytes]) -> HttpResponse:
    """All files in one archive, inside a folder of the report's name; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path, content in files.items():
            entry = zipfile.ZipInfo(f"{name}/{path}", _ANY_TIME)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            zipped.writestr(entry, content)
    return _attached(out.getvalue(), "application/zip", f"{name}.zip")


def page(content: bytes) -> HttpResponse:
    """The report's own page: it brings its style sheet and needs nothing else, so nothing else is allowed.

    It is shut off from everything else of this application (sandbox). A browser refuses a page that is shut off and
    asks for an opener policy at once (HTML standard, 7.1.3), so it asks for none.
    """
    answer = HttpResponse(content, content_type=_TYPES["html"])
    answer["Content-Security-Policy"] = (
        f"default-src 'none'; style-src '{_digest(_style(content))}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'; sandbox"
    )
    answer["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return answer


def _style(content: bytes) -> bytes:
    """The style sheet of a page: what stands in its first ``style``."""
    return content.partition(b"<style>")[2].partition(b"</style>")[0]


def _digest(style: bytes) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(style).digest()).decode()}"


def _attached(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
