"""The head that ``architectures`` names: that of a language model, of a classifier or a reward model, or none.

A family's file describes the language model; the class that a checkpoint was saved from says what stands in the place
of its head. The heads are those of Transformers, and of the reward models' own files.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ..basics import shown
from ..operators import Activation, Head, Linear
from ..operators.counts import NEXT_TOKENS, TOKENS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..operators import Operator
    from .config import Config
    from .model import Block

_ALONE = "what it runs is the prefill alone"
WIDE_FOR_ONE = 1024  # hidden size from which nobody has trained a whole model of one layer [1]
LABELS = 2  # of a classifier whose configuration says nothing [1]
LABELS_OF_BART = 3
_WRITES = re.compile(
    r"(For(CausalLM|ConditionalGeneration|ImageTextToText|Vision2Seq|SpeechSeq2Seq|TextGeneration|MultimodalLM)"
    r"|LMHead|LMHeadModel|Generat(or|ion))$"
)
_WRITING_MODELS = frozenset({"ChatGLMModel", "InternVLChatModel"})  # their files' own names of language models
_ENCODERS = frozenset({"T5ForTokenClassification"})
_BARE = re.compile(r"(?<!Encoder)(Model|Backbone)$")


def architecture(config: Config) -> str:
    """The class that a checkpoint was saved from, the first of ``architectures``; empty where none is named.

    Parameters
    ----------
    config : Config
        The configuration.
    """
    named = config.sequence("architectures") or [""]
    if not all(isinstance(name, str) for name in named):
        config.problem(f"'architectures' must be a list of names (got {shown(named)}).")
        return ""
    return str(named[0])


def headed(config: Config, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Put the head that ``architectures`` names in the place of a language model's.

    Parameters
    ----------
    config : Config
        The configuration.
    blocks : tuple of Block
        The language model's blocks, in forward order.
    """
    name = architecture(config)
    if not name or _WRITES.search(name) or name in _WRITING_MODELS:
        _note_one_layer(config)
        return blocks
    if name.endswith("EncoderModel") or name in _ENCODERS:
        config.problem(f"'architectures' names {name}, an encoder alone; models that have a decoder are counted.")
        return blocks
    ending = next((ending for ending in _HEADS if name.endswith(ending)), None)
    if ending:
        config.notes.append(f"{name} ends in {ending.removeprefix('For')}, not in tokens: {_ALONE}.")
        return _replaced(blocks, partial(_HEADS[ending], config))
    if _BARE.search(name):
        config.notes.append(f"{name} has no head and returns hidden states, not tokens: {_ALONE}.")
    else:
        known = f"understood are those of language models, {', '.join(_HEADS)}, and none"
        config.notes.append(f"The head of {name} is not understood and not counted; {known}: {_ALONE}.")
    return _replaced(blocks, lambda _: ())


def _note_one_layer(config: Config) -> None:
    """Say what a language model of a single wide layer may be."""
    layers, width = config.fields.get("num_hidden_layers"), config.fields.get("hidden_size")
    if layers == 1 and isinstance(width, int) and width >= WIDE_FOR_ONE:
        why = "drafts such as EAGLE's may say no more than that"
        config.notes.append(f"A model of one layer: {why}; this one counts as a whole model.")


def _replaced(blocks: tuple[Block, ...], make: Callable[[Head], Iterable[Operator]]) -> tuple[Block, ...]:
    """Blocks whose head is another; one that would be empty is left out."""
    changed = (
        replace(
            block,
            operators=tuple(
                row
                for operator in block.operators
                for row in (make(operator) if isinstance(operator, Head) else (operator,))
            ),
        )
        for block in blocks
    )
    return tuple(block for block in changed if block.operators)


def _labels(config: Config) -> int:
    """Labels of a classifier: their number, or the map of their names [1]."""
    named = config.fields.get("id2label")
    silent = LABELS_OF_BART if config.fields.get("model_type") == "bart" else LABELS
    return config.count("num_labels", default=len(named) if isinstance(named, dict) and named else silent)


def _score(config: Config, head: Head) -> Iterable[Operator]:
    """One row a label, at the last token; behind a decoder that reads a source, a dense layer before it."""
    labels = _labels(config)
    if config.flag("is_encoder_decoder") or config.fields.get("model_type") in {"bart", "t5"}:
        yield from _two(head, "classification_head", ("dense", "out_proj"), "tanh", labels)
    else:
        yield Head("score", head.inputs, head.width, labels, tied=False)


def _reward(config: Config, head: Head) -> Iterable[Operator]:
    """Qwen's: two layers (arXiv 2412.15115, section 4.4); InternLM's: one vector (arXiv 2403.17297, section 4.3)."""
    if architecture(config).startswith("InternLM2"):
        yield Head("v_head", head.inputs, head.width, 1, tied=False)
        return
    labels = 2 if "Process" in architecture(config) else 1
    yield from _two(head, "score", ("0", "2"), "relu", labels)


def _two(head: Head, name: str, parts: tuple[str, str], function: str, labels: int) -> Iterable[Operator]:
    first, last = (f"{name}.{part}" for part in parts)
    act = f"{name}.act_fn"
    yield Linear(first, head.inputs, head.width, head.width, "head", bias=True, per=NEXT_TOKENS, stored="wide")
    yield Activation(act, (first,), head.width, head.width, function, gated=False, per=NEXT_TOKENS)
    yield Head(last, (act,), head.width, labels, tied=False, bias=True)


def _of_each_token(name: str) -> Callable[[Config, Head], Iterable[Operator]]:
    def rows(config: Config, head: Head) -> Iterable[Operator]:
        labels = 2 if name == "qa_outputs" else _labels(config)  # begin and end of an answer
        yield Linear(name, head.inputs, head.width, labels, "head", bias=True, per=TOKENS, stored="wide")

    return rows


_HEADS: dict[str, Callable[[Config, Head], Iterable[Operator]]] = {
    "ForSequenceClassification": _score,
    "ForTokenClassification": _of_each_token("score"),
    "ForQuestionAnswering": _of_each_token("qa_outputs"),
    "ForRewardModel": _reward,
    "ForProcessRewardModel": _reward,
}
"""What stands in the place of a language model's head, by the ending of a class's name."""
