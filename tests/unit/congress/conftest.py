from tests.kit.letters import templates

__all__ = ["templates"]
