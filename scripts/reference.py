"""Write docs/analyses.md from the registry: `python -m scripts.reference`. A test compares the two."""

from __future__ import annotations

from pathlib import Path

from geodata import registry
from geodata.analysis.base import MAX_RINGS, Analysis, Parameter

TARGET = Path(__file__).resolve().parents[1] / "docs" / "analyses.md"
HEAD = """# Analyses

Made from the code by `python -m scripts.reference`. Each is a command of [`geodata`](cli.md), a process under
`/api/processes` ([api.md](api.md)), a form at `/analyses/<name>`, and `geodata.run(name, …)` in Python.
"""


def text() -> str:
    """Return the document."""
    return "\n".join([HEAD, *(_section(name, analysis) for name, analysis in registry.analyses().items())])


def _section(name: str, analysis: Analysis) -> str:
    rows = [_row(parameter) for parameter in analysis.parameters]
    return "\n".join(
        [
            f"## `{name}`",
            "",
            f"{registry.analyses().summary(name)}. {analysis.description['en']}",
            "",
            "| input | command line | what | allowed | default |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _row(parameter: Parameter) -> str:
    option = parameter.metavar if parameter.positional else " ".join(parameter.flags or (f"--{parameter.name}",))
    needed = " (required)" if parameter.required else ""
    what = parameter.help or parameter.title["en"]
    default = "" if parameter.default is None else f"`{parameter.default}`"
    cells = (f"`{parameter.name}`{needed}", f"`{option}`", what.replace("|", r"\|"), _allowed(parameter), default)
    return f"| {' | '.join(cells)} |"


def _allowed(parameter: Parameter) -> str:
    if parameter.allowed:
        return ", ".join(f"`{word}`" for word in parameter.allowed)
    if parameter.kind == "flag":
        return "`true`, `false`"
    if parameter.minimum is None or parameter.maximum is None:
        return ""
    several = f"up to {MAX_RINGS}, each " if parameter.kind == "kilometres" else ""
    return f"{several}{parameter.minimum:,g} to {parameter.maximum:,g}" + ("" if parameter.zero else ", not 0")


if __name__ == "__main__":
    TARGET.write_text(text(), "utf-8")
