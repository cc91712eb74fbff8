"""The weights of three families with experts as the modules of transformers 5 hold them: a layer's experts in one tensor."""

from recipes.families import varied_model


def fused(golden, sources) -> None:
    for name in ("mixtral", "qwen2_moe", "qwen3_moe-sparse"):
        model, _, golden.values[name] = varied_model(name)  # its seed
        model.save_pretrained(golden.folder / name, save_original_format=False)
        (golden.folder / name / "generation_config.json").unlink(missing_ok=True)
