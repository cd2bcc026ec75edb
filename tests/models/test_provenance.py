"""Every configuration of the catalogue says whether it is a copy or reconstructed, and from which source."""

from __future__ import annotations

from llm_roofline import models
from tests.over import over

KINDS = {"copy", "reconstructed"}


@over("name", models.names())
def test_a_configuration_says_what_it_is_and_where_it_comes_from(name):
    provenance = models[name].config["_provenance"]
    assert provenance.keys() - {"changed"} == {"kind", "source"}
    assert provenance["kind"] in KINDS
    assert all(isinstance(text, str) and text.strip() for text in provenance.values())


@over("name", models.names())
def test_a_copy_names_a_file_and_what_was_changed_in_it(name):
    provenance = models[name].config["_provenance"]
    if provenance["kind"] == "copy":
        assert provenance["source"].endswith(".json")
        assert "architectures" in models[name].config  # which a published file has, and no reader here asks for
    else:
        assert "changed" not in provenance
