"""Every example in a docstring runs and prints what it says."""

import doctest
import importlib
import pkgutil

import llm_roofline
import llm_viewer_widgets
from tests.over import over

MODULES = [
    module.name
    for package in (llm_roofline, llm_viewer_widgets)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
]


@over("name", [llm_roofline.__name__, llm_viewer_widgets.__name__, *MODULES])
def test_the_examples_of_a_module_run(name):
    report = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    for docstring in doctest.DocTestFinder().find(importlib.import_module(name)):
        if docstring.examples:  # each run looks at every file that was ever imported
            runner.run(docstring, out=report.append)
    assert runner.failures == 0, "".join(report)
