"""Backups encrypted with age (https://age-encryption.org): to a public key, so the host cannot read its own backups."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pyrage  # type: ignore[import-untyped]

from bot.shared.errors import CoalitionBotError
from bot.shared.private_files import open_private

_HEADER: Final = b"age-encryption.org/"


class WrongKey(CoalitionBotError):
    """A key cannot be used; the message says why and what to do."""


def is_encrypted(path: Path) -> bool:
    """Whether a file was encrypted with age. Raises `OSError` if it cannot be read."""
    with path.open("rb") as file:
        return file.read(len(_HEADER)) == _HEADER


def encrypt(source: Path, target: Path, recipient: str) -> None:
    """Encrypt a file to a public key in a new file, piece by piece. Raises `WrongKey`, `FileExistsError`."""
    key = public_key(recipient)
    with source.open("rb") as plain, open_private(target, new=True) as file:
        try:
            pyrage.encrypt_io(plain, file, [key])
        except BaseException:
            target.unlink()  # a partial file must not look like a backup
            raise


def decrypt(source: Path, target: Path, key_file: Path) -> None:
    """Decrypt a file with the secret keys in `key_file`, which `age-keygen` made, piece by piece. Raises `WrongKey`."""
    try:
        lines = map(str.strip, key_file.read_text(encoding="utf-8").splitlines())
        keys = [pyrage.x25519.Identity.from_str(line) for line in lines if line and line[0] != "#"]
    except OSError as error:
        raise WrongKey(f"The key file {key_file} cannot be read: {error.strerror}.") from error
    except (pyrage.IdentityError, UnicodeDecodeError) as error:
        raise WrongKey(f"{key_file} is not a key file: `age-keygen -o backup-key.txt` makes one.") from error
    with source.open("rb") as file, open_private(target) as plain:
        try:
            pyrage.decrypt_io(file, plain, keys)
        except pyrage.DecryptError as error:
            raise WrongKey(f"{key_file} does not open {source}: {error}. Use the key that it was made for.") from error
        except OSError as error:
            if error.errno is not None:  # of the disk; what age itself finds wrong has no number
                raise
            raise WrongKey(f"{source} is damaged: it was cut short or changed. Use another backup.") from error


def public_key(text: str) -> pyrage.x25519.Recipient:
    """Return a public key. Raises `WrongKey` for anything else."""
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError as error:
        what = "a secret key: keep it away from the bot" if text.strip().startswith("AGE-SECRET-KEY-") else "not a key"
        raise WrongKey(
            f"--to is {what}. It takes the public key, age1…, that `age-keygen -o backup-key.txt` prints."
        ) from error
