"""A grammar of what a stranger may write to be more than text: addresses, tags, characters by name, mathematics."""

from __future__ import annotations

from hypothesis import strategies as st

ADDRESSES = [
    "http://x",
    "https://[",
    "HTTP://a.b/",
    "www.x.org",
    "ftp://x",
    "mailto:a@b.c",
    "a@b.co",
    "xmpp:a@b.c",
    "//x",
]
TAGS = [
    "<img src=x onerror=window.harmed=1>",
    "<script>window.harmed=1</script>",
    "<svg/onload=window.harmed=1>",
    "<a href=javascript:window.harmed=1>",
    "<javascript:window.harmed=1>",
    "<http://x>",
    "<a@b.c>",
    "<!-- x",
    "-->",
    "</p>",
    "<?x ?>",
    "<![CDATA[x]]>",
]
LINKS = [
    "[x](javascript:a)",
    "![x](http://x/y.png)",
    "[r]",
    "[r]: javascript:a",
    "[x][r]",
    "[^1]",
    "[^1]: x",
    "*[x]: y",
    "](http://x)",
    "![",
]
ENTITIES = ["&lt;", "&#60;", "&#x3c;", "&dollar;", "&#36;", "&bsol;", "&lsqb;", "&NewLine;", "&#36", "&lt"]
SIZES = [r"\rule{100000em}{100000em}", r"\kern100000em", r"\href{javascript:a}{x}", r"\style{a:b}{c}", r"\unicode{60}"]
MATHEMATICS = [
    *(
        f"{begin}{size}{end}"
        for begin, end in (("$", "$"), ("$$", "$$"), (r"\(", r"\)"), (r"\\(", r"\\)"))
        for size in SIZES
    ),
    r"\begin{equation}\rule{9em}{9em}\end{equation}",
    r"\begin{array}{p{9em}}x\end{array}",
    r"$x\\[100000em]y$",
    r"\eqref{x}",
    r"$\def\a{\rule{9em}{9em}}\a$",
    "$",
    "$$",
]
BLOCKS = [
    "| a | b |\n|---|---|\n|",
    "- ",
    "# ",
    "> ",
    "1. ",
    "```mermaid\n",
    "~~~ merm\\aid\n",
    "```",
    "    ",
    ": ",
    "---",
    "===",
    "\n",
    "\n\n",
]
MARKS = [
    "\\",
    "`",
    "``",
    "*",
    "_",
    "**",
    "~~",
    "~",
    "|",
    "<",
    ">",
    "!",
    "[",
    "]",
    "(",
    ")",
    "&",
    "#",
    ":",
    '"',
    "'",
    " ",
    "\u2060",
    "x",
]

piece = st.one_of(*map(st.sampled_from, (ADDRESSES, TAGS, LINKS, ENTITIES, MATHEMATICS, BLOCKS, MARKS)))
attacks = st.lists(piece, min_size=1, max_size=6).map("".join)
"""Texts of several pieces, such as an address in front of a tag."""
