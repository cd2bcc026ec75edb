"""The tests. A package, so that `tests.browser.lab` is this one and no other distribution's `tests`."""
