"""Upload files to a thread: https://docs.slack.dev/messaging/working-with-files#uploading_files

Only the last of three steps shows the files, all at once, so only its outcome can be in doubt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.wording import MAY_REPEAT, file_name
from bot.commands.model import File
from bot.shared.errors import CoalitionBotError

# https://docs.slack.dev/reference/methods/files.getUploadURLExternal#errors, and those of completeUploadExternal.
NOT_TAKEN: Final = {
    "missing_scope": "the app cannot upload files (missing_scope): add files:write and reinstall it",
    "file_uploads_disabled": "the workspace does not accept files (file_uploads_disabled)",
    "file_uploads_except_images_disabled": "the workspace accepts only images (file_uploads_except_images_disabled)",
    "file_upload_size_restricted": "the workspace does not accept files of this size (file_upload_size_restricted)",
    "storage_limit_reached": "the workspace has no storage left (storage_limit_reached)",
    "slack_connect_file_upload_sharing_blocked": "the other organization does not accept files here",
    "slack_connect_blocked_file_type": "the other organization does not accept files of this kind here",
    "malware_detected": "Slack detected malware in it (malware_detected)",
}


class NotUploaded(CoalitionBotError):
    """The upload failed; nothing is visible."""


async def uploaded(client: AsyncWebClient, files: Sequence[File]) -> list[dict[str, str | None]]:
    """Upload the bytes, not visible yet; returns the ids for `share`. Raises slack_sdk's and aiohttp's errors."""
    file_ids: list[dict[str, str | None]] = []
    async with aiohttp.ClientSession(trust_env=True) as session:
        for file in files:
            name = file_name(file.name)
            place = await client.files_getUploadURLExternal(filename=name, length=len(file.data))
            async with session.post(str(place["upload_url"]), data=file.data, proxy=client.proxy) as answer:
                if answer.status != 200:
                    raise NotUploaded(f"Slack answered a file upload with status {answer.status}")
            file_ids.append({"id": str(place["file_id"]), "title": name})
    return file_ids


async def share(
    client: AsyncWebClient, file_ids: list[dict[str, str | None]], *, channel: str, thread: str, may_repeat: bool
) -> None:
    """Show the files in a thread."""
    comment = MAY_REPEAT if may_repeat else None
    await client.files_completeUploadExternal(
        files=file_ids,
        channel_id=channel,
        thread_ts=thread,
        initial_comment=comment,
    )


def has(message: Mapping[str, Any], files: Sequence[File], after: str) -> bool:
    """Whether a thread message later than `after` has all these files."""
    there = {(found.get("name"), found.get("size")) for found in message.get("files", ())}
    wanted = {(file_name(file.name), len(file.data)) for file in files}
    return float(message["ts"]) > float(after) and wanted <= there
