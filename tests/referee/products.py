"""Matrix products by PyTorch's own formulas, sorted by what the operands are and by which module multiplies."""

from __future__ import annotations

from collections import Counter
from typing import Any, Self

import torch
from torch.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry, register_flop_formula

ATEN = torch.ops.aten
CONVOLUTIONS = {ATEN.convolution, ATEN._convolution}
KINDS = {
    "attention": "two activations inside attention",
    "convolution": "convolutions; in decode, some short ones run as elementwise products, which are not counted",
    "experts": "the experts that a token was sent to",
    "indexer": "two activations inside the indexer that selects keys",
    "indexer sum": "an indexer's scores, weighted and summed over its heads: one row times a matrix for each query",
    "latent": "kv_b_proj, which rebuilds keys and values of every token in the cache, those of former steps too",
    "linear": "activations and stored weights",
    "pooling": "averages of patches, made as a product with where the patches lie",
    "scan": "two activations inside a recurrence that runs in blocks, padded to whole blocks: more than the recurrence "
    "itself takes; in decode most of it is elementwise products, which are not counted",
    "source": "keys and values of cross attention, which Transformers projects from the source in the prefill",
    "streams": "residual streams and the weights that mix them, computed from these streams",
}
# Kinds of a product with a stored weight, by the end of the module's name; all others are linear.
WEIGHT_KINDS = {
    (".kv_b_proj",): "latent",
    (".EncDecAttention.k", ".EncDecAttention.v", ".encoder_attn.k_proj", ".encoder_attn.v_proj"): "source",
}
# Kinds of a product of two activations, by a word in the class of the innermost module.
ACTIVATION_KINDS = {
    "DeepseekV4DecoderLayer": "streams",
    "Indexer": "indexer",
    "DeltaNet": "scan",
    "DeltaAttention": "scan",
    "Lightning": "scan",
    "Mamba": "scan",
    "Attention": "attention",
    "Pooler": "pooling",
}


@register_flop_formula(ATEN._grouped_mm)
def grouped_mm_flop(rows: torch.Size, experts: torch.Size, *_: Any, **__: Any) -> int:
    """FLOP of rows (row, in) times the expert of each, one of (expert, in, out)."""
    return 2 * rows[0] * rows[1] * experts[-1]


class Products(TorchDispatchMode):
    """Matmul FLOP of what runs inside, by module and kind.

    Parameters
    ----------
    model : torch.nn.Module
        The model; a product with one of its parameters or buffers is `linear`.
    """

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.flops: Counter[tuple[str, str]] = Counter()
        self._names = {module: name for name, module in model.named_modules()}
        self._stored = {self._storage(t): t for t in (*model.parameters(), *model.buffers())}
        self._inside: list[torch.nn.Module] = [model]

    def __enter__(self) -> Self:
        self._hooks = [
            register_module_forward_pre_hook(lambda module, _: self._inside.append(module)),
            register_module_forward_hook(lambda *_: self._inside.pop() and None, always_call=True),
        ]
        return super().__enter__()

    def __exit__(self, *problem: object) -> None:
        super().__exit__(*problem)
        for hook in self._hooks:
            hook.remove()

    def __torch_dispatch__(self, function: Any, _: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = function(*args, **(kwargs or {}))
        tensors = [a for a in args if isinstance(a, torch.Tensor)]
        if isinstance(result, torch.Tensor) and tensors and all(map(self._is_stored, tensors)):
            self._stored[self._storage(result)] = result
        if formula := flop_registry.get(function._overloadpacket):
            kind = self._kind(function._overloadpacket, tensors[-2:])
            self.flops[self._names[self._inside[-1]], kind] += formula(*args, **(kwargs or {}), out_val=result)
        return result

    def _is_stored(self, tensor: torch.Tensor) -> bool:
        return self._storage(tensor) in self._stored

    @staticmethod
    def _storage(tensor: torch.Tensor) -> int:
        return tensor.untyped_storage()._cdata

    def _kind(self, product: Any, factors: list[torch.Tensor]) -> str:
        if product is ATEN._grouped_mm:
            return "experts"
        if product in CONVOLUTIONS:
            return "convolution"
        module = self._inside[-1]
        if any(map(self._is_stored, factors)):
            name = self._names[module]
            return next((kind for ends, kind in WEIGHT_KINDS.items() if name.endswith(ends)), "linear")
        of = type(module).__name__
        if kind := next((kind for word, kind in ACTIVATION_KINDS.items() if word in of), None):
            sums = hasattr(module, "weights_proj") and factors[0].shape[-2] == 1
            return "indexer sum" if sums and kind == "indexer" else kind
        raise ValueError(f"{of} multiplies activations; say in ACTIVATION_KINDS what for.")
