"""A message becomes plain values: its words, its kind, its file, and what it replies to."""

from typing import Any

import pytest
from telegram import Update

from bot.desk.views import Heard
from bot.handlers.reading import heard_in

WHEN = {"date": 1}
PERSON = {"id": 7, "is_bot": False, "first_name": "陈静"}
CHAT = {"id": 7, "type": "private"}
FILE = {"file_id": "a", "file_unique_id": "a"}
KEPT = {"id": "a", "unique_id": "a"}
PHOTO = {**FILE, "width": 1, "height": 1}
STICKER = {**PHOTO, "type": "regular", "is_animated": False, "is_video": False}
POINT = {"latitude": 30.0, "longitude": 120.0}
PAID = {"star_count": 1, "paid_media": [{"type": "preview"}]}


def update(**content: Any) -> Update:
    message = {"message_id": 3, "from": PERSON, "chat": CHAT, **WHEN, **content}
    return Update.de_json({"update_id": 1, "message": message}, None)


@pytest.mark.parametrize(
    ("content", "kind", "text", "file"),
    [
        ({"text": "铝压铸件有气孔"}, "text", "铝压铸件有气孔", {}),
        ({"photo": [PHOTO], "caption": "这张照片"}, "photo", "这张照片", KEPT),
        ({"document": {**FILE, "file_name": "图纸.pdf"}}, "document", "", {"name": "图纸.pdf"}),
        ({"voice": {**FILE, "duration": 3, "file_size": 9}}, "voice", "", {"size": 9}),
        ({"video": {**FILE, "width": 1, "height": 1, "duration": 1}}, "video", "", KEPT),
        ({"sticker": STICKER}, "sticker", "", KEPT),
        ({"location": POINT}, "location", "", {}),
        ({"venue": {"location": POINT, "title": "厂", "address": "宁波"}}, "venue", "", {}),
        ({"paid_media": PAID}, "paid_media", "", {}),
        ({"something_new": 1}, "other", "", {}),
    ],
)
def test_each_kind_of_message_is_told_apart(
    content: dict[str, Any], kind: str, text: str, file: dict[str, Any]
) -> None:
    heard = heard_in(update(**content))

    assert (heard.chat_id, heard.message_id, heard.kind, heard.text) == (7, 3, kind, text)
    assert (file and {**KEPT, **file}) == heard.file


def test_of_a_photo_the_largest_size_is_kept_and_a_document_by_its_name_and_size() -> None:
    small, large = PHOTO, {**PHOTO, "file_id": "b", "file_unique_id": "b", "file_size": 12}

    assert heard_in(update(photo=[small, large])).file == {"id": "b", "unique_id": "b", "size": 12}


def test_formatting_and_the_album_are_kept_as_telegram_counts_them() -> None:
    bold = {"type": "bold", "offset": 2, "length": 2}

    of_text = heard_in(update(text="😀气孔", entities=[bold]))
    of_photo = heard_in(
        update(photo=[PHOTO], caption="😀气孔", caption_entities=[bold], media_group_id="9")
    )

    assert of_text.entities == of_photo.entities == (bold,)
    assert (of_text.album, of_photo.album) == ("", "9")


def test_a_reply_names_the_message_and_the_words_it_answers() -> None:
    answered = {"message_id": 2, "from": PERSON, "chat": CHAT, **WHEN, "text": "什么合金？ADC12？"}
    quote = {"text": "什么合金？", "position": 0, "is_manual": True}

    heard = heard_in(update(text="ADC12", reply_to_message=answered, quote=quote))

    assert (heard.reply_to, dict(heard.quote)) == (2, quote)


def test_a_message_that_replies_to_nothing_is_plain() -> None:
    assert heard_in(update(text="好")) == Heard(7, 3, "text", "好")
