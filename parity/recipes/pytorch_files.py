"""Files of torch.save in its two forms, single and sharded, with the values that they hold."""

import json

import torch
from recipes.random_models import VOCABULARY, llama_config, perturbed, random_ids
from transformers import LlamaForCausalLM


def files(golden, _) -> None:
    """Every type of element, and every way a tensor can lie in its storage."""
    generator = torch.Generator().manual_seed(11)
    base = torch.randn(6, 4, generator=generator)
    state = {
        "float32": base,
        "float16": base.half(),
        "bfloat16": base.bfloat16(),
        "float64": base.double(),
        "int64": torch.arange(5),
        "bool": torch.tensor([True, False, True]),
        "tied": base,
        "rows": base[2:4],
        "transposed": base.t(),
        "every_other": base[:, ::2],
        "expanded": torch.tensor([3.0]).expand(2, 3),
        "scalar": torch.tensor(2.5),
        "empty": torch.zeros(0, 4),
        "parameter": torch.nn.Parameter(base[0].clone()),
        "encoder.LayerNorm.gamma": torch.tensor([1.0, 2.0]),
        "encoder.LayerNorm.beta": torch.tensor([3.0, 4.0]),
    }
    golden.folder.mkdir(parents=True, exist_ok=True)
    torch.save(state, golden.folder / "zip.bin")
    torch.save(state, golden.folder / "stream.bin", _use_new_zipfile_serialization=False)
    torch.save({"model": torch.nn.Linear(2, 2)}, golden.folder / "module.bin")
    for name, tensor in state.items():
        golden.tensor(name, tensor.contiguous())


def sharded(golden, _) -> None:
    """A model whose weights are in two shards of pytorch_model.bin, and its logits."""
    model = perturbed(LlamaForCausalLM(llama_config()))
    folder = golden.folder / "model"
    model.config.save_pretrained(folder)
    state = model.state_dict()
    names = list(state)
    halves = {
        "pytorch_model-00001-of-00002.bin": names[: len(names) // 2],
        "pytorch_model-00002-of-00002.bin": names[len(names) // 2 :],
    }
    for file, held in halves.items():
        torch.save({name: state[name] for name in held}, folder / file)
    index = {
        "metadata": {"total_size": sum(4 * tensor.numel() for tensor in state.values())},
        "weight_map": {name: file for file, held in halves.items() for name in held},
    }
    (folder / "pytorch_model.bin.index.json").write_text(json.dumps(index, indent=1) + "\n")
    ids = random_ids((9,))[0]
    golden.values["ids"] = ids
    golden.values["vocabulary"] = VOCABULARY
    with torch.no_grad():
        golden.tensor("logits", model(torch.tensor([ids])).logits[0])

