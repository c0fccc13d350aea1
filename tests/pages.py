"""Reading a page as a reader does: by its elements. Jinja2 pages give tests no context."""

import json
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse

INLINE = {"a", "b", "bdi", "i", "mark", "small", "span", "summary", "svg", "time"}
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "use", "rect", "path", "circle"}


class Element:
    """An element with its attributes, text and children."""

    def __init__(self, name: str, attributes: dict[str, str], parent: "Element | None") -> None:
        self.name, self.attributes, self.parent = name, attributes, parent
        self.children: list[Element | str] = []

    @property
    def text(self) -> str:
        """All text in it as it is read: white space folded, blocks apart, inline elements not."""
        return " ".join(self._raw().split())

    def _raw(self) -> str:
        text = "".join(child if isinstance(child, str) else child._raw() for child in self.children)
        return text if self.name in INLINE else f" {text} "

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def all(self, name: str = "", cls: str = "", /, **attributes: str) -> "list[Element]":
        """Elements below this one, in order, by name, class and attributes."""
        found = []
        for child in self.children:
            if isinstance(child, str):
                continue
            fits = (not name or child.name == name) and (not cls or cls in child.classes)
            if fits and all(child.attributes.get(key.replace("_", "-")) == value for key, value in attributes.items()):
                found.append(child)
            found += child.all(name, cls, **attributes)
        return found

    def one(self, name: str = "", cls: str = "", /, **attributes: str) -> "Element":
        """The only such element."""
        found = self.all(name, cls, **attributes)
        assert len(found) == 1, f"{len(found)} of {name}.{cls} {attributes}"
        return found[0]

    def texts(self, name: str = "", cls: str = "", /, **attributes: str) -> list[str]:
        return [element.text for element in self.all(name, cls, **attributes)]


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.here = Element("", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.here.children.append(Element(tag, {name: value or "" for name, value in attrs}, self.here))

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.here.name, f"</{tag}> closes <{self.here.name} {self.here.attributes}>"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


def read(response: HttpResponse | Any) -> Element:
    """The page of a response. Fails on elements that are not closed in order."""
    parser = _Parser()
    parser.feed(response.content.decode())
    parser.close()
    assert parser.here is parser.root, f"<{parser.here.name}> is never closed"
    return parser.root


def json_ld(page: Element, kind: str) -> dict[str, Any]:
    """The structured data of this @type."""
    found = [json.loads(script.children[0]) for script in page.all("script", type="application/ld+json")]  # type: ignore[arg-type]
    return next(data for data in found if data["@type"] == kind)
