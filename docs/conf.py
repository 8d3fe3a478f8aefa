"""How `make docs` builds the guide (these pages) and the reference (the docstrings of the library)."""

import re
from typing import Any

from geodata.version import __version__

project = "Masafa"
author = "The Masafa authors"
release = __version__

extensions = ["myst_parser", "sphinx.ext.apidoc", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["notebook.ipynb"]
# Names of code stand between single backticks in docstrings, as they do in the guide.
default_role = "code"
autodoc_member_order = "bysource"
# An object is described where it is defined, not where it is imported again.
autodoc_default_options = {"ignore-module-all": True}
autodoc_typehints = "description"
napoleon_google_docstring = False
apidoc_modules = [
    {
        "path": "../geodata",
        "destination": "reference",
        "exclude_patterns": ["**/commands", "**/cli.py", "**/__main__.py"],
        "separate_modules": True,
        "module_first": True,
        "implicit_namespaces": False,
        "automodule_options": {"members", "show-inheritance"},
    }
]
# Types are named as in the source; two modules may have one of the same name.
suppress_warnings = ["ref.python"]
# Links between pages may name a heading, as forges write them.
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"Masafa {release}"
html_show_sphinx = False
html_copy_source = False
# Nothing of the site comes from another host.
html_theme_options = {"source_edit_link": "", "source_view_link": ""}


def escape_bars(app: Any, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Let the bars of an absolute value stand in a docstring, where reStructuredText sees a substitution."""
    for number, line in enumerate(lines):
        if not line.lstrip().startswith((">>>", "...")):
            lines[number] = re.sub(r"\|(?!\|)", r"\\|", line)


def setup(app: Any) -> None:
    """Register what is done to docstrings."""
    app.connect("autodoc-process-docstring", escape_bars)
