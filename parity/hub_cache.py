"""Proves that Attune and Python's huggingface_hub share one cache, in both directions, against a hub on this machine.

    python parity/hub_cache.py

1. Attune downloads; huggingface_hub, offline, finds every file, and transformers loads and generates from it.
2. huggingface_hub downloads; Attune, offline, generates the same text from it.
3. huggingface_hub downloads what Attune has: nothing is fetched again.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "bundled" / "stories260k"
ID = "org/stories"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
PROMPT = "Once upon a time"
FILES = {path.name: path.read_bytes() for path in MODEL.iterdir() if path.is_file()}


def git_hash(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


class Hub(BaseHTTPRequestHandler):
    """As much of a hub as a download needs; large files are those of safetensors."""

    protocol_version = "HTTP/1.1"
    fetched: list[str] = []

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        self.answer()

    def answer(self):
        path = self.path.split("?")[0]
        if path.startswith(f"/api/models/{ID}/tree/"):
            tree = [
                {"type": "file", "path": name, "size": len(content), "oid": git_hash(content)}
                for name, content in FILES.items()
            ]
            return self.send(json.dumps(tree).encode())
        if path.startswith(f"/api/models/{ID}"):
            siblings = [{"rfilename": name, "size": len(content)} for name, content in FILES.items()]
            return self.send(json.dumps({"id": ID, "modelId": ID, "sha": COMMIT, "siblings": siblings}).encode())
        match = re.fullmatch(f"/{ID}/resolve/[^/]+/(.+)", path)
        if match and match[1] in FILES:
            content = FILES[match[1]]
            is_large = match[1].endswith(".safetensors")
            tag = hashlib.sha256(content).hexdigest() if is_large else git_hash(content)
            return self.send(content, {"ETag": f'"{tag}"', "X-Repo-Commit": COMMIT}, match[1])
        return self.send(b"", {"X-Error-Code": "EntryNotFound"}, status=404)

    def send(self, content, headers=None, name=None, status=200):
        self.send_response(status)
        for key, value in (headers or {}).items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "GET":
            if name:
                Hub.fetched.append(name)
            self.wfile.write(content)


def attune(home: Path, *arguments: str, **variables: str) -> str:
    environment = os.environ | {"HF_HOME": str(home)} | variables
    for name in ("HF_HUB_CACHE", "HF_TOKEN"):
        environment.pop(name, None)
    return subprocess.run(
        [str(ROOT / "attune"), *arguments], env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def python(home: Path, program: str, **variables: str) -> str:
    environment = os.environ | {"HF_HOME": str(home), "HF_HUB_DISABLE_PROGRESS_BARS": "1"} | variables
    return subprocess.run(
        [sys.executable, "-c", program], env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def require(holds: bool, what: str) -> None:
    if not holds:
        sys.exit(f"hub cache: NOT so: {what}")
    print(f"hub cache: {what}")


GENERATE = f"""
from transformers import AutoModelForCausalLM, AutoTokenizer
tokenizer = AutoTokenizer.from_pretrained("{ID}")
model = AutoModelForCausalLM.from_pretrained("{ID}")
ids = tokenizer("{PROMPT}", return_tensors="pt")
out = model.generate(**ids, do_sample=False, max_new_tokens=20)
print(out[0, ids.input_ids.shape[1]:].tolist())
"""
SNAPSHOT = f"""
from huggingface_hub import snapshot_download
print(snapshot_download("{ID}", allow_patterns=["*.json", "*.safetensors", "*.model"]))
"""


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = f"http://127.0.0.1:{server.server_port}"
    prompt = ("--prompt", PROMPT, "--temperature", "0", "--max-new-tokens", "20", "--json")
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder, "ours"), Path(folder, "theirs")
        found = Path(attune(ours, "hub", "download", ID, HF_ENDPOINT=endpoint).strip())
        offline = Path(python(ours, SNAPSHOT, HF_HUB_OFFLINE="1").strip())
        require(found == offline, "huggingface_hub finds offline the snapshot that Attune downloaded")
        expected = json.loads(python(ours, GENERATE, HF_HUB_OFFLINE="1"))

        Hub.fetched.clear()
        python(ours, SNAPSHOT, HF_ENDPOINT=endpoint, HF_HUB_OFFLINE="0")
        weights = [name for name in Hub.fetched if name.endswith(".safetensors")]
        require(not weights, "huggingface_hub fetches no weights again that Attune has")

        python(theirs, SNAPSHOT, HF_ENDPOINT=endpoint, HF_HUB_OFFLINE="0", HF_HUB_DISABLE_XET="1")
        text = json.loads(attune(theirs, "generate", "--model", ID, *prompt, HF_HUB_OFFLINE="1"))
        require(text["token_ids"] == expected, "Attune, offline, writes from Python's cache what transformers writes")

        Hub.fetched.clear()
        attune(theirs, "hub", "download", ID, HF_ENDPOINT=endpoint, HF_HUB_OFFLINE="0")
        require(Hub.fetched == [], "Attune fetches nothing again that huggingface_hub has")


if __name__ == "__main__":
    main()
