#!/usr/bin/env python3
"""Lightning: Trainer.predict on two processes (ddp), with a writer that stores what each process predicted.

    python lightning_predict.py data.h5 model.pt out.h5 --batch 64

Lightning deals batches out in turns and starts this script once more for the second process. The writer puts each
batch into a file of its process as it comes; at the end the first process puts all of them into one file, in order.
"""

import argparse
import os

import h5py
import lightning
import torch
from lightning.pytorch.callbacks import BasePredictionWriter
from torch.utils.data import DataLoader, Dataset


class Batches(Dataset):
    """Item i is the number of batch i of the file and its rows."""

    def __init__(self, path: str, batch: int) -> None:
        self.rows, self.batch = h5py.File(path, "r")["x"], batch

    def __len__(self) -> int:
        return -(-len(self.rows) // self.batch)

    def __getitem__(self, index: int) -> tuple[int, torch.Tensor]:
        return index, torch.from_numpy(self.rows[index * self.batch : (index + 1) * self.batch])


class Predictor(lightning.LightningModule):
    """The model as Lightning wants it."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.model = torch.jit.load(path)

    def predict_step(self, item: tuple[int, torch.Tensor]) -> tuple[int, torch.Tensor]:
        number, rows = item
        return number, self.model(rows)


class Writer(BasePredictionWriter):
    """Writes the predictions of a process, then, on the first one, those of all."""

    def __init__(self, output: str, total: int, batch: int) -> None:
        super().__init__("batch")
        self.output, self.total, self.batch = output, total, batch
        self.file: h5py.File | None = None

    def part(self, rank: int) -> str:
        return f"{self.output}.{rank}"

    def write_on_batch_end(self, trainer, module, prediction, batch_indices, batch, batch_idx, dataloader_idx) -> None:
        number, result = prediction
        if self.file is None:
            self.file = h5py.File(self.part(trainer.global_rank), "w")
        self.file[str(number)] = result.numpy()

    def on_predict_end(self, trainer, module) -> None:
        if self.file is not None:
            self.file.close()
        trainer.strategy.barrier()
        if trainer.is_global_zero:
            self.merge(range(trainer.world_size))

    def merge(self, ranks: range) -> None:
        with h5py.File(self.output, "w") as file:
            for path in filter(os.path.exists, map(self.part, ranks)):
                with h5py.File(path, "r") as part:
                    for number, result in part.items():
                        output = file.require_dataset("y", (self.total, *result.shape[1:]), result.dtype)
                        start = int(number) * self.batch
                        output[start : start + len(result)] = result[:]
                os.remove(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "model", "output"):
        parser.add_argument(name)
    parser.add_argument("--batch", type=int, required=True)
    args = parser.parse_args()

    torch.set_num_threads(1)
    batches = Batches(args.data, args.batch)
    trainer = lightning.Trainer(
        accelerator="cpu", devices=2, strategy="ddp", logger=False, enable_progress_bar=False,
        callbacks=[Writer(args.output, len(batches.rows), args.batch)],
    )  # fmt: skip
    trainer.predict(Predictor(args.model), DataLoader(batches, batch_size=None), return_predictions=False)


if __name__ == "__main__":
    main()
