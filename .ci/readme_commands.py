#!/usr/bin/env python3
"""Runs the shell commands of a Markdown file as a reader would: every block that opens with ```sh, in order.

A command that fails, or that waits for more than the file promises, fails the check. A block that opens with
```console is shown to the reader and not run.
"""

import re
import subprocess
import sys
import time
from pathlib import Path

BLOCK = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
LIMIT_SECONDS = 20 * 60


def main() -> int:
    document = Path(sys.argv[1]).resolve()
    blocks = BLOCK.findall(document.read_text(encoding="utf-8"))
    if not blocks:
        print(f"{document.name} has no ```sh block; nothing would be checked.")
        return 1
    for block in blocks:
        print("$ " + block.strip().replace("\n", "\n$ "), flush=True)
        start = time.monotonic()
        try:
            status = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", block],
                cwd=document.parent,
                stdin=subprocess.DEVNULL,
                timeout=LIMIT_SECONDS,
            ).returncode
        except subprocess.TimeoutExpired:
            status = "a timeout"
        print(f"  {time.monotonic() - start:.1f} s", flush=True)
        if status != 0:
            print(f"A command of {document.name} ended with {status}.")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
