"""Compiler and system: how an engine runs and places a model (arXiv 2402.16363, section 5)."""
