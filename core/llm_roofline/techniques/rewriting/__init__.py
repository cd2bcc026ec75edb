"""Means by which techniques change layers: over every operator, fused, shared among devices, kept for the cache.

What a single technique does stands in its own file. Imports the operators, the models and the serving.
"""

from .blocks import each_block, each_kernel, each_operator

__all__ = ["each_block", "each_kernel", "each_operator"]
