"""`python -m sim` is the command `trialstart`."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command; Ctrl-C while it is being imported is one line, too."""
    gc.set_threshold(50_000)  # at 700, an eighth of the time of a short command goes to looking for what is not there
    try:
        from sim.cli import main as command

        command()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(130)
    finally:
        exec("")  # Python forgets a Ctrl-C that came while a text was executed, as a dataclass is; else it ends with it


if __name__ == "__main__":
    main()
