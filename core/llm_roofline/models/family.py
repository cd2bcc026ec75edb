"""A family: the functions of its file in ``architectures`` that read a configuration."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, runtime_checkable

from ..basics import ConfigError, shown
from .paradigm import AUTOREGRESSIVE, Paradigm
from .rope_scaling import stretched
from .states import USUAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import ModuleType

    from .config import Config
    from .model import Block, Tower


@runtime_checkable
class FamilyModule(Protocol):
    """What a file of ``architectures`` must have; the protocols below are what it may have besides."""

    @property
    def MODEL_TYPES(self) -> tuple[str, ...]:  # noqa: N802 - a constant of the file
        """Every ``model_type`` that it reads."""

    def blocks(self, config: Config, /) -> Iterable[Block]:
        """Blocks of the decoder, in forward order."""


@runtime_checkable
class WithContextLimit(Protocol):
    """A file that finds the limit elsewhere than most families."""

    def context_limit(self, config: Config, /) -> int | None:
        """Longest context that the model was built for [token], or None."""


@runtime_checkable
class WithEncoder(Protocol):
    """A file of models that read the prompt with an encoder."""

    def encoder(self, config: Config, /) -> Tower | None:
        """The tower that reads the prompt, or None where this model has none."""


@runtime_checkable
class WithVision(Protocol):
    """A file of models that read images."""

    def vision(self, config: Config, /) -> Tower | None:
        """The tower that reads an image, or None where this model has none."""


@runtime_checkable
class WithParadigm(Protocol):
    """A file of models that do not write token after token."""

    @property
    def PARADIGM(self) -> Paradigm:  # noqa: N802 - a constant of the file
        """How they make their output."""


@runtime_checkable
class WithDefaults(Protocol):
    """A file of models whose class in Transformers takes a value of its own where a key is absent."""

    @property
    def DEFAULTS(self) -> Mapping[str, Mapping[str, Any]]:  # noqa: N802 - a constant of the file
        """For each ``model_type`` the values, those of a part such as ``text_config`` in an object of its name."""


@runtime_checkable
class WithSpellings(Protocol):
    """A file of models whose class in Transformers understands other names of keys."""

    @property
    def SPELLINGS(self) -> Mapping[str, Any]:  # noqa: N802 - a constant of the file
        """Other names, and those by which it reads the keys; those of a part in an object of its name."""


@runtime_checkable
class WithStates(Protocol):
    """A file of models that keep recurrent states in another format than most."""

    @property
    def STATES(self) -> str:  # noqa: N802 - a constant of the file
        """The format."""


@runtime_checkable
class WithModules(Protocol):
    """A file of models whose checkpoints put other words before the names of operators than most."""

    @property
    def MODULES(self) -> Mapping[str, tuple[str, ...]]:  # noqa: N802 - a constant of the file
        """The words, by the first part of the operator's name."""


@runtime_checkable
class WithUnquantised(Protocol):
    """A file of models whose checkpoints leave modules at 16 bit that no exception names."""

    @property
    def UNQUANTISED(self) -> tuple[str, ...]:  # noqa: N802 - a constant of the file
        """Their names."""


@runtime_checkable
class WithPredicting(Protocol):
    """A file of models whose layers that predict further tokens are not as the last of their others."""

    def predicting(self, config: Config, layers: int, /) -> Mapping[str, Any]:
        """Keys that so many of these [1] have otherwise than the model, read as a stack of their own."""


@runtime_checkable
class WithText(Protocol):
    """A file of models that put something around a text of another family, whose blocks are those of ``wrapped.py``."""

    @property
    def TEXT(self) -> str:  # noqa: N802 - a constant of the file
        """The ``model_type`` of the text where ``text_config`` names none."""


class Family(NamedTuple):
    """How a configuration becomes a model.

    Parameters
    ----------
    title : str
        Its name for people: what the docstring of its file begins with.
    blocks : callable
        Blocks of the decoder, in forward order.
    context_limit : callable
        Longest context it was built for [token], or None.
    encoder, vision : callable
        Tower that reads the prompt or an image, or None.
    paradigm : Paradigm
        How its models make their output.
    defaults : mapping
        For each ``model_type`` what its class takes where a key is absent; of a part in an object of its name.
    spellings : mapping
        Other names of keys that its classes understand, and those by which it reads them; likewise of parts.
    states : str
        Format that its recurrent states are kept in.
    modules : mapping
        What stands before names of operators in its checkpoints, by the first part of these, where it is not the common
        ``self_attn`` or ``mlp``.
    unquantised : tuple of str
        Modules that its checkpoints leave at 16 bit without saying so.
    predicting : callable or None
        Keys that so many layers which predict further tokens have otherwise than the model, read as a stack of their
        own; None where they are as its last layer.
    text : str
        The ``model_type`` of its text where that is of another family and ``text_config`` names none; empty where its
        blocks are its own.
    """

    title: str
    blocks: Callable[[Config], Iterable[Block]]
    context_limit: Callable[[Config], int | None]
    encoder: Callable[[Config], Tower | None]
    vision: Callable[[Config], Tower | None]
    paradigm: Paradigm
    defaults: Mapping[str, Mapping[str, Any]]
    spellings: Mapping[str, Any]
    states: str
    modules: Mapping[str, tuple[str, ...]]
    unquantised: tuple[str, ...]
    predicting: Callable[[Config, int], Mapping[str, Any]] | None = None
    text: str = ""

    @classmethod
    def of(cls, module: FamilyModule) -> Family:
        """The family that a file defines, with the common case of what it does not have.

        Parameters
        ----------
        module : FamilyModule
            A file of ``architectures``.
        """
        return cls(
            re.split(r" \(|: |\.\s", module.__doc__ or module.MODEL_TYPES[0])[0],
            module.blocks,
            module.context_limit if isinstance(module, WithContextLimit) else _context_limit,
            module.encoder if isinstance(module, WithEncoder) else _none,
            module.vision if isinstance(module, WithVision) else _none,
            module.PARADIGM if isinstance(module, WithParadigm) else AUTOREGRESSIVE,
            module.DEFAULTS if isinstance(module, WithDefaults) else {},
            module.SPELLINGS if isinstance(module, WithSpellings) else {},
            module.STATES if isinstance(module, WithStates) else USUAL,
            module.MODULES if isinstance(module, WithModules) else {},
            module.UNQUANTISED if isinstance(module, WithUnquantised) else (),
            module.predicting if isinstance(module, WithPredicting) else None,
            module.TEXT if isinstance(module, WithText) else "",
        )


def family_module(module: ModuleType) -> FamilyModule:
    """A file of ``architectures``, once it is known to have what a family must have.

    Parameters
    ----------
    module : module
        The file.

    Raises
    ------
    ConfigError
        If something is missing or has another shape; the sentence says what to write.
    """
    file = f"architectures/{module.__name__.rpartition('.')[2]}.py"
    if not isinstance(module, FamilyModule):
        missing = " and ".join(name for name in ("MODEL_TYPES", "blocks") if not hasattr(module, name))
        raise ConfigError(
            f"{file} has no {missing}. A family has both: MODEL_TYPES, a tuple of every model_type that it reads, and "
            "blocks(config), the blocks in forward order."
        )
    if not isinstance(module.MODEL_TYPES, tuple) or not all(isinstance(name, str) for name in module.MODEL_TYPES):
        raise ConfigError(
            f'{file}: MODEL_TYPES must be a tuple of texts, such as ("llama",) with its comma '
            f"(got {shown(module.MODEL_TYPES)})."
        )
    for name in ("blocks", "context_limit", "encoder", "vision", "predicting"):
        if not callable(getattr(module, name, _none)):
            raise ConfigError(f"{file}: {name} must be a function of a config, such as def {name}(config: Config).")
    if not isinstance(getattr(module, "PARADIGM", AUTOREGRESSIVE), Paradigm):
        raise ConfigError(f"{file}: PARADIGM must be one of those in models/paradigm.py, such as DIFFUSION.")
    return module


def _context_limit(config: Config) -> int | None:
    """The limit under the keys that most families use, in the part on text where there is one [token]."""
    text = config.part("text_config") if config.fields.get("text_config") is not None else config
    return stretched(text, text.optional_count("max_position_embeddings", "n_positions", "seq_length", "n_ctx"))


def _none(_: Config) -> None:
    """What a family without a tower answers."""


HEADS_ALONE = Family("heads alone", lambda _: (), _none, _none, _none, AUTOREGRESSIVE, {}, {}, USUAL, {}, ())
"""What stands for the family of a draft that has no layers."""
