"""Every configuration of the catalogue says whether it is a copy or reconstructed, and from which source."""

from __future__ import annotations

from llm_roofline import models
from tests.over import over

KINDS = {"copy", "reconstructed"}
SAYS = '"_provenance": {"kind": "copy" or "reconstructed", "source": whence, "changed": in a copy, what was}'


@over("name", models.names())
def test_a_configuration_says_what_it_is_and_where_it_comes_from(name):
    provenance = models[name].config.get("_provenance", {})
    assert provenance.keys() - {"changed"} == {"kind", "source"}, f"a configuration says {SAYS}"
    assert provenance["kind"] in KINDS
    assert all(isinstance(text, str) and text.strip() for text in provenance.values())


@over("name", models.names())
def test_a_copy_names_a_file_and_what_was_changed_in_it(name):
    provenance = models[name].config.get("_provenance", {})
    if provenance.get("kind") == "copy":
        assert provenance["source"].endswith(".json"), "the source of a copy is the published config.json"
        assert "architectures" in models[name].config, "a copy keeps every key, such as architectures, read or not"
    else:
        assert "changed" not in provenance
