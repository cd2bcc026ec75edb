"""What a configuration states of quantisation: formats by kind of weights, and the modules that are excepted.

No checkpoint is opened here.
"""
