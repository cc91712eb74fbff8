#!/usr/bin/env python3
"""Sums up the Surefire reports: nothing failed, nothing was skipped, and no fewer tests ran than .ci/test-floor says."""

import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    floor = int((ROOT / ".ci/test-floor").read_text().split()[0])
    counts: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    wrong = []
    for report in sorted(ROOT.glob("*/target/surefire-reports/TEST-*.xml")):
        if report.stem.endswith("-jdk25"):
            continue  # the same tests once more
        module = report.relative_to(ROOT).parts[0]
        # The totals in a report's header miss nested classes; the cases themselves are complete.
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            counts[module] += 1
            seconds[module] += float(case.get("time", "0").replace(",", ""))
            for outcome in ("failure", "error", "skipped"):
                if case.find(outcome) is not None:
                    wrong.append(f"{outcome}: {case.get('classname')}.{case.get('name')}")
    for module in sorted(counts):
        print(f"{module:24} {counts[module]:6} tests {seconds[module]:8.1f} s")
    total = counts.total()
    print(f"{'all modules':24} {total:6} tests, {len(wrong)} of them failed or skipped; the floor is {floor}")
    print("\n".join(wrong))
    if total < floor:
        print(f"Fewer tests ran than the {floor} of .ci/test-floor. If tests were removed on purpose, lower it there.")
    return 1 if wrong or total < floor else 0


if __name__ == "__main__":
    sys.exit(main())
