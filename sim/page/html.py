"""The report as one file: everything in it, nothing asked of the network, every word of a user's escaped."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from sim.page.content import Page
from sim.page.words import told

if TYPE_CHECKING:
    from jinja2 import Environment


SCRIPTS = ("switches.js", "sliders.js")
"""What may run on the page: nothing else does."""


def as_html(page: Page) -> str:
    """The page as HTML, in UTF-8 when it is written."""
    style, scripts = template("style.css") + _numbered(page), {name: template(name) for name in SCRIPTS}
    allowed = " ".join(map(digest, scripts.values()))
    policy = f"default-src 'none'; style-src {digest(style)}; script-src {allowed}; img-src data:"

    def words(key: str, **values: str) -> str:
        return told(key, page.language, **values)

    return (
        environment().get_template("page.html").render(page=page, style=style, scripts=scripts, policy=policy, t=words)
    )


def _numbered(page: Page) -> str:
    """The style of the foot of a printed page, which says its number in words."""
    words = told("page_number", page.language, page='" counter(page) "', pages='" counter(pages)')
    return f'@page {{ @bottom-right {{ content: "{words}; font-size: 8pt; }} }}\n'


def digest(content: str) -> str:
    """What a policy allows: this very style or script, and no other."""
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


@cache
def environment(room: str = "sim.page") -> Environment:
    """Where a room's templates are found; whatever they show is escaped, and what they name must be there."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    made = Environment(
        loader=PackageLoader(room),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["drawn"] = Markup  # a drawing of ours, whose words are escaped where they are set
    return made


def template(name: str, room: str = "sim.page") -> str:
    """A template of a room as it is written."""
    found = environment(room)
    assert found.loader is not None
    return found.loader.get_source(found, name)[0]
