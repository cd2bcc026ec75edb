"""A catalogue is a read-only mapping that loads on demand and forgives spelling."""

from __future__ import annotations

import pytest

from llm_roofline import UnknownNameError
from llm_roofline.basics.catalogue import Catalogue


@pytest.fixture
def loads():
    return []


@pytest.fixture
def catalogue(loads):
    def load(name):
        loads.append(name)
        return name.upper()

    return Catalogue("device", lambda: ("h100-sxm", "h100-pcie", "lab/a100"), load, lambda: {"hopper": "h100-sxm"})


@pytest.mark.parametrize("spelling", ["h100-sxm", "H100-SXM", " h100_sxm ", "h100 sxm", "Hopper"])
def test_case_blanks_and_dashes_make_no_difference(catalogue, spelling):
    assert catalogue[spelling] == "H100-SXM"
    assert spelling in catalogue


def test_the_part_after_the_slash_will_do(catalogue):
    assert catalogue["a100"] == "LAB/A100"


def test_an_object_is_loaded_once_and_not_before_it_is_asked_for(catalogue, loads):
    assert list(catalogue) == ["h100-sxm", "h100-pcie", "lab/a100"]
    assert len(catalogue) == 3
    assert "h100-pcie" in catalogue
    assert loads == []
    assert catalogue["h100-pcie"] is catalogue["H100 PCIe"]
    assert loads == ["h100-pcie"]


@pytest.mark.parametrize("name", ["h200", "", None, 5, ["h100-sxm"]])
def test_an_unknown_name_is_an_error_and_not_in_it(catalogue, name):
    assert name not in catalogue
    with pytest.raises(UnknownNameError, match=r"^Unknown device .* See devices\.names\(\)\.$"):
        catalogue[name]
    assert isinstance(catalogue.get("h100-sxm"), str)


def test_an_unknown_name_offers_the_nearest(catalogue):
    with pytest.raises(UnknownNameError, match="Did you mean 'h100-sxm', 'h100-pcie'"):
        catalogue["H100"]


def test_a_catalogue_cannot_be_written(catalogue):
    with pytest.raises(TypeError):
        catalogue["mine"] = 1


def test_its_representation_is_one_line(catalogue):
    assert repr(catalogue) == "<3 device names: h100-sxm, h100-pcie, lab/a100, …>"
