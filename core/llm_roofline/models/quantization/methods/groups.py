"""compressed-tensors and NVIDIA's ModelOpt, whose groups describe weights and activations by bits and type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from ....basics import shown
from ....formats import WIDE, Sparsity
from ..names import integer
from ..patterns import alternatives
from ..statement import Described, Rule, Statement
from .exceptions import exceptions
from .tensor_format import cache_format, tensor_format

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..section import Section

ALGORITHMS: Mapping[str, Described | None] = {
    "NVFP4": Described("nvfp4", "nvfp4"),
    "NVFP4_AWQ": Described("nvfp4", "nvfp4"),
    "NVFP4_SVDQUANT": None,
    "W4A16_NVFP4": Described("nvfp4"),
    "W4A8_NVFP4_FP8": Described("nvfp4", "fp8"),
    "MXFP4": Described("mxfp4", "mxfp4"),
    "W4A8_MXFP4_FP8": Described("mxfp4", "fp8"),
    "MXFP8": Described("mxfp8", "mxfp8"),
    "FP8": Described("fp8", "fp8"),
    "FP8_PER_CHANNEL_PER_TOKEN": Described("fp8", "fp8"),
    "FP8_PB_WO": Described("fp8-block"),
    "FP8_PB_REAL": Described("fp8-block", "fp8"),
    "W8A16": Described("int8"),
    "INT8_SQ": Described("int8", "int8"),
    "W8A8_SQ_PER_CHANNEL": Described("int8", "int8"),
    "W4A16_AWQ": Described("int4-g128"),
    "W4A16": Described("int4-g128"),
    "W4A8_AWQ": Described("int4-g128", "fp8"),
}
"""Algorithms of ModelOpt; the group of integers is stated beside them."""
_UNQUANTISED = ("NONE", "NO_QUANT", "")
_HALVES = Sparsity(0.5, 1.0, is_structured=True)
_SPARSE: Mapping[str, Sparsity | None] = {"sparse-24-bitmask": _HALVES, "sparse-bitmask": None}
"""Formats of sparse storage: values, and a bit for each weight; None where the share is stated."""
_CLASS = re.compile(r"[A-Z]\w*")
_TRANSFORMS = "Its transforms, such as Hadamard rotations of activations, are not counted."


def modelopt(given: Section) -> Statement:
    """ModelOpt: one algorithm for all, a list of modules with theirs, or groups as compressed-tensors has them."""
    whole = given.part("quantization") or given
    cache = cache_format(given) or cache_format(whole)
    left = exceptions(whole)
    whole.get("quant_algo")
    layers = by_layer(whole)
    whole.get("group_size", "has_zero_point", "pre_quant_scale", "smoothquant_val", "clamp_val", "quant_method")
    if layers:
        return Statement(None, (left, *layers), cache, of_towers=True)
    if "config_groups" in whole:
        return _grouped(whole, left)._replace(kv_cache=cache)
    return Statement(_algorithm(whole), (left,), cache, of_towers=True)


def by_layer(given: Section) -> tuple[Rule, ...]:
    """Rules of the modules whose algorithms are listed; groups beside the list say them again, activations less surely.

    Parameters
    ----------
    given : Section
        The statement.
    """
    layers = given.parts("quantized_layers")
    if layers:
        given.get("config_groups")
    return tuple(
        Rule(tuple(alternatives([name])), _algorithm(part), "quantized_layers") for name, part in layers.items()
    )


def _algorithm(given: Section) -> Described | None:
    name, group = given.get("quant_algo"), given.get("group_size")
    given.get("has_zero_point", "pre_quant_scale", "awq_block_size")
    if name is None or name in _UNQUANTISED:
        return None
    found = ALGORITHMS.get(name) if isinstance(name, str) else None
    if found is None:
        raise ValueError(
            f"the algorithm {shown(name)}; understood are {', '.join(k for k, v in ALGORITHMS.items() if v)}"
        )
    if found.weights == "int4-g128" and group:
        return found._replace(weights=integer(4, group))
    return found


def compressed_tensors(given: Section) -> Statement:
    """compressed-tensors: what it leaves alone is named module by module, and beside some what they lie in."""
    left = exceptions(given)
    around = _around(text for _, text in left.names)
    return _grouped(given, left._replace(names=tuple(name for name in left.names if name[1] not in around)))


def _around(texts: Iterable[str]) -> set[str]:
    """Names that names lie in."""
    return {outer for text in texts for outer in accumulate(text.split(".")[:-1], "{}.{}".format)}


def _grouped(given: Section, left: Rule) -> Statement:
    """Each group says which modules it is for; a class such as Linear stands for all others."""
    rules = [left]
    default = None
    form = given.get("format")
    for part in given.parts("config_groups").values():
        described = _of_group(part, part.get("format", default=form))
        targets = part.texts("targets") or ["Linear"]
        named = [target for target in targets if not _CLASS.fullmatch(target)]
        if len(named) < len(targets):
            if default not in (None, described):
                raise ValueError("several groups for all linear layers, where one is understood")
            default = described
        rules.append(Rule(tuple(alternatives(named)), described, "targets"))
    notes = (_TRANSFORMS,) if given.get("transform_config") else ()
    given.get("quant_algo", "compression_ratio")
    statement = Statement(default, tuple(rules), cache_format(given), of_towers=True, notes=notes)
    sparse = given.part("sparsity_config")
    return _sparse(statement, sparse) if sparse else statement


def _of_group(part: Section, form: Any) -> Described | None:  # noqa: ANN401 - JSON
    weights, activations = part.part("weights"), part.part("input_activations")
    if weights is None:
        return None
    beside = tensor_format(activations, is_activation=True) if activations else WIDE
    described = Described(tensor_format(weights), beside)
    if form == "dense":
        return described._replace(weights=WIDE)
    return described._replace(sparsity=_HALVES) if form == "marlin-24" else described


def _sparse(statement: Statement, given: Section) -> Statement:
    """The statement with what its sparse storage leaves out of the modules that it quantises."""
    form, share = given.get("format", default="dense"), given.get("global_sparsity", default=0.5)
    named = [target for target in given.texts("targets") if not _CLASS.fullmatch(target)]
    left = {text for rule in statement.rules if rule.described is None for _, text in rule.names}
    if form == "dense":
        return statement
    if form not in _SPARSE:
        raise ValueError(f"a sparsity of the format {shown(form)}; understood are {', '.join(_SPARSE)}, dense")
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share < 1:
        raise ValueError(f"a global_sparsity of {shown(share)}, where 0 to 1 is understood")
    ignored = given.texts("ignore")
    if named or not left.issuperset(set(ignored) - _around(ignored)):
        raise ValueError("a sparsity of other modules than are quantised")
    sparsity = _SPARSE[form] or Sparsity(1 - share, 1.0)
    return statement._replace(
        default=_thinned(statement.default, sparsity),
        rules=tuple(
            rule._replace(described=rule.described and _thinned(rule.described, sparsity)) for rule in statement.rules
        ),
    )


def _thinned(described: Described | None, sparsity: Sparsity) -> Described:
    return (described or Described(WIDE))._replace(sparsity=sparsity)
