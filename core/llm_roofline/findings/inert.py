"""Text of a stranger inside Markdown: no renderer finds HTML, an image or a script in it, and it reads back unchanged.

What would begin such a thing is broken up by a word joiner (U+2060), which nobody sees. That needs no parser, so that
it does not matter in what renderers differ: JupyterLab sanitises what it renders, nbconvert does not, and in both
MathJax reads the page once more. A note (:func:`inert`) keeps its Markdown; a name (:func:`plain`) and lines
(:func:`verbatim`) have none.
"""

from __future__ import annotations

import re

from .fences import JOINER, is_left_open
from .mathematics import COMMANDS

_HARMLESS = r"(?:https?://|mailto:|\#)[^\s<>\"'`\\]*\)"
_NESTS = r">[ \t]{0,3}|(?:[-+*]|\d{1,9}[.)])[ \t]{1,3}"
_STARTS = (
    (r"<", r"(?=[A-Za-z/!?])"),  # a tag, a comment, an autolink
    (r"!", r"(?=\[)"),  # an image
    (r"\]", rf"(?=\((?!{_HARMLESS}))"),  # a link that leads anywhere but to a page
    (r"\]", r"(?=[:\[])"),  # a definition of a link, and its use
    (r"(?i:ftp|xmpp):", r"(?=[/\w])"),  # an address, which is a link to anywhere but a page
    (r"&", r"(?=\#|[A-Za-z](?!\w*=))"),  # a character by its name; the parameters of an address stay
    (
        r"(?<![`~])(?:`{3,}|~{3,})",
        r"(?=[^\S\n]*(?:(?i:mermaid)|\w{0,8}\\))",
    ),  # a diagram, which is a language of its own
    (r"\\", r"(?=[(\[]|(?:begin|end|eqref|ref)(?![A-Za-z]))"),  # mathematics outside of $, and room between its lines
    (r"`{10}", r"(?=`)"),  # a run over which a renderer takes minutes
    (rf"(?:{_NESTS}){{10}}", rf"(?={_NESTS})"),  # quotes in quotes in quotes, until a renderer's stack is full
)
_IN_MATHEMATICS = (r"\\", rf"(?=(?!(?:{'|'.join(COMMANDS)}|begin|end|eqref|ref)(?![A-Za-z]))[A-Za-z])")
_BREAK = [re.compile(f"({start})({JOINER}*){ahead}") for start, ahead in (*_STARTS, _IN_MATHEMATICS)]
_JOIN = [
    re.compile(f"({start}){JOINER}({JOINER}*)" + ahead.replace(rf"(?!{_HARMLESS})", ""))
    for start, ahead in (*_STARTS, _IN_MATHEMATICS)
]
_OPEN = re.compile(f"(``(?={JOINER}*`)|~~(?={JOINER}*~))({JOINER}*)")
_CLOSE = re.compile(f"(``(?={JOINER}+`)|~~(?={JOINER}+~)){JOINER}")
_KEPT = re.compile(rf"(\]{JOINER}+)(?=\({_HARMLESS})")
# A link without any mark around it; and what an escaped & begins is a character by its name to some.
_UNMARKED = re.compile(r":(?=//)|www(?=\.)|@(?=\w)|&", re.IGNORECASE)
_PUNCTUATION = re.compile(r"([\\`*_{}\[\]<>#|~!]|^[-+=:]|(?<=^\d)[.)]|(?<=^\d\d)[.)])")
_DOLLAR = "\N{FULLWIDTH DOLLAR SIGN}"  # an escaped one stands in the page as itself, where MathJax finds it
_STEERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")  # of the direction, and unseen
_NO_TEXT = re.compile("[\ud800-\udfff\x00-\x08\x0b-\x1f\x7f-\x9f]")


def inert(text: str) -> str:
    """A note with everything broken up that a renderer could act on.

    Parameters
    ----------
    text : str
        Markdown.
    """
    text = _KEPT.sub(rf"\1{JOINER}", text)  # had a joiner of its own where none is put: one more to be taken away
    for pattern in _BREAK if "$" in text else _BREAK[:-1]:
        text = pattern.sub(rf"\1{JOINER}\2", text)
    return _OPEN.sub(rf"\1{JOINER}\2", text) if is_left_open(text) else text


def active(text: str) -> str:
    """The note that :func:`inert` was given.

    Parameters
    ----------
    text : str
        What it made.
    """
    text = _CLOSE.sub(r"\1", text) if is_left_open(text) else text
    for pattern in reversed(_JOIN if "$" in text else _JOIN[:-1]):
        text = pattern.sub(r"\1\2", text)
    return text


def plain(text: str) -> str:
    """A name for a line of Markdown, where it stands for itself: no markup, no address, no change of direction.

    Parameters
    ----------
    text : str
        Any text.
    """
    name = plain_name(text).replace("$", _DOLLAR)
    name = _UNMARKED.sub(lambda found: found[0] + JOINER, _PUNCTUATION.sub(r"\\\1", name))
    return name.replace("\\\\", f"\\\\{JOINER}")


def plain_name(text: str) -> str:
    """A name on one line, without characters that nobody sees or that change the direction of others.

    Parameters
    ----------
    text : str
        Any text.
    """
    return " ".join(_NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", _STEERING.sub("", text)).split())


def verbatim(text: str) -> str:
    """Lines as a block of Markdown that shows them as they are.

    Parameters
    ----------
    text : str
        Lines.
    """
    lines = _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", _STEERING.sub("", text)).split("\n")
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return "\n".join((fence, *lines, fence))
