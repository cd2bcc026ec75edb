"""Modules of the page: their imports are put before them, once, and what cannot be found is said."""

import re
from pathlib import Path

import anywidget
import pytest

import llm_viewer_widgets
from llm_viewer_widgets import LLMViewer
from llm_viewer_widgets.browser.modules import module
from llm_viewer_widgets.kernel.lifecycle import tree

SOURCES = sorted(Path(llm_viewer_widgets.__file__).parent.rglob("*.js"))


@pytest.fixture
def write(tmp_path):
    """Write a module into a room, and return its path."""

    def written(path, text):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
        return tmp_path / path

    return written


def test_what_is_imported_stands_before_once_without_export(write):
    write("browser/a.js", "export function a() {}\nexport const b = 1;\n")
    write("browser/c.js", 'import { a } from "./a.js";\nexport class C {}\nexport async function d() { a(); }\n')
    imports = 'import {\n  a,\n  b,\n} from "../browser/a.js";\nimport { C } from "../browser/c.js";\n'
    main = f"{imports}export default {{ a, b, C }};\n"
    assert module(write("room/main.js", main)) == (
        "function a() {}\nconst b = 1;\n\nclass C {}\nasync function d() { a(); }\n\nexport default { a, b, C };\n"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('import { a } from "./none.js";\n', r"main\.js imports \./none\.js, which does not exist\."),
        ('import { z } from "./a.js";\n', r"main\.js imports 'z'; a\.js exports a\."),
        ('import { a as b } from "./a.js";\n', r"main\.js imports 'a as b'; a\.js exports a\."),
        ('import * as a from "./a.js";\n', r"'import \* as a from \"\./a\.js\";' is no import of names"),
        ('import { a } from "d3";\n', r"main\.js: 'import \{ a \} from \"d3\";' is no import of names"),
        ("const a = 1;\nexport { a };\n", r"main\.js: 'export \{ a \};' is no"),
    ],
)
def test_an_import_that_cannot_be_resolved_is_told(write, text, told):
    write("a.js", "export const a = 1;\n")
    with pytest.raises(ImportError, match=told):
        module(write("main.js", text))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_module_is_one_text_in_which_no_name_is_made_twice(path):
    text = module(path)
    assert not re.search("^import", text, re.MULTILINE)
    names = re.findall(r"^(?:async function|function|class|const|let) ([\w$]+)", text, re.MULTILINE)
    assert len(names) == len(set(names))


def test_every_widget_has_one_of_them():
    texts = {module(path) for path in SOURCES}
    widgets = [widget for widget in tree(LLMViewer()) if isinstance(widget, anywidget.AnyWidget)]
    assert len(widgets) == 11
    assert all(str(widget._esm) in texts for widget in widgets)
