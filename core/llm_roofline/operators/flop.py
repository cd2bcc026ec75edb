"""FLOP of one element of the operators that are no matrix products, in one table.

The counts are conventions: arXiv 2402.16363 Table 1 has 5 for the softmax, 7 for a norm and 1 for an add; the others
follow from counting each addition, multiplication, division, square root and exponential as one.
"""

SOFTMAX = 5  # subtract the maximum, exponential, sum, divide, and the maximum itself (arXiv 2402.16363, Table 1)
CAP = 3  # scale, tanh, scale (arXiv 2408.00118, section 2)
ALIBI = 2  # distance times slope, and the sum (arXiv 2108.12409, section 3)
LAYER_NORM = 7  # mean, difference, square, mean, scale by the root, weight, bias (arXiv 2402.16363, Table 1)
RMS_NORM = 4  # square, mean, scale by the root, weight (arXiv 1910.07467, equation 4)
ADD = 1
ROPE = 3  # two products and a sum an element (arXiv 2104.09864, equation 34)
SIGMOID_GATE = 5  # SiLU is exp, add, divide, multiply; one more product gates (arXiv 2002.05202)
GELU = 8  # the tanh form: three products for the cube, add, scale, tanh, add, product (arXiv 1606.08415)
RELU = 1
RELU_SQUARED = 2  # the square as well (arXiv 2109.08668)
GATE = 1  # the product with the gated half, where the activation does not count it already

SIGMOID = 3  # exp, add, divide
TANH = 1  # as in CAP
SOFTPLUS = 3  # exp, add, logarithm
BOUND = 3  # divide, tanh, multiply
ROUTE = 5  # the choice of experts: a softmax or sigmoid and its comparison, for each expert (as SOFTMAX)

CLAMPS = 3  # the gated half has one bound, the other two (gpt-oss, arXiv 2508.10925; DeepSeek-V4)

ACTIVATION = {
    "silu": SIGMOID_GATE - GATE,
    "clamped silu": SIGMOID_GATE - GATE + CLAMPS,
    "swigluoai": SIGMOID_GATE - GATE + CLAMPS + 2,  # scales inside the sigmoid, adds one to the gated half
    "gelu": GELU,
    "relu": RELU,
    "relu2": RELU_SQUARED,
    "sigmoid": SIGMOID,
    "tanh": TANH,
    "situ": BOUND + SIGMOID + GATE + BOUND,  # a bounded SiLU, and a bound of the gated half (arXiv 2607.24653)
}
"""FLOP an element of each activation function, its gate's product left out [FLOP]."""
