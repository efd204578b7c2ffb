"""A server that knows nothing of Evenhand, in the same shape: `python -m tests.web.stand_in --port N --workers K`."""

import os
import sys

PAGE = (
    """<!doctype html><html lang="en"><head><title>{}</title></head><body><main><h1>A page</h1></main></body></html>"""
)
POLICY = "default-src 'none'"


def answer(environ, start_response):
    broken = environ["PATH_INFO"] == "/broken"
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", POLICY)]
    start_response("500 Broken" if broken else "200 OK", headers)
    return [PAGE.format(os.environ["ANSWER"]).encode()]


def main(_port: str, port: str, _workers: str, workers: str) -> None:
    options = (f"--bind=127.0.0.1:{port}", f"--workers={workers}", "--no-control-socket")
    os.execv(sys.executable, (sys.executable, "-m", "gunicorn", *options, "tests.web.stand_in:answer"))


if __name__ == "__main__":
    main(*sys.argv[1:])
