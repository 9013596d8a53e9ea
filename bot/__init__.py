"""coalition-bot: runs a coalition's federal advocacy campaign from its own chat channels."""

__version__ = "0.3.0"
