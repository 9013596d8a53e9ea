"""Tests over recorded material, and an invented sample of it."""

from pathlib import Path

SAMPLE = Path(__file__).with_name("sample")
