"""Tiny random models, saved as Hugging Face directories, with what transformers computes from them."""

import torch
from torch.nn.functional import logsigmoid
from transformers import (
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    LlamaForSequenceClassification,
)

from recipes.causal_lm import forward_and_gradients, greedy

VOCABULARY = 211
PAD = 210
LENGTHS = (17, 5, 33)


def random_ids(lengths, seed=7):
    generator = torch.Generator().manual_seed(seed)
    return [torch.randint(3, PAD, (length,), generator=generator).tolist() for length in lengths]


def perturbed(model):
    """Moves biases and norm weights off their initial zeros and ones, so that a model that ignores them fails."""
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() == 1:
                parameter.add_(0.1 * torch.randn_like(parameter))
    return model.eval()


def llama_config(**changes):
    return LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=48,
        intermediate_size=96,
        num_hidden_layers=3,
        num_attention_heads=6,
        num_key_value_heads=2,
        head_dim=10,
        max_position_embeddings=64,
        rms_norm_eps=1e-5,
        rope_parameters={"rope_type": "default", "rope_theta": 50000.0},
        tie_word_embeddings=False,
        initializer_range=0.15,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=PAD,
        attn_implementation="eager",
        **changes,
    )


def describe(golden, model) -> None:
    model.save_pretrained(golden.folder / "model")
    golden.values["attention"] = "eager"
    sequences = random_ids(LENGTHS)
    forward_and_gradients(golden, model, sequences)
    greedy(golden, model, sequences[1], 24, [])


def gpt2(golden, sources) -> None:
    config = GPT2Config(
        vocab_size=VOCABULARY,
        n_positions=64,
        n_embd=48,
        n_layer=3,
        n_head=4,
        initializer_range=0.15,
        bos_token_id=1,
        eos_token_id=2,
        attn_implementation="eager",
    )
    describe(golden, perturbed(GPT2LMHeadModel(config)))


def llama(golden, sources) -> None:
    describe(golden, perturbed(LlamaForCausalLM(llama_config())))


def llama_biased(golden, sources) -> None:
    describe(golden, perturbed(LlamaForCausalLM(llama_config(attention_bias=True, mlp_bias=True))))


def llama_classifier(golden, sources) -> None:
    """A reward model: scores of right-padded rows, and the Bradley-Terry loss of rows 0, 1 over rows 2, 3."""
    model = perturbed(LlamaForSequenceClassification(llama_config(num_labels=1)))
    model.save_pretrained(golden.folder / "model")
    sequences = random_ids((17, 5, 33, 1))
    longest = max(map(len, sequences))
    padded = torch.tensor([ids + [PAD] * (longest - len(ids)) for ids in sequences])
    mask = (padded != PAD).long()
    scores = model(input_ids=padded, attention_mask=mask).logits[:, 0]
    loss = -logsigmoid(scores[:2] - scores[2:]).mean()
    loss.backward()
    golden.tensor("scores", scores)
    golden.gradients(model)
    golden.values |= {
        "attention": "eager",
        "pad_token_id": PAD,
        "input_ids": sequences,
        "chosen_rows": [0, 1],
        "rejected_rows": [2, 3],
        "loss": loss.item(),
    }
