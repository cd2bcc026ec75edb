"""A parser that says what is wrong through the same door as everything else."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import NoReturn

from ..basics import RooflineError


class Parser(ArgumentParser):
    """Parser of arguments; what it refuses is a :class:`RooflineError`."""

    def error(self, message: str) -> NoReturn:
        """Refuse what was given."""
        raise RooflineError(f"{message}. See {self.prog} --help.")
