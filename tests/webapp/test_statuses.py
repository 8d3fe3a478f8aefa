"""One table turns an error into a status: no other file of the web app has a number, or a page, of its own for one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import Forbidden, HTTPException

from geodata import errors as meaning
from tests.tree import ROOT, tracked
from webapp import errors

DECIDING = ("webapp/errors.py", "webapp/security.py", "webapp/auth.py")
DECLARED = {"statuses", "_STATUSES", "_ANYWHERE"}
"""What the OpenAPI document says of statuses."""
COUNTS = {"LISTED", "MOST", "_KILOMETRES", "connection_limit", "maxsize", "mode"}
"""Numbers that are none."""
RAISED = {
    "webapp/api/forms.py": {"NotAcceptable"},
    "webapp/api/items.py": {"Gone"},
    "webapp/api/params.py": {"UnsupportedMediaType"},
    "webapp/assets.py": {"NotFound"},
    "webapp/api/executions.py": {"ServiceUnavailable"},
    "webapp/jobs.py": {"ServiceUnavailable"},
    "webapp/proximity/views.py": {"ServiceUnavailable"},
    "webapp/report/pdf.py": {"ServiceUnavailable"},
    "webapp/result_cache.py": {"ServiceUnavailable"},
}
"""What HTTP alone can say, and which files do."""
FILES = [path for path in tracked("webapp/*.py") if str(path.relative_to(ROOT)) not in DECIDING]


def numbers(tree: ast.AST) -> Iterator[ast.Constant]:
    """Yield the numbers of a file that may be statuses of errors."""
    pending = [tree]
    while pending:
        node = pending.pop()
        names = {target.id for target in getattr(node, "targets", ()) if isinstance(target, ast.Name)}
        if isinstance(node, ast.keyword):
            names.add(node.arg or "")
        if names & (DECLARED | COUNTS):
            continue
        if isinstance(node, ast.Constant) and type(node.value) is int and 400 <= node.value < 600:
            yield node
        pending += ast.iter_child_nodes(node)


def judged(handler: ast.ExceptHandler) -> Iterator[ast.expr]:
    """Yield the statuses of the answers that a handler of an error of the library returns."""
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = {node.id for node in caught if isinstance(node, ast.Name)}
    if not names & set(vars(meaning)):
        return
    for node in ast.walk(handler):
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
            status = node.value.elts[1]
            if not (isinstance(status, ast.Constant) and status.value is None):
                yield status


def is_status_of(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "status_of"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_view_has_a_status_of_its_own_for_an_error(path: Path) -> None:
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    assert [node.lineno for node in numbers(tree)] == []
    handlers = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    assert [node.lineno for handler in handlers for node in judged(handler) if not is_status_of(node)] == []
    for word in ("error.html", "HTTPStatus", "abort("):
        assert word not in text
    assert ("application/problem+json" in text) == (path == ROOT / "webapp/api/links.py")


def test_what_is_looked_for_is_found() -> None:
    tree = ast.parse("def view():\n try: pass\n except (BadValue, KeyError): return 'x', 200 + 222\nLISTED = 500\n")
    assert [node.value for node in numbers(ast.parse("x = 404; LISTED = 500; f(statuses=(404,)); g(status=422)"))] == [
        422,
        404,
    ]
    handler = next(node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler))
    assert [is_status_of(node) for node in judged(handler)] == [False]


def test_few_exceptions_of_http_are_raised_and_each_is_listed() -> None:
    found: dict[str, set[str]] = {}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "werkzeug.exceptions":
                found.setdefault(str(path.relative_to(ROOT)), set()).update(alias.name for alias in node.names)
    assert found == RAISED


@given(st.sampled_from([*errors.STATUS]), st.integers(400, 599))
def test_an_error_has_the_status_of_its_class(row: tuple[type[meaning.MasafaError], int], code: int) -> None:
    kind, status = row

    class Narrower(kind):  # type: ignore[misc,valid-type]
        def __init__(self) -> None:
            pass

    assert errors.status_of(kind.__new__(kind)) == errors.status_of(Narrower()) == status
    assert errors.status_of(meaning.MasafaError("analysis")) == 400
    exception = HTTPException("odd")
    exception.code = code
    assert errors.status_of(exception) == code
    assert (errors.status_of(Forbidden()), errors.status_of(HTTPException()), errors.status_of(None)) == (403, 500, 200)


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize(
    ("page", "data", "status"),
    [
        ("/matrix?layer=nowhere", "/api/processes/matrix/execution?layer=nowhere&target=borders", 400),
        ("/matrix?layer=places&target=places", "/api/processes/matrix/execution?layer=places&target=places", 422),
        ("/ruler?line=nowhere", "/api/processes/ruler/execution?layer=nowhere&km=60", 400),
        ("/layers/sites/export?format=csv&version=00000000", "/layers/sites/file?format=csv&version=00000000", 404),
    ],
)
def test_a_form_and_its_data_answer_alike(client: FlaskClient, page: str, data: str, status: int, lang: str) -> None:
    assert client.get(f"{page}&lang={lang}").status_code == client.get(f"{data}&lang={lang}").status_code == status
