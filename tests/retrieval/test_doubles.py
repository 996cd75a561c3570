import numpy as np

from retrieval.doubles import groups


def at(*angles: float) -> np.ndarray:
    return np.array([[np.cos(a), np.sin(a), 0, 0] for a in angles], np.float32)


def test_texts_of_the_same_letters_say_the_same_whatever_their_signs() -> None:
    texts = ["压铸件的气孔。", "Burrs", "压铸件的气孔！ ", "BURRS!"]
    assert groups(texts, at(0, 1, 2, 3)).tolist() == [0, 1, 0, 1]


def test_a_passage_reworded_is_the_same() -> None:
    texts = [
        "If needed, please contact sales@example.com for details.",
        "Casting pores come from trapped gas.",
        "Please contact sales@example.com.",
    ]
    assert groups(texts, at(0, 2, 0.3)).tolist() == [0, 1, 0]


def test_another_part_number_says_another_thing() -> None:
    texts = ["请在 ESP32-S2 上编译并下载固件", "请在 ESP32-S3 上编译并下载固件"]
    assert groups(texts, at(0, 0.01)).tolist() == [0, 1]


def test_a_translation_and_another_matter_stay_apart() -> None:
    texts = ["真空压铸减少气孔", "Vacuum die casting reduces pores", "真空压铸减少气孔的办法"]
    assert groups(texts, at(0, 0.1, 2)).tolist() == [0, 1, 2]


def test_what_is_like_one_that_is_like_another_joins_them() -> None:
    texts = ["contact the sales office", "contact the sales office now", "contact sales office now"]
    assert groups(texts, at(0, 0.2, 0.4)).tolist() == [0, 0, 0]


def test_texts_without_letters_and_none_at_all() -> None:
    assert groups(["?!", "…"], at(0, 0)).tolist() == [0, 1]
    assert groups([], at()[:0].reshape(0, 4)).tolist() == []
