"""Names of models as hubs, paths and quantisers write them: tuned and quantised checkpoints of a model that is known.

A fine-tuned model has the dimensions of its base, and so has a quantised one; what of a name says that layers, experts,
modalities or sizes are others makes it another model, which is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

LONGEST = 400  # characters of a path
_SIZE = re.compile(r"(\d+x)?\d+(\.\d+)?[bm]\d*")
_DATE = re.compile(r"\d{4}")
_NOISE = re.compile(
    r"hf|meta|instruct|inst|chat|it|pt|sft|dpo|rlhf|ft|finetuned?|tuned|lora|qlora|merged|awq|gptq|gguf|ggml|exl2|mlx|onnx|bnb"
    r"|nf4|hqq|qat|fp\d+|bf16|int\d|[2-8]bit|w\d+a\d+|nvfp4|mxfp[468]|quantized|quant|dynamic|g\d+|i?q\d|unsloth"
)
"""Words for tuning, formats and files: none of them changes a layer."""
_OTHER_LAYERS = re.compile(
    r"vl|vision|audio|omni|moe|eagle|medusa|draft|drafter|speculator|pruned|prune|sparse|minitron|depth|width|embedding"
    r"|reranker|reward|tiny|nano|mini|small|medium|large|xl|xxl|random"
)
"""Words for models of other layers, where the name of the base does not have them."""


def model_named_like(spelling: str, names: Iterable[str]) -> str | None:
    """Name of the catalogue's model that a name or path means; None where there is none, or it is not clear which.

    Parameters
    ----------
    spelling : str
        Such as ``"TheBloke/Llama-2-7B-GPTQ"`` or a path that ends with such a name.
    names : iterable of str
        Hub ids of the catalogue.
    """
    if len(spelling) > LONGEST:
        return None
    known = {name: _words(name.rpartition("/")[2]) for name in names}
    parts = [part for part in re.split(r"[/\\]|--", spelling) if part]
    found = (_best(_words(part), known) for part in reversed(parts))
    return next(filter(None, found), None)


def _best(asked: tuple[str, ...], known: dict[str, tuple[str, ...]]) -> str | None:
    fitting = {name: base for name, base in known.items() if _is_base(base, asked)}
    longest = max(map(len, fitting.values()), default=0)
    best = [name for name, base in fitting.items() if len(base) == longest]
    if not best:  # "mixtral-8x7b" leaves out a version, of which there is one
        best = [name for name, base in known.items() if asked and base[: len(asked) + 1] == (*asked, "v")]
    return best[0] if len(best) == 1 else None


def _is_base(base: tuple[str, ...], asked: tuple[str, ...]) -> bool:
    """Whether a name has all words of a base in their order, and no other word of another size or other layers."""
    if not base or base == asked:
        return bool(base)
    if not any(map(_SIZE.fullmatch, base)):
        return asked[: len(base)] == base and all(map(_DATE.fullmatch, asked[len(base) :]))
    for start in range(len(asked) - len(base) + 1):
        if asked[start : start + len(base)] == base:
            others = asked[:start] + asked[start + len(base) :]
            return not any(_OTHER_LAYERS.fullmatch(word) or _SIZE.fullmatch(word) for word in others)
    return False


@lru_cache(maxsize=1024)
def _words(name: str) -> tuple[str, ...]:
    """Words of a name in order, versions in parts; without those that change no layer."""
    pieces = [piece for piece in re.split(r"[\s_:\-]+|\.(?=[a-z])", name.casefold()) if piece]
    sized = any(map(_SIZE.fullmatch, pieces))
    kept = (piece for piece in pieces if not _NOISE.fullmatch(piece) and not (sized and piece == "base"))
    return tuple(word for piece in kept for word in _parts(piece))


def _parts(piece: str) -> Iterator[str]:
    for word in re.findall(r"[a-z]+|\d[a-z\d.]*", piece):
        yield from [word] if _SIZE.fullmatch(word) else filter(None, word.split("."))
