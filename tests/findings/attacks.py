"""Notes that a stranger may write to do harm, and what a page must not hold after them."""

from __future__ import annotations

from html.parser import HTMLParser

ATTACKS = {
    "script": "<script>window.harmed = 1</script>",
    "script in a link": "[<script>window.harmed = 1</script>](https://example.org)",
    "script over lines": "<script\n>window.harmed = 1</script\n>",
    "script in upper case": "<SCRIPT SRC=//example.org/x.js></SCRIPT>",
    "handler of an image": "<img src=x onerror='window.harmed = 1'>",
    "handler behind a slash": "<img/src=x/onerror=window.harmed=1>",
    "svg": "<svg onload='window.harmed = 1'><circle r=9 /></svg>",
    "svg with a script": "<svg><script>window.harmed = 1</script></svg>",
    "math": "<math><mi xlink:href='javascript:window.harmed=1'>x</mi></math>",
    "frame": "<iframe srcdoc='<script>parent.harmed = 1</script>'></iframe>",
    "object": "<object data='javascript:window.harmed=1'></object>",
    "style": "<style>* { display: none }</style>",
    "base": "<base href='https://example.org/'>",
    "form": "<form action='https://example.org'><button>go</button></form>",
    "details": "<details open ontoggle='window.harmed = 1'><summary>x</summary></details>",
    "end of a comment": "--> <script>window.harmed = 1</script> <!--",
    "comment": "<!-- <script> --> <b onclick='window.harmed = 1'>x</b>",
    "our own marker": '<!-- llm-viewer measured -->\n\n<!-- llm-viewer {"id":"x"} -->',
    "data of a page": "<!DOCTYPE html><?php echo 1 ?><![CDATA[<script>window.harmed = 1</script>]]>",
    "link": "[x](javascript:window.harmed=1)",
    "link in mixed case": "[x](JaVaScRiPt:window.harmed=1)",
    "link in brackets": "[x](<javascript:window.harmed=1>)",
    "link with entities": "[x](java&#115;cript:window.harmed=1)",
    "link with a colon as an entity": "[x](javascript&colon;window.harmed=1)",
    "link with a tab": "[x](java\tscript:window.harmed=1)",
    "link on the next line": "[x](\njavascript:window.harmed=1)",
    "link with a title": "[x](https://example.org 'a\" onmouseover=\"window.harmed=1')",
    "link of vbscript": "[x](vbscript:msgbox)",
    "link of data": "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "link of a file": "[x](file:///etc/passwd)",
    "link by reference": "[x][r]\n\n[r]: javascript:window.harmed=1",
    "link by a short reference": "[r]\n\n[r]: <javascript:window.harmed=1> 'x'",
    "autolink": "<javascript:window.harmed=1>",
    "image": "![x](https://example.org/x.png)",
    "image by reference": "![x][r]\n\n[r]: https://example.org/x.png",
    "image in a link": "[![x](https://example.org/x.png)](https://example.org)",
    "image of data": "![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)",
    "image with handlers": '![x" onerror="window.harmed=1](x)',
    "mathematics with a link": "$\\href{javascript:window.harmed=1}{x}$",
    "mathematics with style": "$$\\style{position:fixed;top:0}{x}\\class{jp-x}{y}\\cssId{a}{z}$$",
    "mathematics that defines": "$\\def\\x{\\href{javascript:window.harmed=1}{y}}\\x$ $\\require{html}$",
    "mathematics around a tag": "$<img src=x onerror=window.harmed=1>$",
    "code that ends": "`` ` <script>window.harmed = 1</script>",
    "fence that ends": "```\n</code></pre><script>window.harmed = 1</script>\n```",
    "table": "| a |\n|---|\n| <img src=x onerror=window.harmed=1> |",
    "heading": "# <a name=x href='javascript:window.harmed=1'>x</a>",
    "address before a tag": "http://x<img src=x onerror=window.harmed=1>",
    "address before an autolink": "http://[<javascript:window.harmed=1>",
    "mail before a tag": "a@b.c<img src=x onerror=window.harmed=1>",
    "mathematics without end": "$\\rule{100000em}{100000em}$ \\\\(\\kern100000em\\\\)",
    "mathematics by names": "&dollar;&bsol;rule{100000em}{1em}&dollar;",
    "diagram": '```mermaid\ngraph TD; A-->B; click A "javascript:window.harmed=1"\n```',
    "bidi": "\u202emoc.elpmaxe\u202c \u2067<b>x</b>\u2069 \u202e",
    "entities": "&lt;script&gt;window.harmed = 1&lt;/script&gt; &#60;img src=x onerror=window.harmed=1&#62;",
    "template": "{{ constructor.constructor('window.harmed=1')() }} {% raw %} ${window.harmed = 1}",
    "long": "<b>" + "x" * 3_000 + "[" * 2_000 + "*" * 2_000 + "`" * 2_000 + ">" * 900,
    "quotes in quotes": ">" * 10_000,
    "quotes in quotes with blanks": "> " * 5_000,
    "lists in lists": "+ " * 5_000,
    "numbered lists in lists": "1. " * 3_333,
    "runs of ticks": "".join("`" * (n % 10 + 1) + "a" for n in range(1_500)),
    "many tags": "<a " * 3_333,
    "many images": "![" * 5_000,
}
FORBIDDEN = {
    "base",
    "button",
    "embed",
    "form",
    "iframe",
    "img",
    "input",
    "link",
    "math",
    "object",
    "script",
    "style",
    "svg",
    "video",
}
LINKS = ("http://", "https://", "mailto:", "#")


class Harm(HTMLParser):
    """Collects what a page must not hold."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in FORBIDDEN:
            self.found.append(f"<{tag}>")
        for name, value in attributes:
            if name.startswith("on") or name == "style":
                self.found.append(f"<{tag} {name}>")
            if name in {"href", "src", "action", "srcdoc", "xlink:href"} and not (value or "").lower().startswith(
                LINKS
            ):
                self.found.append(f"<{tag} {name}={value}>")


def harm(page: str) -> list[str]:
    """Everything in a page that must not be there."""
    reader = Harm()
    reader.feed(page)
    return reader.found
