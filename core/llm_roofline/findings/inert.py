"""Text of a stranger inside Markdown: no renderer finds HTML, an image or a script in it, and it reads back unchanged.

What would begin such a thing is broken up by a word joiner (U+2060), which nobody sees. That needs no parser, so that
it does not matter in what renderers differ: JupyterLab sanitises what it renders, nbconvert does not.
"""

from __future__ import annotations

import re

JOINER = "\N{WORD JOINER}"
_HARMLESS = r"(?:https?://|mailto:|\#)[^\s<>\"'`\\]*\)"
_COMMANDS = "href|url|html|data|style|class|cssId|require|def|newcommand|renewcommand|let|unicode"  # of MathJax
_NESTS = r">[ \t]{0,3}|(?:[-+*]|\d{1,9}[.)])[ \t]{1,3}"
_STARTS = (
    (r"<", r"(?=[A-Za-z/!?])"),  # a tag, a comment, an autolink
    (r"!", r"(?=\[)"),  # an image
    (r"\]", rf"(?=\((?!{_HARMLESS}))"),  # a link that leads anywhere but to a page
    (r"\]", r"(?=[:\[])"),  # a definition of a link, and its use
    (r"\\", rf"(?=(?:{_COMMANDS})(?![A-Za-z]))"),
    (r"`{10}", r"(?=`)"),  # a run over which a renderer takes minutes
    (rf"(?:{_NESTS}){{10}}", rf"(?={_NESTS})"),  # quotes in quotes in quotes, until a renderer's stack is full
)
_BREAK = [re.compile(f"({start})({JOINER}*){ahead}") for start, ahead in _STARTS]
_JOIN = [
    re.compile(f"({start}){JOINER}({JOINER}*)" + ahead.replace(rf"(?!{_HARMLESS})", "")) for start, ahead in _STARTS
]
_KEPT = re.compile(rf"(\]{JOINER}+)(?=\({_HARMLESS})")
_PUNCTUATION = re.compile(r"([\\`*_{}\[\]<>#|$~!&])")
_STEERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")  # of the direction, and unseen


def inert(text: str) -> str:
    """A note with everything broken up that a renderer could act on.

    Parameters
    ----------
    text : str
        Markdown.
    """
    text = _KEPT.sub(rf"\1{JOINER}", text)  # had a joiner of its own where none is put: one more to be taken away
    for pattern in _BREAK:
        text = pattern.sub(rf"\1{JOINER}\2", text)
    return text


def active(text: str) -> str:
    """The note that :func:`inert` was given.

    Parameters
    ----------
    text : str
        What it made.
    """
    for pattern in reversed(_JOIN):
        text = pattern.sub(r"\1\2", text)
    return text


def plain(text: str) -> str:
    """A name for a line of Markdown, where it stands for itself: no markup, no change of direction.

    Parameters
    ----------
    text : str
        Any text.
    """
    return _PUNCTUATION.sub(r"\\\1", plain_name(text))


def plain_name(text: str) -> str:
    """A name on one line, without characters that nobody sees or that change the direction of others.

    Parameters
    ----------
    text : str
        Any text.
    """
    return " ".join(_STEERING.sub("", text).split())
