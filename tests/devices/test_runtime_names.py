"""Names that drivers print find their device; those of other devices find none."""

from __future__ import annotations

import pytest

from llm_roofline import UnknownNameError, hardware
from tests.over import over

PRINTED = {
    # PyTorch on CUDA, and nvidia-smi
    "NVIDIA H100 80GB HBM3": "h100-sxm",
    "NVIDIA H100 PCIe": "h100-pcie",
    "NVIDIA H100 NVL": "h100-nvl",
    "NVIDIA H200": "h200-sxm",
    "NVIDIA H800": "h800-sxm",
    "NVIDIA H20": "h20",
    "NVIDIA A100-SXM4-80GB": "a100-sxm-80gb",
    "NVIDIA A100-SXM4-40GB": "a100-sxm-40gb",
    "NVIDIA A100 80GB PCIe": "a100-pcie-80gb",
    "A100-PCIE-40GB": "a100-pcie-40gb",
    "NVIDIA A800-SXM4-80GB": "a800-sxm",
    "NVIDIA A800 80GB PCIe": "a800-pcie",
    "NVIDIA B200": "b200-sxm",
    "NVIDIA B300 SXM6 AC": "b300-sxm",
    "NVIDIA GB200": "gb200",
    "NVIDIA GB10": "dgx-spark-gb10",
    "NVIDIA GH200 480GB": "gh200-96gb",
    "NVIDIA GH200 144G HBM3e": "gh200-144gb",
    "NVIDIA L40S": "l40s",
    "NVIDIA A10G": "a10g",
    "Tesla T4": "t4",
    "Tesla V100-SXM2-16GB": "v100-sxm2-16gb",
    "Tesla V100-PCIE-32GB": "v100-pcie-32gb",
    "NVIDIA GeForce RTX 4090": "rtx-4090",
    "NVIDIA GeForce RTX 3060": "rtx-3060",
    "NVIDIA GeForce RTX 2080 Ti": "rtx-2080-ti",
    "NVIDIA RTX A6000": "rtx-a6000",
    "NVIDIA RTX 6000 Ada Generation": "rtx-6000-ada",
    "NVIDIA RTX PRO 6000 Blackwell Workstation Edition": "rtx-pro-6000-blackwell-ws",
    "NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition": "rtx-pro-6000-blackwell-maxq",
    "NVIDIA RTX PRO 6000 Blackwell Server Edition": "rtx-pro-6000-blackwell-server",
    # rocm-smi, and PyTorch on ROCm, XPU, HPU and NPU
    "AMD Instinct MI300X": "mi300x",
    "AMD Instinct MI300X OAM": "mi300x",
    "AMD Instinct MI250X/MI250": "mi250x-gcd",
    "AMD Radeon RX 7900 XTX": "rx-7900-xtx",
    "Radeon 8060S Graphics": "strix-halo-395",
    "Intel(R) Arc(TM) A770 Graphics": "arc-a770",
    "Intel(R) Data Center GPU Max 1550": "max-1550",
    "GAUDI2": "gaudi2",
    "Ascend910B3": "ascend-910b",
    # JAX
    "TPU v4": "tpu-v4",
    "TPU v5 lite": "tpu-v5e",
    "TPU v6 lite": "tpu-v6e",
    # sysctl, /proc/cpuinfo
    "Apple M4 Max": "m4-max",
    "AMD EPYC 9654 96-Core Processor": "epyc-9654",
    "Intel(R) Xeon(R) Platinum 8380 CPU @ 2.30GHz": "xeon-8380",
    "INTEL(R) XEON(R) PLATINUM 8592+": "xeon-8592plus",
    "13th Gen Intel(R) Core(TM) i9-13900K": "core-i9-13900k",
    "Snapdragon(R) X Elite - X1E84100 - Qualcomm(R) Oryon(TM) CPU": "snapdragon-x-elite",
}
OTHERS = [
    *("H100", "A100", "V100", "NVIDIA", "gpu", "Orin", "Apple", "ti", "", "RTX 6000", "NVIDIA GeForce RTX 4060 Ti"),
    *("NVIDIA GeForce RTX 3080 Laptop GPU", "NVIDIA GeForce RTX 3080 12GB", "NVIDIA GeForce RTX 4090 D"),
    *("NVIDIA A100-SXM4-80GB MIG 1g.10gb", "A100-SXM-64GB", "Tesla V100-SXM3-32GB", "Quadro RTX 6000"),
    *("AMD Instinct MI300", "NVIDIA H20-3e", "2x RTX 4090", "Apple M9", "NVIDIA H100 80GB HBM3 " * 20),
]


@over("printed", list(PRINTED))
def test_a_device_is_found_as_its_driver_prints_it(printed):
    assert hardware[printed] is hardware[PRINTED[printed]]
    assert printed in hardware


@over("name", hardware.names())
def test_every_device_is_found_by_its_title_and_the_words_of_it(name):
    device = hardware[name]
    for spelling in (device.title, device.title.upper(), device.title.removeprefix(f"{device.vendor} ")):
        assert hardware[spelling] is device, spelling
    assert hardware.reading(device.title) == ""


@pytest.mark.parametrize("printed", OTHERS)
def test_what_may_be_another_device_is_not_found(printed):
    assert printed not in hardware
    assert hardware.reading(printed) == ""
    with pytest.raises(UnknownNameError, match="Unknown hardware"):
        hardware[printed]


def test_what_a_name_is_taken_for_is_said_where_it_is_not_exact():
    assert hardware.reading("NVIDIA H100 80GB HBM3") == "'NVIDIA H100 80GB HBM3' is read as h100-sxm."
    assert hardware.reading("NVIDIA A100-SXM4-80GB") == hardware.reading("H100_SXM") == hardware.reading(None) == ""
