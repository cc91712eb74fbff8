"""Ids and offsets of the bundled tokenizers on texts that break careless ones."""

from tokenizers import Tokenizer

TEXTS = [
    "",
    " ",
    "   leading and   inner spaces  ",
    "Once upon a time, there was a little girl named Lily.",
    "tabs\tand\nline ends\r\nand\n\n\nblank lines\n",
    "I'm you're we've he'll she'd it's don't CAN'T",
    "123 4567 8.9 1,000,000 ½ ² ٣",
    "naïve café (composed), naïve café (decomposed)",
    "Straße, ÅNGSTRÖM, İstanbul, ǅ, ﬁ ligature",
    "日本語のテキスト 中文字符 한국어 문장",
    "Привет, мир! Γειά σου. שלום עולם. مرحبا بالعالم",
    "नमस्ते दुनिया, สวัสดีชาวโลก",
    "😀 👩‍👩‍👧‍👦 🇩🇪 👍🏽 ❤️",
    "zero\u200bwidth, no\u00a0break, ideographic\u3000space, \ufeffmark, soft\u00adhyphen",
    "line\u2028separator paragraph\u2029separator next\u0085line \u000b\u000c",
    "control \u0000 \u0001 \u001b[0m \u007f \u0080 end",
    "\ufffd replacement, \U0010ffff last, \ue000 private, 𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
    "<s> </s> <unk> <|endoftext|> <s>x</s><|endoftext|>y",
    "<0x41> <0xE2> ▁ ▁▁ Ġ Ċ",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "!?!?... --- ___ ### @@@ $$$ %%% ^^^ &&& *** ((())) [[]] {{}} <<>>",
    "def f(x):\n    return x ** 2  # comment\n\n\tprint(f(3))",
    "https://example.org/a?b=c&d=%20#e user@example.org",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!",
]


def encodings(golden, folder) -> None:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    golden.values["unit of offsets"] = "code points"
    golden.values["encodings"] = []
    for text in TEXTS:
        plain, special = (tokenizer.encode(text, add_special_tokens=add) for add in (False, True))
        golden.values["encodings"].append(
            {
                "text": text,
                "ids": plain.ids,
                "tokens": plain.tokens,
                "starts": [start for start, _ in plain.offsets],
                "ends": [end for _, end in plain.offsets],
                "ids_with_special_tokens": special.ids,
                "decoded": tokenizer.decode(plain.ids, skip_special_tokens=False),
                "decoded_without_special_tokens": tokenizer.decode(special.ids, skip_special_tokens=True),
            }
        )


def stories260k(golden, sources) -> None:
    encodings(golden, sources.stories260k)


def gpt2(golden, sources) -> None:
    encodings(golden, sources.root / "tokenizer-gpt2")
