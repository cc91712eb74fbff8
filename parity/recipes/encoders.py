"""Tiny random encoders with their heads, and causal models with a head for tokens: what transformers computes from padded batches of rows of different length."""

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from torch.nn.functional import cross_entropy
from transformers import (
    AutoModelForMaskedLM,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    BertConfig,
    DistilBertConfig,
    GPT2Config,
    LlamaConfig,
    ModernBertConfig,
    PreTrainedTokenizerFast,
    RobertaConfig,
    pipeline,
)

from recipes.random_models import perturbed, random_ids

VOCABULARY = 97
PAD = 1
LENGTHS = (17, 5, 26, 1)
TEXTS = ("The cat sat on the mat.", "A dog!", "Birds sing, and the cat sleeps all day long.")
PAIRS = (("Where is the cat?", "The cat sat on the mat."), ("A dog!", "No."))
MASKED = "The cat sat {mask} the mat."

SHAPE = {"vocab_size": VOCABULARY, "initializer_range": 0.15, "pad_token_id": PAD, "attn_implementation": "eager"}
BERT_SHAPE = SHAPE | {
    "hidden_size": 18,
    "intermediate_size": 28,
    "num_hidden_layers": 2,
    "num_attention_heads": 3,
    "max_position_embeddings": 40,
}


def bert_config(**changes):
    return BertConfig(**BERT_SHAPE, type_vocab_size=2, hidden_act="gelu_new", layer_norm_eps=1e-5, **changes)


def roberta_config(**changes):
    return RobertaConfig(**BERT_SHAPE, type_vocab_size=1, layer_norm_eps=1e-5, bos_token_id=0, eos_token_id=2, **changes)


def distilbert_config(**changes):
    return DistilBertConfig(
        **SHAPE,
        dim=18,
        hidden_dim=28,
        n_layers=2,
        n_heads=3,
        max_position_embeddings=40,
        activation="relu",
        sinusoidal_pos_embds=True,
        **changes,
    )


def modernbert_config(**changes):
    return ModernBertConfig(
        **SHAPE,
        hidden_size=16,
        intermediate_size=8,
        num_hidden_layers=3,
        num_attention_heads=2,
        max_position_embeddings=64,
        layer_types=["full_attention", "sliding_attention", "full_attention"],
        local_attention=8,
        rope_parameters={
            "full_attention": {"rope_type": "default", "rope_theta": 5000.0},
            "sliding_attention": {"rope_type": "default", "rope_theta": 100.0},
        },
        bos_token_id=0,
        eos_token_id=2,
        cls_token_id=0,
        sep_token_id=2,
        **changes,
    )


def word_piece(inputs=("input_ids", "token_type_ids", "attention_mask")):
    """A WordPiece tokenizer in the form of BERT's, of the words and letters of this recipe's texts."""
    splitter = pre_tokenizers.BertPreTokenizer()
    words = {word for text in texts() for word, _ in splitter.pre_tokenize_str(text.lower())}
    letters = sorted({letter for word in words for letter in word if letter.isalpha()})
    pieces = ["[CLS]", "[PAD]", "[SEP]", "[MASK]", "[UNK]", *letters, *(f"##{letter}" for letter in letters)]
    pieces += sorted(words - set(letters))
    vocabulary = {piece: i for i, piece in enumerate(pieces[:VOCABULARY])}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = splitter
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 2), ("[CLS]", 0))
    names = {"cls_token": "[CLS]", "pad_token": "[PAD]", "sep_token": "[SEP]", "mask_token": "[MASK]"}
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="[UNK]", model_input_names=list(inputs), model_max_length=40, **names
    )


def word_piece_without_types():
    """The same for DistilBERT, which has no token types."""
    return word_piece(("input_ids", "attention_mask"))


def byte_pairs():
    """A byte-level BPE tokenizer in the form of RoBERTa's, trained on the texts of this recipe."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    tokenizer.train_from_iterator(texts(), trainers.BpeTrainer(vocab_size=VOCABULARY, special_tokens=special))
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    names = {"cls_token": "<s>", "pad_token": "<pad>", "sep_token": "</s>", "mask_token": "<mask>"}
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        model_input_names=["input_ids", "attention_mask"],
        model_max_length=38,
        **names,
    )


def texts():
    return [*TEXTS, *(text for pair in PAIRS for text in pair)]


def padded(rows, filler):
    longest = max(map(len, rows))
    return torch.tensor([row + [filler] * (longest - len(row)) for row in rows])


def inputs_of(golden, rows, types=None):
    """The rows as a padded batch, which is also noted down."""
    golden.values |= {"attention": "eager", "pad_token_id": PAD, "input_ids": rows}
    mask = padded([[1] * len(row) for row in rows], 0)
    inputs = {"input_ids": padded(rows, PAD), "attention_mask": mask}
    if types is not None:
        golden.values["token_type_ids"] = types
        inputs["token_type_ids"] = padded(types, 0)
    return inputs


def rows_and_types(with_types):
    rows = [[3 + i % (VOCABULARY - 3) for i in row] for row in random_ids(LENGTHS)]
    types = [[int(3 * i > len(row)) for i in range(len(row))] for row in rows] if with_types else None
    return rows, types


def tokens_of(golden, logits, rows, labels):
    """Logits and loss of every token that is no filler."""
    targets = [[(7 * i + 3 * r) % labels for i in range(len(row))] for r, row in enumerate(rows)]
    flat = torch.cat([logits[r, : len(row)] for r, row in enumerate(rows)])
    loss = cross_entropy(flat, torch.tensor([target for row in targets for target in row]))
    loss.backward()
    golden.tensor("logits", flat)
    golden.values |= {"targets": targets, "loss": loss.item()}


def gradients(golden, model):
    """All but those of biases of keys: each adds the same to all scores of a query, so they are rounding errors of 0."""
    golden.gradients(model)
    for name in [name for name in golden.tensors if name.endswith(("key.bias", "k_lin.bias"))]:
        del golden.tensors[name]


def masked(config, tokenizer=None, types=False):
    def recipe(golden, sources) -> None:
        model = perturbed(AutoModelForMaskedLM.from_config(config()))
        model.save_pretrained(golden.folder / "model")
        rows, kinds = rows_and_types(types)
        inputs = inputs_of(golden, rows, kinds)
        hidden = model.base_model(**inputs).last_hidden_state
        golden.tensor("hidden", torch.cat([hidden[r, : len(row)] for r, row in enumerate(rows)]))
        tokens_of(golden, model(**inputs).logits, rows, VOCABULARY)
        gradients(golden, model)
        if tokenizer is not None:
            fill(golden, model, tokenizer())

    return recipe


def fill(golden, model, tokenizer) -> None:
    tokenizer.save_pretrained(golden.folder / "model")
    text = MASKED.format(mask=tokenizer.mask_token)
    unmask = pipeline("fill-mask", model=model, tokenizer=tokenizer)
    targets = tokenizer.convert_ids_to_tokens([20, 50])
    features = pipeline("feature-extraction", model=model.base_model, tokenizer=tokenizer)
    golden.values |= {
        "masked_text": text,
        "fillings": unmask(text, top_k=4),
        "targets_tokens": targets,
        "targeted": unmask(text, targets=targets),
        "texts": list(TEXTS),
        "encoded": [tokenizer(text).input_ids for text in TEXTS],
    }
    for i, text in enumerate(TEXTS):
        golden.tensor(f"features.{i}", torch.tensor(features(text)[0]))


def token_classifier(config, types=False):
    """Scores of each token. One row holds the pad token as a token that counts."""

    def recipe(golden, sources) -> None:
        model = perturbed(AutoModelForTokenClassification.from_config(config(num_labels=5)))
        model.save_pretrained(golden.folder / "model")
        rows, kinds = rows_and_types(types)
        rows[0][6] = PAD
        tokens_of(golden, model(**inputs_of(golden, rows, kinds)).logits, rows, 5)
        gradients = {name: parameter.grad for name, parameter in model.named_parameters()}
        for name in gradients:
            if name.startswith(("classifier.", "head.", "score.")):
                golden.tensor(f"grad.{name}", gradients[name])

    return recipe


def classifier(config, tokenizer=None, types=False, **changes):
    """Scores of each row, and a loss of them all."""

    def recipe(golden, sources) -> None:
        model = perturbed(AutoModelForSequenceClassification.from_config(config(**changes)))
        model.save_pretrained(golden.folder / "model")
        rows, kinds = rows_and_types(types)
        scores = model(**inputs_of(golden, rows, kinds)).logits
        if scores.shape[1] == 1:
            loss = ((scores - 1) ** 2).mean()
        else:
            loss = cross_entropy(scores, torch.arange(len(rows)) % scores.shape[1])
        loss.backward()
        golden.tensor("scores", scores)
        gradients(golden, model)
        golden.values["loss"] = loss.item()
        if tokenizer is not None:
            classify(golden, model, tokenizer())

    return recipe


def classify(golden, model, tokenizer) -> None:
    tokenizer.save_pretrained(golden.folder / "model")
    pipe = pipeline("text-classification", model=model, tokenizer=tokenizer)
    golden.values |= {
        "texts": list(TEXTS),
        "pairs": [list(pair) for pair in PAIRS],
        "encoded_pairs": [tokenizer(*pair).input_ids for pair in PAIRS],
        "all_scores": [pipe(text, top_k=None) for text in TEXTS],
        "best": [pipe(text) for text in TEXTS],
        "logits_of_texts": [pipe(text, top_k=None, function_to_apply="none") for text in TEXTS],
        "scores_of_pairs": [
            pipe({"text": first, "text_pair": second}, top_k=None, function_to_apply="none") for first, second in PAIRS
        ],
    }


def llama_config(**changes):
    return LlamaConfig(
        **SHAPE,
        hidden_size=16,
        intermediate_size=20,
        num_hidden_layers=1,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=40,
        **changes,
    )


def gpt2_config(**changes):
    return GPT2Config(**SHAPE, n_embd=16, n_layer=1, n_head=2, n_positions=40, **changes)


NAMED = {"id2label": {0: "bad", 1: "good", 2: "odd"}, "label2id": {"bad": 0, "good": 1, "odd": 2}}
bert_masked = masked(bert_config, word_piece, types=True)
bert_classifier = classifier(
    bert_config, word_piece, types=True, problem_type="multi_label_classification", **NAMED
)
bert_tokens = token_classifier(bert_config, types=True)
roberta_masked = masked(roberta_config, byte_pairs)
roberta_classifier = classifier(roberta_config, byte_pairs, num_labels=1)
roberta_tokens = token_classifier(roberta_config)
distilbert_masked = masked(distilbert_config)
distilbert_classifier = classifier(
    distilbert_config, word_piece_without_types, problem_type="single_label_classification", **NAMED
)
distilbert_tokens = token_classifier(distilbert_config)
modernbert_masked = masked(lambda **changes: modernbert_config(tie_word_embeddings=False, **changes))
modernbert_classifier = classifier(
    lambda **changes: modernbert_config(
        norm_bias=True,
        attention_bias=True,
        mlp_bias=True,
        classifier_bias=True,
        classifier_pooling="mean",
        classifier_activation="relu",
        **changes,
    ),
    num_labels=2,
    problem_type="regression",
)
modernbert_cls_classifier = classifier(modernbert_config, num_labels=1)
modernbert_tokens = token_classifier(modernbert_config)
llama_tokens = token_classifier(llama_config)
gpt2_tokens = token_classifier(gpt2_config)
