"""What a matrix product is for: PyTorch's own formulas, sorted by what the operands are and by which module multiplies."""

from __future__ import annotations

from collections import Counter
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry, register_flop_formula
from torch.utils.module_tracker import ModuleTracker

ATEN = torch.ops.aten
CONVOLUTIONS = {ATEN.convolution, ATEN._convolution}
# Kinds of a product of two activations, by a word in the class of the innermost module.
ACTIVATION_KINDS = {
    "DeepseekV4DecoderLayer": "streams",  # its residual streams, mixed by weights that it computed from them
    "Indexer": "indexer",
    "DeltaNet": "scan",
    "DeltaAttention": "scan",
    "Lightning": "scan",
    "Mamba": "scan",
    "Attention": "attention",
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
        root = type(model).__name__
        self._class = {
            f"{root}.{name}" if name else root: type(module).__name__ for name, module in model.named_modules()
        }
        self._stored = {self._storage(t): t for t in (*model.parameters(), *model.buffers())}
        self._tracker = ModuleTracker()

    def __enter__(self) -> Products:
        self._tracker.__enter__()
        return super().__enter__()

    def __exit__(self, *problem: object) -> None:
        super().__exit__(*problem)
        self._tracker.__exit__(*problem)

    def __torch_dispatch__(self, function: Any, _: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = function(*args, **(kwargs or {}))
        tensors = [a for a in args if isinstance(a, torch.Tensor)]
        if isinstance(result, torch.Tensor) and tensors and all(map(self._is_stored, tensors)):
            self._stored[self._storage(result)] = result
        if formula := flop_registry.get(function._overloadpacket):
            module = max(self._tracker.parents - {"Global"}, key=len, default="")
            kind = self._kind(function._overloadpacket, args, module)
            self.flops[module, kind] += formula(*args, **(kwargs or {}), out_val=result)
        return result

    def _is_stored(self, tensor: torch.Tensor) -> bool:
        return self._storage(tensor) in self._stored

    @staticmethod
    def _storage(tensor: torch.Tensor) -> int:
        return tensor.untyped_storage()._cdata

    def _kind(self, product: Any, args: Any, module: str) -> str:
        if product is ATEN._grouped_mm:
            return "experts"
        if product in CONVOLUTIONS:
            return "convolution"
        if any(isinstance(a, torch.Tensor) and self._is_stored(a) for a in args):
            return "latent" if module.endswith(".kv_b_proj") else "linear"
        name = self._class[module]
        if kind := next((kind for word, kind in ACTIVATION_KINDS.items() if word in name), None):
            return kind
        raise ValueError(f"{name} ({module}) multiplies activations; say in ACTIVATION_KINDS what for.")
