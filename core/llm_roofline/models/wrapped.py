"""Models that put towers around a text of another family: the text is read by that family, whatever stands around it.

The class of the text is the one that ``text_config`` names, or what the wrapper's class in Transformers takes where it
names none. A tower that no file of ``architectures`` reads is told, and the numbers are those of the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..basics import ConfigError, did_you_mean, shown
from .families import families
from .family import HEADS_ALONE, Family
from .keys import is_harmless
from .quantization.stated import DTYPES, KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .config import Config
    from .model import Block

TEXT = "text_config"
TIED = "tie_word_embeddings"
_WRAPPERS = {
    "cohere2": ("aya_vision", "cohere2_vision"),
    "gemma": ("paligemma",),
    "gemma3_text": ("gemma3", "shieldgemma2"),
    "granite": ("granite_speech", "granite_speech_plus"),
    "llama": (
        *("deepseek_vl", "deepseek_vl_hybrid", "glmasr", "idefics3", "janus", "llava", "llava_next"),
        *("llava_next_video", "perception_lm", "smolvlm", "video_llava", "vipllava", "voxtral"),
    ),
    "mistral": ("idefics2",),
    "opt": ("blip-2", "instructblip", "instructblipvideo"),
    "qwen2": (
        *("fast_vlm", "got_ocr2", "internvl", "llava_onevision", "ovis2", "qwen2_audio"),
        *("vibevoice_asr", "video_llama_3"),
    ),
    "qwen3": ("lighton_ocr", "qwen3_asr"),
}
TEXTS = {wrapper: text for text, wrappers in _WRAPPERS.items() for wrapper in wrappers}
"""What the classes of wrappers take for their text where it names no type: ``sub_configs`` of Transformers 5.24."""
FLAT = {"qwen2_5_vl": "qwen2", "qwen2_vl": "qwen2"}
"""Wrappers whose published files have the keys of the text beside the towers, and the type of that text."""
_OF_THE_WHOLE = frozenset({"architectures", "model_type", *DTYPES})
SAME = {"qwen2_5_vl_text": "qwen2", "qwen2_vl_text": "qwen2"}
"""Types of texts that are another family's under a name of their own."""


def around(fields: Mapping[str, Any]) -> Family | None:
    """What reads a configuration of a type that is not known, where its text is of a family that is; or None.

    Parameters
    ----------
    fields : mapping
        The configuration.
    """
    model_type = fields.get("model_type")
    if not isinstance(model_type, str) or (text := _text(fields)) is None:
        return None
    stated = text.get("model_type", TEXTS.get(model_type))
    if not isinstance(stated, str) or _family_of(stated) is None:
        return None
    return HEADS_ALONE._replace(title=model_type, blocks=_text_alone, text=stated)


def with_text(fields: dict[str, Any], family: Family, path: str) -> tuple[dict[str, Any], Family]:
    """A configuration and its family, with what the family of its text has; as they are where the text is its own.

    Parameters
    ----------
    fields : dict
        The configuration.
    family : Family
        What reads it.
    path : str
        What to call it in messages.

    Raises
    ------
    ConfigError
        If the family of the text is not known.
    """
    if not family.text:
        return fields, family
    text = _text(fields)
    if text is None:
        raise ConfigError(f"{path}: {TEXT!r} must be an object (got {shown(fields.get(TEXT))}).")
    stated = text.get("model_type") or family.text
    inner = _family_of(stated) if isinstance(stated, str) else None
    if inner is None:
        known = [name for name, other in families().items() if not other.text]
        near = did_you_mean(stated, known) if isinstance(stated, str) else ""
        raise ConfigError(f"{path}, {TEXT}: 'model_type' must be that of a text (got {shown(stated)}).{near}")
    stated = SAME.get(stated, stated)
    tied = {TIED: fields[TIED]} if fields.get(TIED) is not None else {}
    own = family.defaults.get(str(fields["model_type"]), {})
    defaults = {**own, TEXT: inner.defaults.get(stated, {})}
    return {key: value for key, value in _beside(fields).items() if key != TIED} | {
        TEXT: text | {"model_type": stated} | tied
    }, family._replace(
        context_limit=lambda config: inner.context_limit(config.part(TEXT)),
        encoder=lambda config: inner.encoder(config.part(TEXT)),
        paradigm=inner.paradigm,
        defaults={str(fields["model_type"]): defaults},
        spellings={**family.spellings, TEXT: inner.spellings},
        states=inner.states,
        modules=inner.modules,
        unquantised=inner.unquantised,
    )


def text_blocks(config: Config) -> Iterable[Block]:
    """Blocks of the text, by the family that it is of.

    Parameters
    ----------
    config : Config
        The configuration, which :func:`with_text` has prepared.
    """
    text = config.part(TEXT)
    return families()[text.fields["model_type"]].blocks(text)


def _text_alone(config: Config) -> Iterable[Block]:
    """Blocks of the text; what else the configuration says is of towers, which are told."""
    towers = [key for key, value in config.fields.items() if key.endswith("_config") and isinstance(value, dict)]
    towers = [key for key in towers if key != TEXT and key not in KEYS and not is_harmless(key)]
    for tower in towers:
        config.leave_out(tower)
    if towers:
        config.ignore(*(key for key in config.fields if key != TEXT and key not in KEYS))  # how they meet the text
    return text_blocks(config)


def _beside(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What is not of the text; beside towers that its keys may stand beside, no more is."""
    if fields["model_type"] not in FLAT:
        return dict(fields)
    return {key: value for key, value in fields.items() if key.endswith("_config") or key in _OF_THE_WHOLE}


def _text(fields: Mapping[str, Any]) -> dict[str, Any] | None:
    """The part on text, or what stands beside the towers where that is where it belongs; None where there is none."""
    text, beside = fields.get(TEXT), FLAT.get(str(fields.get("model_type")))
    if text is None and beside:
        return {key: value for key, value in fields.items() if not key.endswith("_config")} | {"model_type": beside}
    return text if isinstance(text, dict) else None


def _family_of(model_type: str) -> Family | None:
    """The family of a text; None where it is not known, or itself a wrapper."""
    found = families().get(SAME.get(model_type, model_type))
    return None if found is None or found.text else found
