"""The core alone, for a server or a CI: ``pip install ./core`` brings ``llm_roofline`` and NumPy.

It is the board's distribution with a label behind its version, as PyTorch's ``+cpu`` is. Under a name of its own it
would own the same files as ``../setup.py``: pip cannot say that two distributions exclude each other, and breaks the
one when it removes the other. Under one name it replaces the one with the other. Nor does the board depend on the core,
or a clone would need a registry to install what lies beside it.
"""

import re
from pathlib import Path

from setuptools import find_packages, setup

VERSION_FILE = Path(__file__).parent / "llm_roofline" / "_version.py"

# The version is read, not imported: importing the package would need NumPy in the build environment.
version = re.search(r'^__version__ = "(.+)"$', VERSION_FILE.read_text(encoding="utf-8"), re.MULTILINE)[1]

setup(
    name="llm-viewer-widgets",
    version=f"{version}+core",
    description="The roofline of a language model: the core of llm-viewer-widgets alone",
    long_description="The core of llm-viewer-widgets, without the board: `import llm_roofline`.",
    long_description_content_type="text/markdown",
    author="the llm-viewer-widgets authors",
    license_expression="BSD-3-Clause",
    license_files=["LICENSE"],
    classifiers=["Programming Language :: Python :: 3", "Typing :: Typed"],
    python_requires=">=3.11",
    packages=find_packages(include=["llm_roofline", "llm_roofline.*"]),
    package_data={"llm_roofline": ["py.typed", "**/*.json", "**/*.css"]},
    include_package_data=False,
    zip_safe=False,
    install_requires=["numpy>=1.26"],
    extras_require={
        "cli": ["markdown-it-py>=3", "rich>=13.7"],
        "sweep": ["tqdm>=4.60", "xarray>=2024.1"],
        "cluster": ["dask[array]>=2024.1", "distributed>=2024.1"],
    },
    entry_points={"console_scripts": ["llm-viewer = llm_roofline.__main__:main"]},
)
