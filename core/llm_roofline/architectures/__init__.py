"""Architectures: one family a file, found by itself.

A file names its ``MODEL_TYPES`` and offers ``blocks(config)``, which yields the blocks of the model in forward order.
What several families share is in :mod:`llm_roofline.layers`.
"""
