"""The metadata of the distribution, and its only place: pyproject.toml holds the tools' settings."""

import re
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
VERSION_FILE = HERE / "core" / "llm_roofline" / "_version.py"
README = HERE / "README.md"

# The version is read, not imported: importing the package would need NumPy in the build environment.
version = re.search(r'^__version__ = "(.+)"$', VERSION_FILE.read_text(encoding="utf-8"), re.MULTILINE)[1]

# The repository's public address, once it has one: project_urls and the links of the registry's page follow from it.
REPOSITORY = ""


def page(text: str) -> str:
    """README as a registry shows it: links lead into the repository, or are left out while it has no address."""
    if REPOSITORY:
        text = re.sub(r'((?:src|srcset)=")(?=docs/)', rf"\1{REPOSITORY}/raw/v{version}/", text)
        return re.sub(r"\]\((?!https?:)", f"]({REPOSITORY}/blob/v{version}/", text)
    text = re.sub(r"<picture>.*?</picture>\n\n", "", text, flags=re.DOTALL)
    return re.sub(r"\[([^]]+)\]\((?!https?:)[^)]+\)", r"\1", text)


setup(
    name="llm-viewer-widgets",
    version=version,
    description="The roofline of a language model in a notebook: linked controls, operators as points, latency as bars",
    long_description=page(README.read_text(encoding="utf-8")),
    long_description_content_type="text/markdown",
    author="the llm-viewer-widgets authors",
    project_urls={"Source": REPOSITORY} if REPOSITORY else {},
    license_expression="BSD-3-Clause",
    license_files=["LICENSE"],
    classifiers=[
        "Framework :: Jupyter :: JupyterLab :: 4",
        "Intended Audience :: Education",
        "Intended Audience :: Science/Research",
        "Operating System :: OS Independent",
        "Programming Language :: Python :: 3",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
        "Programming Language :: Python :: 3.14",
        "Topic :: Scientific/Engineering :: Visualization",
        "Typing :: Typed",
    ],
    python_requires=">=3.11",
    # Two packages, one distribution: the core keeps a folder of its own, so that nothing can import it as "core".
    packages=[
        *find_packages(include=["llm_viewer_widgets", "llm_viewer_widgets.*"]),
        *find_packages("core", include=["llm_roofline", "llm_roofline.*"]),
    ],
    package_dir={"llm_roofline": "core/llm_roofline"},
    # "**" because data lies in folders that are no packages (devices/data), and a view has its script beside it.
    package_data={
        "llm_roofline": ["py.typed", "**/*.json", "**/*.css"],
        "llm_viewer_widgets": ["py.typed", "**/*.json", "**/*.js", "**/*.css"],
    },
    # MANIFEST.in is for the sdist only; package_data above says all that a wheel holds.
    include_package_data=False,
    zip_safe=False,
    install_requires=[
        "numpy>=1.26",
        "traitlets>=5.14",
        "ipywidgets>=8.1,<9",
        "bqplot>=0.13.1,<0.14",
        # The bridge into the notebook reads a part of anywidget's widget manager that 0.11 has and no version promises.
        "anywidget==0.11.*",
        "markdown-it-py>=3",
        "rich>=13.7",
        "tqdm>=4.60",
        "xarray>=2024.1",
    ],
    extras_require={
        "lab": ["jupyterlab>=4.6,<5"],
        "cluster": ["dask[array]>=2024.1", "distributed>=2024.1"],
        "build": ["build>=1.3", "check-sdist>=1", "check-wheel-contents>=0.6", "towncrier>=25", "twine>=6.1"],
        "test": [
            "dask[array]>=2024.1",
            "distributed>=2024.1",
            "hypothesis>=6",
            "jupyterlab>=4.6,<5",
            "mypy>=2",
            "nbclient>=0.10",
            "nbconvert>=7",
            "nbformat>=5.10",
            "packaging",
            "playwright>=1.60",
            "pytest>=9",
            "pytest-benchmark>=5",
            "pytest-xdist>=3",
            "pyyaml>=6",
            "ruff>=0.17,<0.18",
        ],
    },
    entry_points={"console_scripts": ["llm-viewer = llm_roofline.__main__:main"]},
)
