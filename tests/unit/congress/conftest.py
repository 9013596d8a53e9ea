from tests.letters_kit import templates

__all__ = ["templates"]
