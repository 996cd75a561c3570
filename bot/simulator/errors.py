"""Every refusal the simulator can give, each in Telegram's own words with where they come from."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from bot.simulator.messages import Json

SERVER: Final = "telegram-bot-api, Client.cpp"
SERVER_GATE: Final = "telegram-bot-api, ClientManager.cpp and HttpConnection.cpp"
TDLIB: Final = "TDLib, in the error's own words"
MTPROTO: Final = "core.telegram.org/api/errors"
SEEN: Final = "reports of bots in use"
OURS: Final = "the simulator's own: Telegram allows this, against its own documentation"
NOT_SIMULATED: Final = "the simulator's own: Telegram does this, the simulator does not (yet)"


class Sentence(NamedTuple):
    """An error code, the description with {gaps}, and its source."""

    code: int
    text: str
    source: str


SENTENCES: Final[dict[str, Sentence]] = {
    # -- the gate
    "unauthorized": Sentence(401, "Unauthorized", SERVER_GATE),
    "method_not_found": Sentence(404, "Not Found: method not found", NOT_SIMULATED),
    "not_found_at_all": Sentence(404, "Not Found", SEEN),
    "body_too_large": Sentence(413, "Request Entity Too Large", SERVER_GATE),
    "too_many_requests": Sentence(429, "Too Many Requests: retry after {retry_after}", SERVER),
    "internal": Sentence(500, "Internal Server Error", SERVER),
    "bad_gateway": Sentence(502, "Bad Gateway", SEEN),
    "unreadable_body": Sentence(400, "Bad Request: can't parse request body: {why}", SERVER_GATE),
    "unknown_parameter": Sentence(
        400, "Bad Request: {method} has no parameter {name}", NOT_SIMULATED
    ),
    "parameter_required": Sentence(400, 'Bad Request: parameter "{name}" is required', SERVER),
    "cannot_parse_json": Sentence(400, "Bad Request: can't parse {name} JSON object", SERVER),
    "not_utf8": Sentence(400, "Bad Request: strings must be encoded in UTF-8", TDLIB),
    "not_understood": Sentence(
        400, "Bad Request: {method} was given what it cannot read: {why}", NOT_SIMULATED
    ),
    # -- updates
    "webhook_is_set": Sentence(
        409,
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first",
        SERVER,
    ),
    "second_poller": Sentence(
        409,
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
        SERVER,
    ),
    "poll_ended_by_webhook": Sentence(409, "Conflict: terminated by setWebhook request", SERVER),
    "webhook_url_invalid": Sentence(400, "Bad Request: invalid webhook URL specified", SERVER),
    "webhook_not_https": Sentence(
        400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook", SERVER
    ),
    "secret_too_long": Sentence(400, "Bad Request: secret token is too long", SERVER),
    "secret_characters": Sentence(
        400, "Bad Request: secret token contains unallowed characters", SERVER
    ),
    # -- chats and who may write there
    "chat_id_empty": Sentence(400, "Bad Request: chat_id is empty", SERVER),
    "chat_not_found": Sentence(400, "Bad Request: chat not found", SERVER),
    "user_not_found": Sentence(400, "Bad Request: user not found", SERVER),
    "user_id_invalid": Sentence(400, "Bad Request: invalid user_id specified", SERVER),
    "blocked": Sentence(403, "Forbidden: bot was blocked by the user", SERVER),
    "deactivated": Sentence(403, "Forbidden: user is deactivated", SERVER),
    "cannot_initiate": Sentence(
        403, "Forbidden: bot can't initiate conversation with a user", SEEN
    ),
    "kicked": Sentence(403, "Forbidden: bot was kicked from the {kind} chat", SERVER),
    "not_a_member": Sentence(403, "Forbidden: bot is not a member of the {kind} chat", SERVER),
    "group_upgraded": Sentence(
        400, "Bad Request: group chat was upgraded to a supergroup chat", SERVER
    ),
    "cannot_restrict": Sentence(
        400, "Bad Request: not enough rights to restrict/unrestrict chat member", TDLIB
    ),
    "no_admins_in_private": Sentence(
        400, "Bad Request: there are no administrators in the private chat", SERVER
    ),
    "leave_private": Sentence(400, "Bad Request: can't leave private and secret chats", TDLIB),
    # -- messages
    "text_empty": Sentence(400, "Bad Request: message text is empty", SERVER),
    "text_blank": Sentence(400, "Bad Request: text must be non-empty", TDLIB),
    "text_too_long": Sentence(400, "Bad Request: message is too long", TDLIB),
    "edited_text_too_long": Sentence(400, "Bad Request: MESSAGE_TOO_LONG", MTPROTO),
    "caption_too_long": Sentence(400, "Bad Request: message caption is too long", TDLIB),
    "not_found": Sentence(400, "Bad Request: {what} not found", SERVER),
    "thread_not_found": Sentence(400, "Bad Request: message thread not found", SERVER),
    "topic_closed": Sentence(400, "Bad Request: TOPIC_CLOSED", MTPROTO),
    "topic_deleted": Sentence(400, "Bad Request: TOPIC_DELETED", MTPROTO),
    "topic_not_modified": Sentence(400, "Bad Request: TOPIC_NOT_MODIFIED", MTPROTO),
    "topic_name_empty": Sentence(400, "Bad Request: topic name must be non-empty", TDLIB),
    "not_a_forum": Sentence(400, "Bad Request: the chat is not a forum", TDLIB),
    "not_enough_rights": Sentence(400, "Bad Request: not enough rights to {act}", TDLIB),
    "topic_rights": Sentence(400, "Bad Request: not enough rights to {act} a topic", TDLIB),
    "quote_invalid": Sentence(400, "Bad Request: QUOTE_TEXT_INVALID", MTPROTO),
    "not_modified": Sentence(
        400,
        "Bad Request: message is not modified: specified new message content and reply markup are "
        "exactly the same as a current content and reply markup of the message",
        SERVER,
    ),
    "no_text_to_edit": Sentence(400, "Bad Request: there is no text in the message to edit", TDLIB),
    "no_caption_to_edit": Sentence(
        400, "Bad Request: there is no caption in the message to edit", TDLIB
    ),
    "cannot_edit": Sentence(400, "Bad Request: message can't be edited", TDLIB),
    "cannot_edit_media": Sentence(400, "Bad Request: message media can't be edited", TDLIB),
    "cannot_delete": Sentence(400, "Bad Request: message can't be deleted", SERVER),
    "cannot_delete_for_all": Sentence(
        400, "Bad Request: message can't be deleted for everyone", TDLIB
    ),
    "cannot_pin": Sentence(400, "Bad Request: message can't be pinned", TDLIB),
    "cannot_copy": Sentence(400, "Bad Request: message can't be copied", TDLIB),
    "cannot_forward": Sentence(400, "Bad Request: message can't be forwarded", TDLIB),
    "nothing_to_forward": Sentence(400, "Bad Request: there are no messages to forward", TDLIB),
    "ids_missing": Sentence(400, "Bad Request: message identifiers are not specified", SERVER),
    "id_missing": Sentence(400, "Bad Request: message identifier is not specified", SERVER),
    "ids_too_many": Sentence(400, "Bad Request: too many message identifiers specified", SERVER),
    "id_invalid": Sentence(400, "Bad Request: invalid message identifier specified", SERVER),
    "ids_not_increasing": Sentence(
        400, "Bad Request: message identifiers must be in a strictly increasing order", TDLIB
    ),
    "cannot_parse_entities": Sentence(400, "Bad Request: can't parse entities: {why}", SERVER),
    "unsupported_parse_mode": Sentence(400, "Bad Request: unsupported parse_mode", SERVER),
    "markdown_not_simulated": Sentence(
        404, "Not Found: parse mode {mode} is not simulated", NOT_SIMULATED
    ),
    # -- keyboards and callbacks
    "markup_not_object": Sentence(400, "Bad Request: object expected as reply markup", SERVER),
    "markup_button": Sentence(
        400, "Bad Request: can't parse {kind} keyboard button: {why}", SERVER
    ),
    "button_text_empty": Sentence(
        400, "Bad Request: {kind} keyboard button text must be non-empty", TDLIB
    ),
    "button_data_invalid": Sentence(400, "Bad Request: BUTTON_DATA_INVALID", MTPROTO),
    "button_url_invalid": Sentence(
        400, "Bad Request: inline keyboard button URL '{url}' is invalid: Wrong HTTP URL", TDLIB
    ),
    "markup_too_long": Sentence(400, "Bad Request: reply markup is too long", SERVER),
    "inline_expected": Sentence(400, "Bad Request: inline keyboard expected", SEEN),
    "query_too_old": Sentence(
        400,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
        SERVER,
    ),
    "callback_text_too_long": Sentence(400, "Bad Request: MESSAGE_TOO_LONG", MTPROTO),
    # -- inline mode
    "results_too_many": Sentence(400, "Bad Request: RESULTS_TOO_MUCH", MTPROTO),
    "result_id_duplicate": Sentence(400, "Bad Request: RESULT_ID_DUPLICATE", MTPROTO),
    "result_id_invalid": Sentence(400, "Bad Request: RESULT_ID_INVALID", MTPROTO),
    "article_title_empty": Sentence(400, "Bad Request: ARTICLE_TITLE_EMPTY", MTPROTO),
    "next_offset_invalid": Sentence(400, "Bad Request: NEXT_OFFSET_INVALID", MTPROTO),
    "inline_button_text_empty": Sentence(400, "Bad Request: SWITCH_PM_TEXT_EMPTY", MTPROTO),
    "inline_message_invalid": Sentence(400, "Bad Request: MESSAGE_ID_INVALID", MTPROTO),
    "inline_kind_not_simulated": Sentence(
        404, "Not Found: inline results of {kind} are not simulated", NOT_SIMULATED
    ),
    # -- files, albums
    "no_file": Sentence(400, "Bad Request: there is no {kind} in the request", SERVER),
    "file_empty": Sentence(400, "Bad Request: file must be non-empty", TDLIB),
    "file_too_big": Sentence(400, "Bad Request: file is too big", SERVER),
    "file_id_invalid": Sentence(400, "Bad Request: invalid file_id", SERVER),
    "file_reference_invalid": Sentence(
        400, "Bad Request: wrong file identifier/HTTP URL specified", SERVER
    ),
    "file_kind": Sentence(400, "Bad Request: can't use file of type {kind} as {wanted}", TDLIB),
    "file_url": Sentence(400, "Bad Request: failed to get HTTP URL content", SERVER),
    "picture_unreadable": Sentence(400, "Bad Request: IMAGE_PROCESS_FAILED", MTPROTO),
    "album_size": Sentence(400, "Bad Request: media group must include 2-10 items", OURS),
    "album_kind": Sentence(
        400, "Bad Request: can't use the media of the specified type in the album", SERVER
    ),
    "album_mixed": Sentence(
        400, "Bad Request: {kind} can't be mixed with other media types", TDLIB
    ),
    "media_unparsed": Sentence(400, "Bad Request: can't parse InputMedia: {why}", SERVER),
    # -- the rest
    "reaction_invalid": Sentence(400, "Bad Request: REACTION_INVALID", MTPROTO),
    "reactions_too_many": Sentence(400, "Bad Request: REACTIONS_TOO_MANY", MTPROTO),
    "action_wrong": Sentence(400, "Bad Request: wrong parameter action in request", SERVER),
    "poll_options": Sentence(400, "Bad Request: poll must have at least 2 option", TDLIB),
    "command_invalid": Sentence(400, "Bad Request: BOT_COMMAND_INVALID", MTPROTO),
    "commands_too_many": Sentence(400, "Bad Request: BOT_COMMANDS_TOO_MUCH", MTPROTO),
    "profile_text_too_long": Sentence(400, "Bad Request: BOT_TEXT_TOO_LONG", OURS),
    "draft_not_private": Sentence(
        400, "Bad Request: messages can be streamed to private chats only", OURS
    ),
    "draft_id_zero": Sentence(400, "Bad Request: RANDOM_ID_INVALID", MTPROTO),
}


class ApiError(Exception):
    """A refusal; `parameters` is the Bot API's ResponseParameters.

    `not_simulated` marks what the real server does and this one does not: it fails a test run.
    """

    def __init__(
        self,
        code: int,
        description: str,
        parameters: Json | None = None,
        *,
        not_simulated: bool = False,
    ) -> None:
        super().__init__(description)
        self.not_simulated = not_simulated
        self.code = code
        self.description = description
        self.parameters = parameters or {}

    def envelope(self) -> Json:
        """The answer's body."""
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def refuse(key: str, /, *, parameters: Json | None = None, **gaps: Any) -> ApiError:
    """The refusal of this key in the table, its gaps filled."""
    sentence = SENTENCES[key]
    return ApiError(
        sentence.code,
        sentence.text.format(**gaps),
        parameters,
        not_simulated=sentence.source is NOT_SIMULATED,
    )
