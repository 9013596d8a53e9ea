"""Review: citations and their sources, premises, confirmation, approval."""
