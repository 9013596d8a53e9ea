"""Bulletins and newsletters that come by email."""
