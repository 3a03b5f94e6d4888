#!/usr/bin/env python3
"""Compiles the package that the tests in this folder run, for the GPU of this machine, and writes what Python makes of it.

    make_packages.py FOLDER

    cuda.pt2       by tools/export_model.py, for batches of 16 pictures
    picture.bin    the rows, raw
    logits.bin     the results of the package, batch after batch of 16, the last one filled up with its last row

What is there already is kept. Ends with 77, ctest's "skipped", where this Python has no torch, or torch finds no GPU.
"""

import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = 77
ROWS, BATCH = 70, 16


def skip(why):
    print(f"skipped: {why}")
    return SKIPPED


def make_net(torch):
    class Net(torch.nn.Module):
        """A few convolutions over a picture of bytes."""

        def __init__(self):
            super().__init__()
            self.body = torch.nn.Sequential(
                torch.nn.Conv2d(3, 16, 3, padding=1), torch.nn.ReLU(),
                torch.nn.Conv2d(16, 32, 3, stride=2, padding=1), torch.nn.ReLU(),
                torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), torch.nn.Linear(32, 10),
            )

        def forward(self, picture):
            return {"logits": self.body(picture.float() / 255)}

    torch.manual_seed(1)
    return Net().eval()


def bytes_of(torch, tensor):
    return bytes(tensor.cpu().contiguous().flatten().view(torch.uint8).tolist())


def make(torch, folder):
    from export_model import export_model
    torch.backends.cudnn.allow_tf32 = False
    pictures = torch.randint(0, 256, (ROWS, 3, 32, 32), dtype=torch.uint8, generator=torch.Generator().manual_seed(2))
    export_model(make_net(torch).cuda(), (pictures[:BATCH].cuda(),), folder / "cuda.pt2", batch=BATCH)
    package = torch._inductor.aoti_load_package(str(folder / "cuda.pt2"))
    results = []
    for begin in range(0, ROWS, BATCH):
        rows = [min(begin + i, ROWS - 1) for i in range(BATCH)]
        results.append(package(pictures[rows].cuda())["logits"].cpu())
    (folder / "picture.bin").write_bytes(bytes_of(torch, pictures))
    (folder / "logits.bin").write_bytes(bytes_of(torch, torch.cat(results)[:ROWS]))


def main(folder):
    folder = pathlib.Path(folder).resolve()
    stamp = folder / "made-by.txt"
    if stamp.is_file():
        print("the package is there")
        return 0
    try:
        import torch
    except ImportError as error:
        return skip(f"this Python cannot import torch ({error})")
    if not torch.cuda.is_available():
        return skip("torch finds no GPU on this machine")
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(folder / "cache")
    sys.dont_write_bytecode = True
    sys.path[:0] = [str(HERE), str(HERE.parent.parent / "tools")]
    make(torch, folder)
    stamp.write_text(torch.__version__)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
