"""The vocabulary of a device's data file: what each field may say.

A name that is missing here is a word to add. What-if devices and those that users make themselves are freer: ``checks``
refuses what no code could read, and nothing else.
"""

from __future__ import annotations

from .checks import CONFIDENCES, PEAKS
from .rules import Rule, between, by_key, each, matching, one_line, one_of

KINDS = ("gpu", "cpu", "npu", "soc", "tpu")
"""An ``npu`` is made for neural networks and neither GPU nor TPU; a ``soc`` has one memory for CPU and accelerator."""

ARCHITECTURES = {
    "AMD": (
        *("CDNA1", "CDNA2", "CDNA3", "CDNA4", "CDNA5", "RDNA3", "RDNA3.5 + Zen5", "RDNA4"),
        *("Zen3", "Zen4", "Zen5"),
    ),
    "AWS": ("NeuronCore-v2", "NeuronCore-v3", "NeuronCore-v4"),
    "Apple": ("Apple GPU",),
    "Cerebras": ("WSE-3",),
    "Google": ("TPU v2", "TPU v3", "TPU v4", "TPU v5e", "TPU v5p", "TPU v6e Trillium", "TPU7x Ironwood"),
    "Groq": ("TSP v1",),
    "Huawei": ("Da Vinci",),
    "Intel": (
        *("Ice Lake-SP", "Sapphire Rapids", "Emerald Rapids", "Granite Rapids", "Raptor Lake", "Arrow Lake"),
        *("Xe-HPC", "Xe-HPG", "Xe2-HPG", "Gaudi2", "Gaudi3"),
    ),
    "NVIDIA": ("Volta", "Turing", "Ampere", "Ada", "Hopper", "Blackwell", "Blackwell Ultra", "Rubin"),
    "Qualcomm": ("AI 100", "Oryon + Adreno + Hexagon"),
}
"""Architectures by vendor. By their beginning ``formats.structured_speed`` knows which have sparse units."""

MEMORY_TYPES = (
    *("HBM", "HBM2", "HBM2e", "HBM3", "HBM3e", "HBM4", "GDDR6", "GDDR6X", "GDDR7", "LPDDR4X", "LPDDR5", "LPDDR5X"),
    *("DDR4", "DDR5", "MRDIMM", "SRAM", "on-wafer SRAM"),
)

INTERCONNECTS = (
    *("PCIe", "NVLink 2", "NVLink 3", "NVLink 4", "NVLink 5", "NVLink 6", "Infinity Fabric", "UALink", "Xe Link"),
    *("NeuronLink-v2", "NeuronLink-v3", "NeuronLink-v4", "ICI", "HCCS", "UB", "RealScale C2C", "SwarmX"),
    *("RoCE", "ConnectX-7", "socket link"),
)

_CHIP = r"( [A-Z]{2}\w+)?"
_SPEED = r"(-\d{4,5})?( x\d+)?"
_DETAILS = r"(;? .+)?"
_HOST_LINK = r"PCIe [1-9]\.0( x\d+)?( \(.+\))?"
_ALIAS = r"[A-Za-z0-9]+([-_.][A-Za-z0-9]+)*"

DOUBTS = ("disputed", "least certain", "rough", "third-party", "unverified", "weak")
"""Words of doubt: a sentence of ``note`` with one of them is shown wherever the figures are used."""

RULES: dict[str, Rule] = {
    "name": matching(r"[a-z0-9]+(-[a-z0-9]+)*", "lower-case letters and digits with hyphens between them"),
    "title": one_line(80),
    "vendor": one_of(*ARCHITECTURES),
    "architecture": one_of(*(a for of in ARCHITECTURES.values() for a in of), then=_CHIP, told="a chip such as GA100"),
    "kind": one_of(*KINDS),
    "year": between(2006, 2035, "", whole=True),
    "memory_bytes": between(1e8, 1e13, "B"),
    "memory_bandwidth": between(1e10, 1e17, "B/s"),
    "memory_type": one_of(*MEMORY_TYPES, then=_SPEED, told="-MT/s and xCHANNELS, as in DDR5-4800 x12"),
    "peaks": one_of("dense"),
    "peak_flops_per_s": by_key(PEAKS["peak_flops_per_s"], between(1e10, 1e18, "FLOP/s")),
    "vector_flops_per_s": by_key(PEAKS["vector_flops_per_s"], between(1e10, 1e18, "FLOP/s")),
    "l2_bytes": between(1e5, 1e12, "B"),
    "l3_bytes": between(1e5, 1e12, "B"),
    "local_memory_bytes": between(1e3, 1e9, "B"),
    "register_bytes": between(1e3, 1e9, "B"),
    "multiprocessors": between(1, 10**7, "", whole=True),
    "interconnect": one_of(*INTERCONNECTS, then=_DETAILS, told="details, as in NVLink 3 bridge"),
    "interconnect_bandwidth": between(1e9, 1e14, "B/s"),
    "host_link": matching(_HOST_LINK, "a link such as PCIe 5.0 x16"),
    "tdp": between(1, 1e5, "W"),
    "source": one_line(),
    "url": matching(r"https://[\w.-]+\.\w+(/\S*)?", "an address that begins with https://"),
    "confidence": one_of(*(known for known in CONFIDENCES if known != "what-if")),
    "note": one_line(),
    "checked_against": one_line(),
    "aliases": each(matching(_ALIAS, "a name without blanks, such as nvidia-h100-sxm")),
}
"""Rule of each field."""

REQUIRED = (
    *("name", "title", "vendor", "architecture", "kind", "year", "memory_bytes", "memory_bandwidth", "memory_type"),
    *("peaks", "peak_flops_per_s", "source", "url", "confidence"),
)
"""Fields that no file leaves out."""
