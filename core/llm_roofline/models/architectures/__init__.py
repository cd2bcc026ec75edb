"""Architectures: one family a file, found by itself.

A file names its ``MODEL_TYPES`` and offers ``blocks(config)``, which yields the blocks of the model in forward order.
It may offer ``encoder(config)`` or ``vision(config)``, a tower that runs once before them, ``context_limit(config)``,
and ``DIFFUSES``.
What several families share is in :mod:`llm_roofline.models.layers`.
"""
