"""Ids of tokenizers that come without a tokenizer.json: of SentencePiece itself, and of transformers' classes."""

import hashlib
import io
import json
import struct
import unicodedata
from collections import Counter

import sentencepiece
from tokenizers import normalizers, pre_tokenizers
from transformers import BertTokenizer, GPT2Tokenizer, Qwen2Tokenizer, RobertaTokenizer

from recipes.tokenization import TEXTS

MORE_TEXTS = [
    " ",
    "a  b   c    d",
    "\u202eright to left\u202c עִבְרִית العَرَبِيَّة",
    "e\u0301\u0323 q\u0307\u0323 \u1100\u1161\u11a8 ﷺ ㍿ ① ｆｕｌｌ",
    "\U0001f468\U0001f3fd\u200d\U0001f4bb \U0001f3f4\U000e0067\U000e0062\U000e007f 1\ufe0f\u20e3",
    "a\tb\u00a0c\u2003d\u2028e\u0085f",
    "\u0001\u0002\u007f\u009f",
    "Ünïcödé ÀÉÎÕÜ ñ ç ø ł đ",
    "the the the theethethe  --- ======== ..........",
]
LINE_LENGTH = 1 << 20


def line_unit() -> str:
    """Text without line ends and names of special tokens."""
    unit = " ".join(TEXTS + MORE_TEXTS)
    unit = "".join(c for c in unit if unicodedata.category(c) not in ("Cc", "Zl", "Zp")) + " "
    for name in ("<s>", "</s>", "<unk>", "<|endoftext|>", "▁"):
        unit = unit.replace(name, "")
    return unit


def line_repeats() -> int:
    return LINE_LENGTH // len(line_unit()) + 1


def digest(ids) -> str:
    return hashlib.sha256(struct.pack(f"<{len(ids)}i", *ids)).hexdigest()


def vectors(golden, name: str, encode, texts) -> None:
    line = encode(line_unit() * line_repeats())
    golden.values["line"] = {"unit": line_unit(), "repeats": line_repeats()}
    golden.values[name] = {
        "encodings": [{"text": text, "ids": encode(text)} for text in texts],
        "line_count": len(line),
        "line_sha256": digest(line),
    }


def plain_texts() -> list[str]:
    """Texts without the names of special tokens, which SentencePiece does not parse."""
    return [text for text in TEXTS + MORE_TEXTS if "<s>" not in text]


def trained(golden, sources, file: str, **options) -> sentencepiece.SentencePieceProcessor:
    path = golden.folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    model = io.BytesIO()  # a file's model would hold its path
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(line for story in sources.stories(400) for line in story.split("\n") if line),
        model_writer=model,
        num_threads=1,
        minloglevel=2,
        **options,
    )
    path.write_bytes(model.getvalue())
    return sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())


def word_pieces(texts, lower: bool) -> list[str]:
    """The special tokens, all characters, and the most frequent words and ends of words."""
    normalizer = normalizers.BertNormalizer(lowercase=lower)
    split = pre_tokenizers.BertPreTokenizer()
    words = Counter(word for text in texts for word, _ in split.pre_tokenize_str(normalizer.normalize_str(text)))
    characters = sorted({c for word in words for c in word})
    pieces = Counter()
    for word, count in words.items():
        pieces[word] += count
        for length in (2, 3, 4):
            if len(word) > length:
                pieces[f"##{word[-length:]}"] += count
    frequent = sorted(pieces, key=lambda piece: (-pieces[piece], piece))[:400]
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters, *(f"##{c}" for c in characters[::2])]
    return list(dict.fromkeys(vocabulary + frequent))


def config(golden, name: str, **content) -> None:
    (golden.folder / name).mkdir(parents=True, exist_ok=True)
    (golden.folder / name / "tokenizer_config.json").write_text(json.dumps(content) + "\n", encoding="utf-8")


def sentence_pieces(golden, sources) -> None:
    golden.folder.mkdir(parents=True, exist_ok=True)
    mistral = sentencepiece.SentencePieceProcessor(
        model_file=str(sources.root / "tokenizer-mistral-v1" / "tokenizer.model")
    )
    vectors(golden, "mistral", lambda text: [mistral.bos_id(), *mistral.encode(text)], plain_texts())

    t5 = trained(
        golden, sources, "t5/spiece.model", model_type="unigram", vocab_size=800,
        pad_id=0, eos_id=1, unk_id=2, bos_id=-1, normalization_rule_name="nmt_nfkc",
    )
    config(golden, "t5", tokenizer_class="T5Tokenizer", extra_ids=10)
    vectors(golden, "t5", lambda text: [*t5.encode(text), t5.eos_id()], plain_texts())

    gemma = trained(
        golden, sources, "gemma/tokenizer.model", model_type="bpe", vocab_size=1000,
        pad_id=0, eos_id=1, bos_id=2, unk_id=3, pad_piece="<pad>", eos_piece="<eos>", bos_piece="<bos>",
        user_defined_symbols=["<start_of_turn>", "<end_of_turn>", "<table>"],
        byte_fallback=True, split_digits=True, add_dummy_prefix=False, remove_extra_whitespaces=False,
        allow_whitespace_only_pieces=True, normalization_rule_name="identity",
    )
    config(golden, "gemma", tokenizer_class="GemmaTokenizer")
    texts = plain_texts() + ["<start_of_turn>user\nhi<end_of_turn>\n<table>x"]
    vectors(golden, "gemma", lambda text: [gemma.bos_id(), *gemma.encode(text)], texts)


def files(golden, sources) -> None:
    golden.folder.mkdir(parents=True, exist_ok=True)
    gpt2 = sources.root / "tokenizer-gpt2"
    vocabulary, merges = str(gpt2 / "vocab.json"), str(gpt2 / "merges.txt")
    texts = TEXTS + MORE_TEXTS
    for name, tokenizer in {
        "gpt2": GPT2Tokenizer(vocab=vocabulary, merges=merges),
        "qwen2": Qwen2Tokenizer(vocab=vocabulary, merges=merges),
        "opt": GPT2Tokenizer(vocab=vocabulary, merges=merges, add_bos_token=True, add_prefix_space=True),
    }.items():
        vectors(golden, name, lambda text, it=tokenizer: it(text)["input_ids"], texts)

    for name, lower in {"bert-uncased": True, "bert-cased": False}.items():
        folder = golden.folder / name
        folder.mkdir(exist_ok=True)
        vocabulary = word_pieces(sources.stories(400) + texts, lower)
        (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
        config(golden, name, tokenizer_class="BertTokenizer", do_lower_case=lower)
        tokenizer = BertTokenizer.from_pretrained(folder)
        vectors(golden, name, lambda text, it=tokenizer: it(text)["input_ids"], texts)
