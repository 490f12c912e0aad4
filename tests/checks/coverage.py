#!/usr/bin/env python3
"""coverage.py JSON REASONS [RESULTS] - gcovr's report as a table, and the uncovered lines against the
reasons that are given for them.

A line of REASONS is "FILE: SOURCE LINE  # why no test runs it". The source line, without the blanks
around it, stands for every uncovered line of the file with this text, so that reasons outlive changes
elsewhere in the file. A reason that begins with "race: " is for a line that some runs of the tests come
to and others do not. Without RESULTS (a part of the tests was run) nothing is checked."""
import json
import sys

LEAST_LINES, LEAST_BRANCHES = 95.0, 85.0


def percent(part, whole):
    return 100.0 * part / whole if whole else 100.0


def file_figures(record):
    """Counts of one file, and the numbers of its uncovered lines."""
    lines = [line for line in record["lines"] if not line.get("gcovr/noncode")]
    branches = [b for line in lines for b in line.get("branches", [])]
    return {
        "lines": len(lines),
        "run": sum(line["count"] > 0 for line in lines),
        "branches": len(branches),
        "taken": sum(b["count"] > 0 for b in branches),
        "uncovered": sorted({line["line_number"] for line in lines if line["count"] == 0}),
    }


def reasons_read(path):
    reasons = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            place, separator, why = line.rpartition("  # ")
            name, colon, text = place.partition(": ")
            if not (separator and colon and why.strip()):
                sys.exit(f'{path}: "{line}" is not "FILE: SOURCE LINE  # reason"')
            reasons[(name, text.strip())] = why.strip()
    return reasons


def source_lines(name):
    with open(name, encoding="utf-8") as file:
        return file.read().split("\n")


def check(files, reasons):
    """Prints what is uncovered without a reason and reasons without need; how many."""
    n = 0
    needed = set()
    for name, figures in files:
        source = source_lines(name)
        for number in figures["uncovered"]:
            text = source[number - 1].strip()
            if (name, text) in reasons:
                needed.add((name, text))
            else:
                n += 1
                print(f"{name}:{number}: no test runs it, no reason is given: {text}")
    for (name, text), why in reasons.items():
        if (name, text) in needed:
            continue
        is_there = text in (line.strip() for line in source_lines(name))
        if not (why.startswith("race: ") and is_there):
            n += 1
            print(f"{name}: a reason for what is run, or gone: {text}")
    return n


def main():
    report = json.load(open(sys.argv[1], encoding="utf-8"))
    files = sorted((f["file"], file_figures(f)) for f in report["files"])
    if not files:
        sys.exit("coverage: no file was measured")
    sums = {key: sum(f[key] for _, f in files) for key in ("lines", "run", "branches", "taken")}
    for name, f in files + [("all", sums)]:
        print(f"{name:28} lines {f['run']:5} of {f['lines']:5} {percent(f['run'], f['lines']):6.1f} %"
              f"   branches {f['taken']:5} of {f['branches']:5}"
              f" {percent(f['taken'], f['branches']):6.1f} %")
    results = sys.argv[3] if len(sys.argv) > 3 else ""
    if not results:
        return 0
    lines, branches = percent(sums["run"], sums["lines"]), percent(sums["taken"], sums["branches"])
    n_unexplained = check(files, reasons_read(sys.argv[2]))
    with open(results, "a", encoding="utf-8") as file:
        file.write(f"coverage, lines\t{lines:.1f} %\t>= {LEAST_LINES:.0f} %\n"
                   f"coverage, branches\t{branches:.1f} %\t>= {LEAST_BRANCHES:.0f} %\n"
                   f"uncovered lines without a reason\t{n_unexplained}\t0\n")
    print(f"coverage: {lines:.1f} % of lines, {branches:.1f} % of branches,"
          f" {n_unexplained} lines to explain")
    return lines < LEAST_LINES or branches < LEAST_BRANCHES or n_unexplained > 0


if __name__ == "__main__":
    sys.exit(main())
