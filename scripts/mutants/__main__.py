"""Mutate the rules and see whether the tests notice: `make mutants`, a part: `make mutants ARGS='--only verdict'`.

A group passes where at least 95 % of its mutants are killed, and every survivor is explained in survivors.toml.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence

from scripts.mutants import session
from scripts.mutants.campaign import Campaign, Outcome
from scripts.mutants.groups import Group, Survivor, groups, survivors

SHARE = 0.95
KILLED = ("killed", "timed out")


def main() -> int:
    """Run the campaigns; 1 where a mutant survives that should not."""
    by_name = {group.name: group for group in groups()}
    parser = argparse.ArgumentParser(prog="python -m scripts.mutants", description=__doc__)
    parser.add_argument("--only", default="", choices=list(by_name), help="one group")
    parser.add_argument("--module", default="", help="of a group the modules whose path holds this")
    parser.add_argument("-j", "--jobs", type=int, default=2, help="mutants at a time")
    parser.add_argument("--fresh", action="store_true", help="ask again what earlier runs have answered")
    parser.add_argument("--quick", action="store_true", help="take for surviving what survives with the tests loaded")
    options = parser.parse_args()
    session.preload()
    explained = survivors()
    fine = True
    for group in by_name.values():
        if options.only in ("", group.name):
            fine &= _judge(
                group, explained, options.module, Campaign(group, options.jobs, options.fresh, options.quick)
            )
    return 0 if fine else 1


def _judge(group: Group, explained: Sequence[Survivor], named: str, campaign: Campaign) -> bool:
    """Run one group, print what becomes of it, and tell whether it passes."""
    modules = [path for path in group.modules if named in path]
    outcomes: list[Outcome] = []
    unexplained: list[Outcome] = []
    for outcome in campaign.run(modules):
        outcomes.append(outcome)
        if outcome.fate not in KILLED and not any(one.is_(outcome.mutant) for one in explained):
            unexplained.append(outcome)
            print(f"  {outcome.fate}: {outcome.mutant}", flush=True)
    for path in modules:
        _line(path, [outcome for outcome in outcomes if outcome.mutant.path == path])
    share = _line(group.name, outcomes)
    alive = [outcome.mutant for outcome in outcomes if outcome.fate not in KILLED]
    idle = [one for one in explained if one.path in modules and not any(map(one.is_, alive))]
    for survivor in idle:
        print(f"  explained, but killed or gone: {survivor.path} in {survivor.scope}: {survivor.after}")
    return share >= SHARE and not unexplained and not idle


def _line(name: str, outcomes: Sequence[Outcome]) -> float:
    counts = Counter(outcome.fate for outcome in outcomes)
    killed = sum(counts[fate] for fate in KILLED)
    share = killed / len(outcomes) if outcomes else 1.0
    rest = ", ".join(f"{count} {fate}" for fate, count in sorted(counts.items()) if fate != "killed")
    print(f"{name:48} {killed:5} of {len(outcomes):5} killed {share:7.1%}  {rest}", flush=True)
    return share


if __name__ == "__main__":
    sys.exit(main())
