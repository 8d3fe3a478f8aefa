"""Generate the mutants of a module: its syntax tree with one node changed, always the same ones in the same order."""

from __future__ import annotations

import ast
import copy
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
"""Each comparison is moved by its boundary, and turned round."""
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.BitXor: ast.BitAnd,
}
PAIRS = (
    ("min", "max"),
    ("any", "all"),
    ("floor", "ceil"),
    ("minimum", "maximum"),
    ("argmin", "argmax"),
    ("sin", "cos"),
)
NAMES = {**dict(PAIRS), **{right: left for left, right in PAIRS}}
"""Functions that stand for each other's mistake."""
MESSAGES = frozenset({"en", "ar"})
"""Keys whose values are texts for readers."""
SILENT = frozenset({"BadValue", "BadData", "NotFound", "Refused", "Unwritable", "info", "warning", "debug"})
"""Calls whose strings are messages: what they say is not a rule."""
CONTEXT = 90
"""Characters of code that stand round a change, at most, where it is reported."""
_PRAGMA = re.compile(r"(PRAGMA \w+ = )(\w+)\Z")


@dataclass(frozen=True)
class Mutant:
    """One change: the node's place in the tree, its replacement, and how the change is reported."""

    path: str
    line: int
    scope: str
    before: str
    after: str
    source: str
    lines: tuple[int, int]
    """The lines one of which runs where the changed code does."""
    number: int = 0
    """Which of several changes that look alike."""

    @property
    def key(self) -> str:
        """What the change is, whatever line it stands in."""
        return hashlib.sha256(
            "\n".join((self.path, self.scope, self.before, self.after, str(self.number))).encode()
        ).hexdigest()[:16]

    def __str__(self) -> str:
        return f"{self.path}:{self.line} in {self.scope or 'the module'}: {self.before}  →  {self.after}"


def mutants(path: str, text: str, sources: bool = True) -> Iterator[Mutant]:
    """Yield every mutant of a module's source text; with `sources=False` sooner, the source of each left empty."""
    tree = ast.parse(text)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    ignored = _ignored(tree)
    alike: Counter[str] = Counter()
    for node in list(ast.walk(tree)):
        if node in ignored or node not in parents:
            continue
        for replacement in _replacements(node, parents):
            mutant = _mutant(path, tree, node, replacement, parents, sources)
            yield replace(mutant, number=alike[mutant.key])
            alike[mutant.key] += 1


def _mutant(
    path: str, tree: ast.Module, node: ast.AST, new: ast.AST, parents: dict[ast.AST, ast.AST], sources: bool
) -> Mutant:
    shown = node
    while not isinstance(shown, ast.stmt) and not isinstance(parents[shown], ast.Module):
        if len(_head(parents[shown])) > CONTEXT:
            break
        shown = parents[shown]
    before = _head(shown)
    with _Replaced(parents[node], node, new):
        after = _head(new if shown is node else shown)
        source = ast.unparse(tree) if sources else ""
    line: int = node.lineno  # type: ignore[attr-defined]
    return Mutant(path, line, _scope(node, parents), before, after, source, _lines(node, parents))


def _lines(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> tuple[int, int]:
    statement = node
    while not isinstance(statement, ast.stmt):
        statement = parents[statement]
    last = node.end_lineno if hasattr(statement, "body") else statement.end_lineno  # type: ignore[attr-defined]
    return statement.lineno, last or statement.lineno


class _Replaced:
    """A child of a node replaced, and put back."""

    def __init__(self, parent: ast.AST, old: ast.AST, new: ast.AST) -> None:
        for name, value in ast.iter_fields(parent):
            if value is old:
                self.put, self.back = (parent, name, new), (parent, name, old)
                return
            if isinstance(value, list) and any(item is old for item in value):
                changed = [new if item is old else item for item in value]
                self.put, self.back = (parent, name, changed), (parent, name, value)
                return
        raise LookupError("the node is no child of its parent")

    def __enter__(self) -> None:
        setattr(*self.put)

    def __exit__(self, *_: object) -> None:
        setattr(*self.back)


def _head(node: ast.AST) -> str:
    """Return a node as code; of a compound statement its first line."""
    text = ast.unparse(node)
    compound = isinstance(node, ast.If | ast.While | ast.For | ast.With | ast.Try | ast.FunctionDef | ast.ClassDef)
    return next(line for line in text.splitlines() if not line.startswith("@")) if compound else text


def _scope(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> str:
    names = []
    while node in parents:
        node = parents[node]
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.append(node.name)
    return ".".join(reversed(names))


def _ignored(tree: ast.Module) -> set[ast.AST]:
    """Return the nodes that carry no rule: docstrings, annotations, decorators, imports, messages."""
    roots: list[ast.AST | None] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            roots.append(node)
        elif isinstance(node, ast.AnnAssign | ast.arg):
            roots.append(node.annotation)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            roots += node.decorator_list
            roots += [node.returns] if isinstance(node, ast.FunctionDef) else node.bases
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "__all__":
            roots.append(node)
        elif isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            roots += [value for key, value in pairs if isinstance(key, ast.Constant) and key.value in MESSAGES]
        elif isinstance(node, ast.JoinedStr):
            roots += [part for part in node.values if isinstance(part, ast.Constant)]
            roots += [part.format_spec for part in node.values if isinstance(part, ast.FormattedValue)]
        elif isinstance(node, ast.Call) and _called(node) in SILENT:
            roots += [argument for argument in node.args if isinstance(argument, ast.Constant | ast.JoinedStr)]
        elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "Literal":
            roots.append(node)
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            roots += [argument for argument in node.exc.args if isinstance(argument, ast.Constant | ast.JoinedStr)]
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            roots.append(node)
    return {child for root in roots if root is not None for child in ast.walk(root)}


def _called(node: ast.Call) -> str:
    function = node.func
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _replacements(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        yield from _comparisons(node)
    elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in OPERATORS:
        yield _with(node, op=OPERATORS[type(node.op)]())
    elif isinstance(node, ast.BoolOp):
        yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
        for at in range(len(node.values)):
            rest = [*node.values[:at], *node.values[at + 1 :]]
            yield rest[0] if len(rest) == 1 else _with(node, values=rest)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub | ast.Invert):
        yield node.operand
    elif isinstance(node, ast.Constant):
        yield from _constants(node, parents[node])
    elif isinstance(node, ast.Name | ast.Attribute):
        yield from _names(node)
    elif isinstance(node, ast.Return) and node.value is not None and not _is(node.value, None):
        yield _with(node, value=ast.Constant(None))
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield ast.copy_location(ast.Pass(), node)
    elif isinstance(node, ast.Break | ast.Continue):
        yield ast.copy_location(ast.Continue() if isinstance(node, ast.Break) else ast.Break(), node)
    if _is_condition(node, parents):
        yield from (ast.copy_location(ast.Constant(value), node) for value in _outcomes(node, parents[node]))


def _comparisons(node: ast.Compare) -> Iterator[ast.AST]:
    for at, op in enumerate(node.ops):
        for other in COMPARISONS[type(op)]:
            yield _with(node, ops=[*node.ops[:at], other(), *node.ops[at + 1 :]])


def _is_condition(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    parent = parents[node]
    if isinstance(parent, ast.If | ast.IfExp | ast.While) and parent.test is node:
        return not isinstance(node, ast.Constant)
    return isinstance(parent, ast.comprehension) and node in parent.ifs


def _outcomes(node: ast.AST, parent: ast.AST) -> tuple[bool, ...]:
    # A loop whose condition always holds never ends: that it is noticed says nothing.
    return (False,) if isinstance(parent, ast.While) else (True, False)


def _constants(node: ast.Constant, parent: ast.AST) -> Iterator[ast.AST]:
    value = node.value
    if isinstance(value, bool):
        yield _with(node, value=not value)
    elif isinstance(value, int | float):
        yield _with(node, value=value + 1)
    elif isinstance(value, str) and value:
        pragma = _PRAGMA.match(value)
        yield _with(node, value=pragma[1] + "OFF" if pragma else f"mutated {value}" if _is_token(value) else "")
    elif isinstance(value, bytes) and value:
        yield _with(node, value=b"")


def _is_token(value: str) -> bool:
    return re.search(r"\s", value) is None


def _names(node: ast.Name | ast.Attribute) -> Iterator[ast.AST]:
    if not isinstance(node.ctx, ast.Load):
        return
    if isinstance(node, ast.Name) and node.id in NAMES:
        yield _with(node, id=NAMES[node.id])
    if isinstance(node, ast.Attribute) and node.attr in NAMES:
        yield _with(node, attr=NAMES[node.attr])


def _with(node: ast.AST, **fields: object) -> ast.AST:
    """Return a copy of a node with some fields changed."""
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _is(node: ast.AST, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value
