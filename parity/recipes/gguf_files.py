"""GGUF files as the gguf package writes them, and what its numpy reference makes of their blocks."""

import importlib.metadata
import json
from pathlib import Path

import gguf
import numpy
from gguf import GGMLQuantizationType as Type
from safetensors.numpy import load_file

READ = ("F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K")
WRITTEN = ("F32", "F16", "BF16", "Q8_0", "Q4_0")
ROWS, COLUMNS = 6, 512
GOLDENS = Path(__file__).resolve().parent.parent / "goldens"
TRANSPOSED = ("attn_qkv.weight", "attn_output.weight", "ffn_up.weight", "ffn_down.weight")
# where a block has its 16-bit scales
SCALES = {
    "Q4_0": (0,), "Q4_1": (0, 2), "Q5_0": (0,), "Q5_1": (0, 2), "Q8_0": (0,),
    "Q4_K": (0, 2), "Q5_K": (0, 2), "Q6_K": (208,),
}  # fmt: skip


def random_blocks(kind: str, generator) -> numpy.ndarray:
    """Rows of blocks of random bits, but for their scales, which are finite."""
    elements, size = gguf.GGML_QUANT_SIZES[Type[kind]]
    blocks = generator.integers(0, 256, (ROWS * COLUMNS // elements, size), dtype=numpy.uint8)
    for at in SCALES.get(kind, ()):
        scale = (generator.standard_normal(len(blocks)) * 0.1).astype(numpy.float16)
        blocks[:, at : at + 2] = scale.view(numpy.uint8).reshape(-1, 2)
    if not SCALES.get(kind):
        values = generator.standard_normal(ROWS * COLUMNS).astype(numpy.float32)
        values[:4] = (0.0, -0.0, 1e-7, -65504.0)
        return gguf.quantize(values.reshape(ROWS, COLUMNS), Type[kind])
    return blocks.reshape(ROWS, -1)


def blocks(golden, sources) -> None:
    """Each type that is read: blocks of random bits in a file, and the numbers they mean."""
    golden.folder.mkdir(parents=True, exist_ok=True)
    golden.values["gguf"] = importlib.metadata.version("gguf")
    generator = numpy.random.default_rng(11)
    writer = gguf.GGUFWriter(golden.folder / "blocks.gguf", "llama")
    writer.add_uint8("test.u8", 200)
    writer.add_int8("test.i8", -100)
    writer.add_uint16("test.u16", 60000)
    writer.add_int16("test.i16", -30000)
    writer.add_uint32("test.u32", 4000000000)
    writer.add_int32("test.i32", -2000000000)
    writer.add_uint64("test.u64", 2**53 + 1)
    writer.add_int64("test.i64", -(2**53) - 1)
    writer.add_float32("test.f32", 1e-5)
    writer.add_float64("test.f64", 0.1)
    writer.add_bool("test.bool", True)
    writer.add_string("test.string", "grüß dich 😀")
    writer.add_array("test.strings", ["a", "", "ĠĊ"])
    writer.add_array("test.numbers", [0.5, -2.0])
    for kind in READ:
        data = random_blocks(kind, generator)
        expected = gguf.dequantize(data, Type[kind])
        raw = data if data.dtype in (numpy.float32, numpy.float16) else data.view(numpy.uint8)
        writer.add_tensor(kind, raw, raw_dtype=Type[kind])
        golden.tensor(kind, expected.reshape(ROWS, COLUMNS))
    finish(writer)


def quantized(golden, sources) -> None:
    """Each type that is written: numbers, and a file with the bytes of the reference."""
    golden.folder.mkdir(parents=True, exist_ok=True)
    golden.values["gguf"] = importlib.metadata.version("gguf")
    generator = numpy.random.default_rng(12)
    values = generator.standard_normal((ROWS, COLUMNS)).astype(numpy.float32)
    values[0, :32] = 0
    values[0, 32:64] = numpy.arange(-16, 16)
    values[0, 64:96] = 7.5
    values[0, 96:128] *= 1e-6
    values[1, :64] = numpy.tile((1.0, -1.0), 32)
    values[1, 64:128] *= 3e4
    values[2] *= 2.0 ** generator.integers(-30, 15, COLUMNS)
    golden.tensor("values", values)
    writer = gguf.GGUFWriter(golden.folder / "quantized.gguf", "llama")
    with numpy.errstate(over="ignore"):
        for kind in WRITTEN:
            data = gguf.quantize(values, Type[kind])
            writer.add_tensor(kind, data, raw_dtype=Type[kind])
    finish(writer)


def finish(writer) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def names(golden, sources) -> None:
    """What the tensors of each family are called on both sides, by transformers and gguf."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    sizes = dict(
        vocab_size=64, hidden_size=32, intermediate_size=64, num_hidden_layers=1, num_attention_heads=4,
        num_key_value_heads=2, head_dim=8, pad_token_id=0, bos_token_id=1, eos_token_id=2,
    )  # fmt: skip
    experts = dict(num_experts=2, num_experts_per_tok=1, moe_intermediate_size=16, shared_expert_intermediate_size=16)
    families = {
        "llama": ("llama", sizes),
        "gpt2": ("gpt2", dict(vocab_size=64, n_embd=32, n_layer=1, n_head=4, bos_token_id=1, eos_token_id=2)),
        "qwen2": ("qwen2", sizes),
        "qwen3": ("qwen3", sizes),
        "gemma": ("gemma", sizes),
        "gemma2": ("gemma2", sizes),
        "gemma3_text": ("gemma3", sizes),
        "phi3": ("phi3", sizes),
        "olmo2": ("olmo2", sizes),
        "falcon": (
            "falcon",
            dict(vocab_size=64, hidden_size=32, num_hidden_layers=1, num_attention_heads=4, num_kv_heads=2,
                 new_decoder_architecture=True, bos_token_id=1, eos_token_id=2),
        ),
        "qwen2_moe": ("qwen2moe", sizes | experts),
        "qwen3_moe": ("qwen3moe", sizes | experts),
    }  # fmt: skip
    architectures = {name: key for key, name in gguf.MODEL_ARCH_NAMES.items()}
    for model_type, (architecture, settings) in families.items():
        with torch.device("meta"):
            model = AutoModelForCausalLM.from_config(AutoConfig.for_model(model_type, **settings))
        mapping = gguf.get_tensor_name_map(architectures[architecture], 1)
        golden.values[architecture] = {
            stored: name
            for name in model.state_dict()
            if (stored := mapping.get_name(name, try_suffixes=(".weight", ".bias")))
        }


def interleaved(values: numpy.ndarray, heads: int) -> numpy.ndarray:
    """Rows as llama.cpp's converter puts them for rotary positions."""
    halves = values.reshape(heads, 2, values.shape[0] // heads // 2, *values.shape[1:])
    return halves.swapaxes(1, 2).reshape(values.shape)


def converted(golden, sources) -> None:
    """The tiny models as llama.cpp's converter writes them, in F16."""
    golden.folder.mkdir(parents=True, exist_ok=True)
    golden.values["gguf"] = importlib.metadata.version("gguf")
    architectures = {name: key for key, name in gguf.MODEL_ARCH_NAMES.items()}
    for name, architecture in (("gpt2-random", "gpt2"), ("llama-random-biased", "llama")):
        folder = GOLDENS / name / "model"
        config = json.loads((folder / "config.json").read_text("utf-8"))
        writer = gguf.GGUFWriter(golden.folder / f"{name}.gguf", architecture)
        writer.add_context_length(64)
        writer.add_embedding_length(48)
        writer.add_block_count(3)
        if architecture == "gpt2":
            writer.add_feed_forward_length(4 * config["n_embd"])
            writer.add_head_count(config["n_head"])
            writer.add_layer_norm_eps(config["layer_norm_epsilon"])
        else:
            writer.add_feed_forward_length(config["intermediate_size"])
            writer.add_head_count(config["num_attention_heads"])
            writer.add_head_count_kv(config["num_key_value_heads"])
            writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
            writer.add_rope_freq_base(config["rope_parameters"]["rope_theta"])
            writer.add_rope_dimension_count(config["head_dim"])
        mapping = gguf.get_tensor_name_map(architectures[architecture], 3)
        for tensor, values in load_file(folder / "model.safetensors").items():
            stored = mapping.get_name(tensor, try_suffixes=(".weight", ".bias"))
            if architecture == "gpt2" and stored.endswith(TRANSPOSED):
                values = values.T
            if architecture == "llama" and ".attn_q." in stored:
                values = interleaved(values, config["num_attention_heads"])
            if architecture == "llama" and ".attn_k." in stored:
                values = interleaved(values, config["num_key_value_heads"])
            exact = values.ndim == 1 or stored == "position_embd.weight"
            writer.add_tensor(stored, numpy.ascontiguousarray(values, numpy.float32 if exact else numpy.float16))
        finish(writer)
