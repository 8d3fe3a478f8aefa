"""What is printed: rows of a table, each beside its target."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Report:
    """Prints as it goes, and counts what falls short."""

    times: int
    quick: bool
    missed: list[str] = field(default_factory=list)

    def title(self, text: str) -> None:
        """Begin a part."""
        print(f"\n{text}")

    def say(self, name: str, value: str) -> None:
        """Print a figure that has no target."""
        print(f"  {name:<58} {value}")

    def target(self, name: str, value: float, most: float, unit: str = "") -> None:
        """Print a figure that may be at most so much."""
        self._judge(name, value, value <= most, f"≤ {most:g}{unit}", unit)

    def at_least(self, name: str, value: float, least: float, unit: str = "") -> None:
        """Print a figure that must be at least so much."""
        self._judge(name, value, value >= least, f"≥ {least:g}{unit}", unit)

    def skip(self, name: str, reason: str) -> None:
        """Say that a peer is not there."""
        print(f"  {name:<58} skipped: {reason}")

    def close(self) -> int:
        """Print the sum, and return the exit code."""
        print(f"\n{len(self.missed)} targets missed" + "".join(f"\n  {name}" for name in self.missed))
        return 1 if self.missed else 0

    def _judge(self, name: str, value: float, good: bool, target: str, unit: str) -> None:
        print(f"  {name:<58} {value:<10.3g}{unit:<4} {target:<14} {'met' if good else 'MISSED'}", flush=True)
        if not good:
            self.missed.append(name)
