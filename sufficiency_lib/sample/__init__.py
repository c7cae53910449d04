"""Synthetic authorities: five years of returns, a geography and local inputs, from a seed."""

from sufficiency_lib.sample.write import write_sample

__all__ = ["write_sample"]
