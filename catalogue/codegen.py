"""Templates compiled to plainer Python than Jinja2 makes. A leaf.

At run time Jinja2 asks of each dot whether it means an attribute or an item, of each call whether it wants the context,
of each import whether its globals differ. This site's templates answer once and for all: a dot is an attribute, nothing
takes the context, there is one set of globals. To ask took a third of the time of a movie page.
"""

import re
from io import StringIO
from typing import Any

from django.utils.safestring import SafeString
from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

_SAFE = frozenset({Markup, SafeString})
_has_markup = re.compile("[&<>'\"]").search


def printed(value: Any) -> str:
    """A value as HTML: escaped, unless it is marked as safe.

    >>> [str(printed(value)) for value in ("Q & A", escape("Q & A"), 7)]
    ['Q &amp; A', 'Q &amp; A', '7']
    """
    kind = type(value)
    if kind in _SAFE or (kind is str and not _has_markup(value)):
        text: str = value
        return text
    return str(value) if kind is int else escape(value)


class PlainCodeGenerator(CodeGenerator):
    """What Jinja2's own writes, without what need not be asked."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write("environment.printed(")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 -- Jinja2's name
        if isinstance(node.node, nodes.Name) and node.node.name == "self":  # a block of the template
            return super().visit_Getattr(node, frame)
        self.visit(node.node, frame)
        return self.write(f".{node.attr}")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        self.visit(node.node, frame)
        stream, self.stream = self.stream, StringIO()
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        arguments, self.stream = self.stream.getvalue(), stream
        self.write(f"({arguments.removeprefix(', ')})")

    def _import_common(self, node: nodes.Import | nodes.FromImport, frame: Frame) -> None:
        self.write("environment.get_template(")
        self.visit(node.template, frame)
        self.write(f", {self.name!r}).module")


class PlainEnvironment(Environment):
    """Renders what it prints, and nothing else, differently from its base: faster. Everything is escaped."""

    code_generator_class: type[CodeGenerator] = PlainCodeGenerator
    printed = staticmethod(printed)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # Filters ask each time whether the environment is asynchronous.
        self.filters.update(
            {name: made.__wrapped__ for name, made in self.filters.items() if hasattr(made, "jinja_async_variant")}
        )
