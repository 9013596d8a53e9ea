"""A policy and its bills across Congresses: who is who, what happened, what became of them."""
