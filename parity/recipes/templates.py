"""What Python's jinja2, set up as transformers does it, makes of the chat templates that trl and axolotl ship."""

import datetime
import gzip
import hashlib
import importlib.metadata
import json
import os
import zipfile
from pathlib import Path

import transformers.utils.chat_template_utils as originals

import trl

TOKENS = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}

TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": 'Looks up the weather, in "°C" or <°F> & more.',
            "parameters": {
                "type": "object",
                "properties": {
                    "city": {"type": "string", "description": "The city's name"},
                    "unit": {"type": "string", "enum": ["c", "f"], "default": "c"},
                    "days": {"type": "array", "items": {"type": "integer"}},
                },
                "required": ["city"],
            },
            "return": {"type": "object", "description": "degrees"},
        },
    },
    {
        "type": "function",
        "function": {
            "name": "now",
            "description": "The time.",
            "parameters": {"type": "object", "properties": {}, "required": []},
        },
    },
]

CONVERSATIONS = {
    "plain": {
        "messages": [
            {"role": "user", "content": "  What is the capital of France? "},
            {"role": "assistant", "content": "Paris.\n"},
            {"role": "user", "content": "Und die Höhe des 🗼, <b>\"genau\"</b>?"},
            {"role": "assistant", "content": "Etwa 330 m – it's tall."},
        ],
        "tools": None,
        "add_generation_prompt": False,
    },
    "system": {
        "messages": [
            {"role": "system", "content": "You are terse.\nAnswer in one line."},
            {"role": "user", "content": "Hi"},
        ],
        "tools": None,
        "add_generation_prompt": True,
    },
    "thinking": {
        "messages": [
            {"role": "user", "content": "2 + 2?"},
            {"role": "assistant", "reasoning_content": "Two and two.\n", "content": "4"},
            {"role": "user", "content": "3 + 3?"},
            {"role": "assistant", "content": "<think>\nThree and three.\n</think>\n\n6"},
        ],
        "tools": None,
        "add_generation_prompt": False,
    },
    "tools": {
        "messages": [
            {"role": "system", "content": "Use tools."},
            {"role": "user", "content": "How warm is it in Zürich?"},
            {
                "role": "assistant",
                "content": "",
                "tool_calls": [
                    {
                        "id": "call00001",
                        "type": "function",
                        "function": {"name": "get_weather", "arguments": {"city": "Zürich", "days": [1, 2.5], "raw": None}},
                    }
                ],
            },
            {"role": "tool", "tool_call_id": "call00001", "name": "get_weather", "content": '{"degrees": 21.5, "rain": false}'},
            {"role": "assistant", "content": "21.5 °C."},
        ],
        "tools": TOOLS,
        "add_generation_prompt": False,
    },
}


class FixedTime(datetime.datetime):
    """Templates that print the date print this one."""

    @classmethod
    def now(cls, tz=None):
        return cls(2026, 1, 2, 3, 4, 5)


def shipped() -> list[dict]:
    """The templates of both packages, with where they come from."""
    templates = []
    for path in sorted((Path(trl.__file__).parent / "chat_templates").glob("*.jinja")):
        origin = f"trl {importlib.metadata.version('trl')}"
        templates.append({"name": f"trl/{path.stem}", "origin": origin, "text": path.read_text("utf-8")})
    cache = Path(os.environ.get("ATTUNE_CACHE", Path.home() / ".cache/attune"))
    (wheel,) = (cache / "archives").glob("axolotl-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            if name.startswith("axolotl/utils/chat_templates/templates/") and name.endswith(".jinja"):
                origin = f"axolotl {wheel.name.split('-')[1]}"
                text = archive.read(name).decode("utf-8")
                templates.append({"name": f"axolotl/{Path(name).stem}", "origin": origin, "text": text})
    return templates


def render(template: str, conversation: dict) -> dict:
    try:
        (text,), (spans,) = originals.render_jinja_template(
            conversations=[conversation["messages"]],
            tools=conversation["tools"],
            chat_template=template,
            return_assistant_tokens_mask=True,
            add_generation_prompt=conversation["add_generation_prompt"],
            **TOKENS,
        )
    except Exception as error:  # whatever it is, it is what a user of transformers would see
        return {"error": type(error).__name__, "message": str(error)}
    return {"text": text, "spans": [list(span) for span in spans]}


def store(golden, content: dict) -> None:
    """Writes the corpus compressed; values.json tells whether it is the same."""
    data = json.dumps(content, ensure_ascii=False, indent=0).encode("utf-8")
    golden.folder.mkdir(parents=True, exist_ok=True)
    with open(golden.folder / "corpus.json.gz", "wb") as file:
        with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=9, filename="", mtime=0) as archive:
            archive.write(data)
    golden.values["sha256 of corpus.json"] = hashlib.sha256(data).hexdigest()
    golden.values["jinja2"] = importlib.metadata.version("jinja2")


def encodings(templates: list[dict], sources) -> list[dict]:
    """Token ids and assistant masks, with the bundled tokenizers, of templates that mark the assistant's words."""
    tokenizers = {"stories260k": sources.tokenizer(), "tokenizer-gpt2": sources.tokenizer("tokenizer-gpt2")}
    texts = {template["name"]: template["text"] for template in templates}
    results = []
    for template in ("trl/qwen3_training", "trl/llama3_training", "trl/gemma_training", "trl/phi3_training"):
        for name, tokenizer in tokenizers.items():
            for conversation in ("plain", "thinking"):
                encoded = tokenizer.apply_chat_template(
                    CONVERSATIONS[conversation]["messages"],
                    chat_template=texts[template],
                    tokenize=True,
                    return_dict=True,
                    return_assistant_tokens_mask=True,
                )
                ids, mask = list(encoded["input_ids"]), list(encoded["assistant_masks"])
                where = {"tokenizer": name, "template": template, "conversation": conversation}
                results.append({**where, "ids": ids, "mask": mask})
    return results


def corpus(golden, sources) -> None:
    originals.datetime = FixedTime
    templates = shipped()
    renders = []
    for template in templates:
        for name, conversation in CONVERSATIONS.items():
            result = render(template["text"], conversation)
            renders.append({"template": template["name"], "conversation": name, **result})
    store(
        golden,
        {
            "licence": "The templates are from the Python packages trl and axolotl, both under the Apache License 2.0.",
            "tokens": TOKENS,
            "now": FixedTime.now().isoformat(),
            "conversations": CONVERSATIONS,
            "templates": templates,
            "renders": renders,
            "encodings": encodings(templates, sources),
        },
    )
    golden.values["templates"] = len(templates)
    golden.values["rendered"] = sum("text" in render for render in renders)
    golden.values["errors"] = sum("error" in render for render in renders)
