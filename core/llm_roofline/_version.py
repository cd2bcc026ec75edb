"""The version of the distribution, read by ``setup.py`` without an import."""

__version__ = "0.1.0"
