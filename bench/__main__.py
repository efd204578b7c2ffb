"""``./do bench [name ...]``: each figure is a ratio inside one run, since machines differ and drift."""

import os
import sys
from importlib import import_module

BENCHES = (
    "startup", "record_fold", "screening", "allocation", "worklist", "randomizations",
    "recist", "participant", "simulate", "faithful", "survival", "report",
)  # fmt: skip
LONG = ("course", "datasets")  # some minutes each, so by name alone


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all but the long ones."""
    unknown = [name for name in names if name not in (*BENCHES, *LONG)]
    if unknown:
        print(f"no benchmark is called {', '.join(unknown)}: there are {', '.join((*BENCHES, *LONG))}", file=sys.stderr)
        return 2
    for name in names or BENCHES:
        import_module(f"bench.{name}").main()
    return 0


def read_enough() -> int:
    """Whoever was reading has closed the pipe: nothing more is measured, and Python's last flush must not fail too."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    try:
        code = main(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        code = read_enough()
    sys.exit(code)
