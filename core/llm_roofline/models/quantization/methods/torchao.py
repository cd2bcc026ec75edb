"""torchao: a name with parameters, or objects that say their type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ....basics import shown
from ..names import integer
from ..patterns import alternatives
from ..statement import Described, Rule, Statement
from .exceptions import exceptions

if TYPE_CHECKING:
    from ..section import Section

_NAMES = {
    "int4_weight_only": "Int4WeightOnlyConfig",
    "int8_weight_only": "Int8WeightOnlyConfig",
    "int8_dynamic_activation_int8_weight": "Int8DynamicActivationInt8WeightConfig",
    "float8_weight_only": "Float8WeightOnlyConfig",
    "float8_dynamic_activation_float8_weight": "Float8DynamicActivationFloat8WeightConfig",
}
_TYPES = {
    "Int8WeightOnlyConfig": Described("int8"),
    "Int8DynamicActivationInt8WeightConfig": Described("int8", "int8"),
    "Float8WeightOnlyConfig": Described("fp8"),
    "Float8DynamicActivationFloat8WeightConfig": Described("fp8", "fp8"),
}
_KERNELS = (
    "activation_dtype",
    "activation_value_lb",
    "activation_value_ub",
    "granularity",
    "int4_choose_qparams_algorithm",
    "int4_packing_format",
    "kernel_preference",
    "layout",
    "mm_config",
    "preserve_zero",
    "set_inductor_config",
    "use_hqq",
    "version",
    "weight_dtype",
    "zero_point_domain",
)
"""Parameters that say how its kernels compute."""
_BY_NAME = ("ModuleFqnToConfig", "FqnToConfig")


def torchao(given: Section) -> Statement:
    """Torchao (its ``quant_type``)."""
    stated = given.get("quant_type")
    left = exceptions(given)
    default: Described | None
    if isinstance(stated, str):
        parameters = given.part("quant_type_kwargs")
        default = _named(_NAMES.get(stated, stated), parameters.get("group_size") if parameters else None)
        if parameters:
            parameters.get("layout", "inner_k_tiles", "use_hqq", "zero_point_domain", "kernel_preference")
        rules: list[Rule] = []
    else:
        whole = given.part("quant_type")
        if whole is None:
            raise KeyError("quant_type")
        default, rules = _of_object(whole.part("default") or whole)
    both = default if given.get("include_input_output_embeddings") else None
    given.get("untie_embedding_weights")
    return Statement(default, (left, *rules), head=both, embedding=both, of_towers=True)


def _of_object(given: Section) -> tuple[Described | None, list[Rule]]:
    kind, data = given.get("_type"), given.part("_data")
    given.get("_version")
    if kind not in _BY_NAME:
        return _named(kind, data.get("group_size") if data else None, data), []
    by_name = {} if data is None else data.parts("module_fqn_to_config", "fqn_to_config")
    found = {name: _of_object(part)[0] for name, part in by_name.items()}
    rules = [
        Rule(tuple(alternatives([name])), described, "module_fqn_to_config")
        for name, described in found.items()
        if name != "_default"
    ]
    return found.get("_default"), rules


def _named(kind: Any, group: Any, data: Section | None = None) -> Described:  # noqa: ANN401 - JSON
    if data:
        data.get(*_KERNELS)
    if kind == "Int4WeightOnlyConfig":  # a scale and a zero point of 16 bit a group
        return Described(integer(4, group or 128, "b"))
    if not isinstance(kind, str) or kind not in _TYPES:
        raise ValueError(f"the type {shown(kind)}; understood are {', '.join((*_NAMES, *_BY_NAME))}")
    return _TYPES[kind]
