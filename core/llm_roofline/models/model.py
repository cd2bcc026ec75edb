"""A model: blocks of equal layers, each a list of operators in forward order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..formats import Precision
from .paradigm import AUTOREGRESSIVE, Paradigm

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ..formats import FormatShare
    from ..operators import Operator
    from ..operators.counts import Count
    from .stored import StoredBytes


@dataclass(frozen=True, slots=True)
class Block:
    """Equal layers.

    Parameters
    ----------
    name : str
        ``"embedding"``, ``"layers"``, ``"head"``, or what tells groups of layers apart. Layers of the decoder or of a
        tower have the word ``layers`` in it (``"dense layers"``), whatever else stands once in the stack has not: so
        the layers of a model are counted, and the tensors of a checkpoint find theirs by number.
    layers : int
        How many there are [1].
    operators : tuple of Operator
        One layer, in forward order.
    places : tuple of int
        Where its layers stand in the stack, counted from 0 [1]; empty where they follow the block before.
    """

    name: str
    layers: int
    operators: tuple[Operator, ...]
    places: tuple[int, ...] = ()

    @property
    def is_numbered(self) -> bool:
        """Whether it is a group of layers, which a checkpoint numbers: its name says ``layers``."""
        return "layers" in self.name


def numbered(blocks: Iterable[Block]) -> Iterator[tuple[Block, tuple[int, ...]]]:
    """Every block with where its layers stand in the stack, counted from 0 [1]; none for a block beside them.

    Parameters
    ----------
    blocks : iterable of Block
        The blocks of a stack, in forward order.
    """
    following = 0
    for block in blocks:
        if not block.is_numbered:
            yield block, ()
            continue
        yield block, block.places or tuple(range(following, following + block.layers))
        following += block.layers


class Stack:
    """Blocks that run one after the other, and what they store.

    Attributes
    ----------
    blocks : tuple of Block
        The layers, in forward order.
    precision : Precision
        Formats that its checkpoint stores.
    stored : StoredBytes or None
        What the checkpoint's headers say of each operator, where one was read.
    formats : mapping
        Formats of the operators that are stored otherwise than ``precision`` has it, by names of block and operator.
    """

    blocks: tuple[Block, ...]
    precision = Precision()
    stored: StoredBytes | None = None
    formats: Mapping[tuple[str, str], tuple[FormatShare, ...]] = MappingProxyType({})

    @property
    def origin(self) -> Stack:
        """The layers as the configuration has them."""
        return self

    def operators(self) -> Iterator[tuple[Block, Operator]]:
        """Every distinct operator with its block, in forward order."""
        for block in self.blocks:
            for operator in block.operators:
                yield block, operator

    def layer_numbers(self) -> Iterator[tuple[Block, tuple[int, ...]]]:
        """Every block with where its layers stand in the stack, counted from 0 [1]; none for a block beside them."""
        return numbered(self.blocks)

    @cached_property
    def parameters_by_kind(self) -> dict[str, float]:
        """Stored parameters of each storage kind, such as ``weights``, ``experts``, ``head``, ``wide`` [1]."""
        total: dict[str, float] = {}
        for block, operator in self.operators():
            for kind, count in operator.parameters.items():
                total[kind] = total.get(kind, 0) + block.layers * count
        return total

    @cached_property
    def kept(self) -> dict[str, dict[Count, float]]:
        """Elements that a sequence keeps for later steps, by storage kind and count of its last step [1]."""
        total: dict[str, Counter[Count]] = {}
        for block, operator in self.operators():
            for kind, terms in operator.kept.items():
                for count, elements in terms.items():
                    total.setdefault(kind, Counter())[count] += block.layers * elements  # type: ignore[assignment]
        return {kind: dict(terms) for kind, terms in total.items()}

    @property
    def has_states(self) -> bool:
        """Whether a sequence keeps something of a constant size, which every token changes."""
        return any(kind != "kv_cache" for kind in self.kept)


class Restructured(Stack):
    """What techniques made of a stack.

    Parameters
    ----------
    blocks : tuple of Block
        Its layers now.
    origin : Stack
        The stack as the configuration has it.
    formats : mapping, optional
        Formats of operators; left out, those of the origin.
    """

    def __init__(
        self,
        blocks: tuple[Block, ...],
        origin: Stack,
        formats: Mapping[tuple[str, str], tuple[FormatShare, ...]] | None = None,
    ) -> None:
        self.blocks, self._origin = blocks, origin
        self.precision, self.stored = origin.precision, origin.stored
        self.formats = origin.formats if formats is None else formats

    @property
    def origin(self) -> Stack:
        """The layers as the configuration has them."""
        return self._origin


@dataclass(frozen=True, eq=False)
class Tower(Stack):
    """A stack that reads something once, before the model begins: the source of an encoder, or an image.

    Parameters
    ----------
    name : str
        ``"encoder"`` or ``"vision"``.
    blocks : tuple of Block
        Its layers.
    tokens : int or None
        Tokens of what it reads [token]: the patches of one image, or the longest source; None where a source may be of
        any length.
    precision, stored, formats : Precision, StoredBytes or None, mapping
        As the model has them.
    """

    name: str
    blocks: tuple[Block, ...]
    tokens: int | None
    precision: Precision = field(default_factory=Precision)
    stored: StoredBytes | None = None
    formats: Mapping[tuple[str, str], tuple[FormatShare, ...]] = field(default_factory=dict, repr=False)

    def __eq__(self, other: object) -> bool:
        """Equal if layers, tokens, formats and stored bytes are."""
        return self is other or (isinstance(other, Tower) and self._compared == other._compared)

    @property
    def _compared(self) -> tuple[object, ...]:
        return self.name, self.tokens, self.blocks, self.precision, self.stored, self.formats

    def __hash__(self) -> int:
        """Hash of name and size: towers of many models have one name."""
        return hash((self.name, self.tokens, self.parameters))

    @cached_property
    def parameters(self) -> int:
        """Stored parameters [1]."""
        return int(sum(self.parameters_by_kind.values()))


@dataclass(frozen=True, eq=False)
class Model(Stack):
    """A model's structure, with the configuration it was read from.

    Parameters
    ----------
    name : str
        Hub id or the name that the user gave.
    family : str
        The ``model_type`` of the configuration.
    blocks : tuple of Block
        The layers, in forward order.
    context_limit : int or None
        Longest context it was built for [token]; None where the configuration does not say.
    config : mapping
        The configuration as it was read, for saving.
    encoder : Tower or None
        What reads the prompt, where the decoder sees it by cross attention.
    vision : Tower or None
        What reads an image.
    precision : Precision
        Formats that its checkpoint stores.
    stored : StoredBytes or None
        What the headers of its checkpoint say, where it was loaded from one.
    formats : mapping
        Formats of the operators that are stored otherwise than ``precision`` has it, by names of block and operator.
    paradigm : Paradigm
        How it makes its output: token after token, or all of it in steps of denoising.
    predictor : Model or None
        Layers that predict further tokens (MTP), as the draft model that they are; apart from the parameters.
    draft : str
        The kind of draft that it is, such as ``"EAGLE-3"``; empty for a whole model.
    notes : tuple of str
        What a reader should know beside its numbers, such as keys of the configuration that are not understood.

    Examples
    --------
    >>> from llm_roofline import models
    >>> models["meta-llama/Llama-3.1-8B"].parameters
    8030261248
    """

    name: str
    family: str
    blocks: tuple[Block, ...]
    context_limit: int | None
    config: Mapping[str, Any] = field(repr=False)
    encoder: Tower | None = None
    vision: Tower | None = None
    precision: Precision = field(default_factory=Precision)
    stored: StoredBytes | None = None
    paradigm: Paradigm = AUTOREGRESSIVE
    predictor: Model | None = None
    draft: str = ""
    notes: tuple[str, ...] = ()
    formats: Mapping[tuple[str, str], tuple[FormatShare, ...]] = field(default_factory=dict, repr=False)

    def __eq__(self, other: object) -> bool:
        """Equal if all that decides a number or a note is: layers, formats, stored bytes, towers and limits."""
        return self is other or (isinstance(other, Model) and self._compared == other._compared)

    @property
    def _compared(self) -> tuple[object, ...]:
        read = self.encoder, self.vision, self.predictor, self.notes
        stored = self.precision, self.stored, self.formats
        return self.name, self.blocks, self.context_limit, self.paradigm, *stored, *read

    def __hash__(self) -> int:
        """Hash of the name."""
        return hash(self.name)

    def __repr__(self) -> str:
        """One line."""
        return f"Model({self.name!r}, {self.family}, {self.parameters:,} parameters)"

    @cached_property
    def parameters(self) -> int:
        """Stored parameters of the language model, its encoder included and tied ones once [1]."""
        return int(sum(self.parameters_by_kind.values())) + (self.encoder.parameters if self.encoder else 0)

    @property
    def stacks(self) -> tuple[Stack, ...]:
        """The model and its towers."""
        return self, *(tower for tower in (self.encoder, self.vision) if tower)

    def with_formats(self, precision: Precision, formats: Mapping[str, Mapping[Any, Any]]) -> Model:
        """The same model with the formats that its configuration states.

        Parameters
        ----------
        precision : Precision
            Formats by kind.
        formats : mapping
            For the model as ``"text"`` and each tower by its name, the operators that have others.
        """
        encoder, vision = (
            tower and replace(tower, precision=precision, formats=formats.get(tower.name, {}))
            for tower in (self.encoder, self.vision)
        )
        return replace(self, precision=precision, formats=formats.get("text", {}), encoder=encoder, vision=vision)

    def with_stored(self, stored: StoredBytes) -> Model:
        """The same model with what a checkpoint stores of it and of its towers.

        Parameters
        ----------
        stored : StoredBytes
            What the headers say.
        """
        encoder, vision = (
            tower and replace(tower, precision=self.precision, stored=stored.towers.get(tower.name))
            for tower in (self.encoder, self.vision)
        )
        own = self.predictor
        predictor = own and replace(own, precision=self.precision, stored=stored.towers.get("predictor"))
        return replace(self, stored=stored, encoder=encoder, vision=vision, predictor=predictor)

    @property
    def source_limit(self) -> int | None:
        """Longest source that an encoder was built for [token]; None where any length will do, or there is none."""
        return self.encoder.tokens if self.encoder else None
