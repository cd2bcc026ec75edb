"""Arguments of the command."""

from __future__ import annotations

from argparse import ArgumentParser, BooleanOptionalAction, RawDescriptionHelpFormatter
from dataclasses import fields

from .._version import __version__
from ..formats import Conventions, Precision, formats
from ..models import Workload
from .parsing import Parser

CHOICES = (*(field.name for field in fields(Precision)), "flash_attention")
"""Choices that follow the model and the conventions where they are left out."""

WORKLOAD = tuple(field.name for field in fields(Workload))

CONVENTIONS = {"standard": Conventions.standard, "paper": Conventions.paper}

FORCE = "write over a file that is there already and that llm-viewer has not made; never over what is read"

_EXAMPLES = """\
examples:
  llm-viewer llama-3.1-8b h100-sxm --batch-size 8 --prompt-tokens 4096
  llm-viewer llama-3.1-70b h100-sxm --technique tensor-parallel:degree=8 --technique weight-quantization
  llm-viewer path/to/config.json a100-sxm-80gb --weights int4 --kv-cache fp8 --csv out --json out.json

findings:
  llm-viewer check notebook.ipynb               do the findings of a notebook still hold?
  llm-viewer report notebook.ipynb report.html  the findings with pictures, numbers and sources
"""


def parser() -> ArgumentParser:
    """Parser of the command's arguments; what it refuses is a ``RooflineError``."""
    command = Parser(
        prog="llm-viewer",
        description="How fast a language model runs on a device at best, operator by operator, and whether it fits.",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    known = f"one of {', '.join(formats)}"
    command.add_argument(
        "model", metavar="MODEL", nargs="?", help="name of the catalogue, a config.json or a folder that holds one"
    )
    command.add_argument(
        "hardware",
        metavar="HARDWARE",
        nargs="?",
        help="name of the catalogue, such as h100-sxm, or as its driver prints it",
    )
    counts = command.add_argument_group("workload", "what is left out suits the model")
    for name, what in (
        ("batch_size", "requests that run together"),
        ("prompt_tokens", "tokens of each prompt, of what an encoder reads, or patches of an image to be made"),
        ("output_tokens", "tokens generated for each request, or denoising steps"),
    ):
        counts.add_argument(_option(name), metavar="N", type=_number, help=what)
    how = command.add_argument_group("precision, techniques, conventions")
    for name, what in (
        ("weights", f"format of the weights, {known}; left out, the checkpoint's own, as all of these"),
        ("activations", "format of the activations"),
        ("kv_cache", "format of the cached keys and values"),
        ("head", "format of the embedding and the head"),
        ("attention_weights", "format of the projections of attention, if not that of the weights"),
        ("experts", "format of the experts, if not that of the weights"),
        ("states", "format of the states of state-space layers and linear attention"),
    ):
        how.add_argument(_option(name), metavar="FORMAT", help=what)
    how.add_argument(
        "--flash-attention", action=BooleanOptionalAction, help="fuse attention (as the conventions have it)"
    )
    how.add_argument(
        "--technique",
        metavar="NAME[:PARAMETER=VALUE,...]",
        action="append",
        default=[],
        help="switch a technique on, such as tensor-parallel:degree=8 or speculative-decoding:draft=./folder; may be "
        "given several times",
    )
    how.add_argument(
        "--conventions",
        choices=CONVENTIONS,
        default="standard",
        help="paper counts as arXiv 2402.16363 does (%(default)s)",
    )
    files = command.add_argument_group("files with every digit")
    files.add_argument(
        "--csv", metavar="DIR", help="write prefill.csv, decode.csv, totals.csv and memory.csv into this folder"
    )
    files.add_argument("--json", metavar="FILE", help="write scenario, columns, totals and memory into this file")
    files.add_argument("--force", action="store_true", help=FORCE)
    command.add_argument("--list-models", action="store_true", help="show the models of the catalogue")
    command.add_argument("--list-hardware", action="store_true", help="show the devices of the catalogue")
    command.add_argument("--show-hardware", metavar="NAME", help="show every figure of a device, and its source")
    command.add_argument("--list-techniques", action="store_true", help="show the techniques, and their parameters")
    command.add_argument("--version", action="version", version=f"llm-viewer {__version__}")
    return command


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _number(text: str) -> int | str:
    """Return a whole number, or the text as it is: the workload knows what to say of it."""
    try:
        return int(text.replace(",", ""))
    except ValueError:
        return text
