"""The TRL side of compare.py: one SFTTrainer run with the settings of a file, then a line RESULT {...}.

    python benchmarks/peer_sft.py WORK.json STARTED_MILLIS
"""

import json
import sys
import time
from pathlib import Path

# heavy imports count: their time is part of what a user waits for the first step
from datasets import load_dataset
from peft import LoraConfig
from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback
from trl import SFTConfig, SFTTrainer


def peak_memory():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


class StepClock(TrainerCallback):
    def __init__(self):
        self.ends = []

    def on_step_end(self, args, state, control, **others):
        self.ends.append(time.time())


work = json.loads(Path(sys.argv[1]).read_text())
started = int(sys.argv[2]) / 1000

tokenizer = AutoTokenizer.from_pretrained(work["model"])
tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
clock = StepClock()
trainer = SFTTrainer(
    model=AutoModelForCausalLM.from_pretrained(work["model"]),
    args=SFTConfig(
        output_dir=work["run_dir"],
        packing=work["packing"] != "NONE",
        packing_strategy=work["packing"].lower() if work["packing"] != "NONE" else "bfd",
        max_length=work["max_length"],
        per_device_train_batch_size=work["batch_size"],
        max_steps=work["steps"],
        train_sampling_strategy="sequential",
        # the defaults are bf16 and, to save memory, every forward pass twice
        bf16=False,
        gradient_checkpointing=False,
        use_cpu=True,
        dataloader_pin_memory=False,
        disable_tqdm=True,
        logging_steps=10,
        logging_first_step=True,
        save_strategy="no",
        report_to=[],
    ),
    train_dataset=load_dataset(
        "json", data_files=work["rows"], split="train", cache_dir=work["run_dir"] + "-cache"
    ),
    processing_class=tokenizer,
    callbacks=[clock],
    peft_config=LoraConfig(
        task_type="CAUSAL_LM", r=work["lora_rank"], lora_alpha=work["lora_rank"], target_modules="all-linear"
    )
    if work.get("lora_rank")
    else None,
)
rows = trainer.train_dataset["input_ids"]
tokens_per_step = work["batch_size"] * sum(map(len, rows)) / len(rows)
trainer.train()

half = len(clock.ends) // 2
seconds = clock.ends[-1] - clock.ends[half - 1]
print(
    "RESULT",
    json.dumps(
        {
            "tokens_per_second": tokens_per_step * (len(clock.ends) - half) / seconds,
            "tokens_per_step": tokens_per_step,
            "peak_rss_mib": peak_memory(),
            "first_step_seconds": clock.ends[0] - started,
            "first_loss": next(entry["loss"] for entry in trainer.state.log_history if "loss" in entry),
            "step_seconds": [after - before for before, after in zip(clock.ends, clock.ends[1:])],
        }
    ),
)
