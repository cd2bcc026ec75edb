r"""What a note may say in mathematics: commands of MathJax that make a sign, a fraction or a letter of another kind.

All others are left out, since among them are links, styles, definitions and boxes of any size (``\rule``, ``\kern``).
"""

COMMANDS = tuple(
    """
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau
    upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell hbar infty
    partial nabla frac dfrac tfrac sqrt sum prod int lim max min sup inf log ln exp sin cos tan gcd det bmod mod
    cdot cdots ldots dots times div pm mp ast circ bullet oplus otimes
    le leq ge geq ne neq ll gg approx sim simeq equiv propto in notin subset subseteq cup cap emptyset setminus
    to gets mapsto rightarrow leftarrow Rightarrow Leftarrow Leftrightarrow leftrightarrow implies iff
    forall exists neg land lor wedge vee mid parallel perp angle
    left right big Big lfloor rfloor lceil rceil langle rangle lvert rvert vert
    text textrm textbf textit mathrm mathbf mathit mathsf mathtt mathcal mathbb mathfrak operatorname
    hat bar tilde vec dot ddot overline underline widehat widetilde quad qquad prime
    """.split()  # noqa: SIM905 - as many words read better in rows
)
"""Names without their backslash."""
