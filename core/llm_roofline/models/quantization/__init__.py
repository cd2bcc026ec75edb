"""What a configuration states of quantisation: which modules are stored in which formats, by a dozen methods.

No checkpoint is opened here.
"""
