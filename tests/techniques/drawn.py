"""Techniques with parameters, drawn at random: at their ends, between them, and as they are by default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from llm_roofline import techniques
from llm_roofline.techniques import parameters

if TYPE_CHECKING:
    from llm_roofline.techniques import Parameter, Technique

FAR, MANY = 10.0, 64  # where a parameter has no end, or a far one


def _values(parameter: Parameter) -> st.SearchStrategy:
    if parameter.choices:
        return st.sampled_from(parameter.choices)
    if parameter.whole:
        return st.integers(int(parameter.low), int(min(parameter.high, max(MANY, parameter.low))))
    return st.floats(parameter.low, min(parameter.high, max(FAR, parameter.low)))


def _changed(technique: Technique) -> st.SearchStrategy[Technique]:
    optional = {name: _values(parameter) for name, parameter in parameters(technique).items()}
    return st.fixed_dictionaries({}, optional=optional).map(lambda changes: technique.with_(**changes))


def several(most: int) -> st.SearchStrategy[list[Technique]]:
    """Up to so many techniques, each once."""
    names = st.lists(st.sampled_from(techniques.names()), max_size=most, unique=True)
    return names.flatmap(lambda chosen: st.tuples(*(_changed(techniques[name]) for name in chosen)))
