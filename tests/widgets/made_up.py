"""A model and a name that tests of the board make up."""

TINY = {
    "model_type": "llama",
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 8,
    "intermediate_size": 96,
    "vocab_size": 1000,
}
HOSTILE = "<img src=x onerror=alert(1)><script>alert('&\"')</script>"
"""A name that is markup where it is not escaped."""
