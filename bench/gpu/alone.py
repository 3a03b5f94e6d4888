#!/usr/bin/env python3
"""Measures the network alone, on a batch that lies on the GPU, and the copies beside it.

    alone.py FOLDER    prints one line of JSON for each form of the network: rows in a second of the network with the
                       normalisation of its input, of the network alone, and the milliseconds of a batch's copies and
                       work apart and together; leaves what it makes of the first rows as NAME.scores.npy
"""

import json
import pathlib
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

import work

REPEATS = 3
FIRST_BATCHES = 2


def synchronise(device: str) -> None:
    if device == "cuda":
        torch.cuda.synchronize()


def seconds_of(call: Callable[[], Any], of: work.Size, share: float = 0.1) -> float:
    """The median over a few rounds of the time that one call takes, of as many calls as a round has time for.

    All rounds together take that share of the time of a run of dist-infer.
    """
    for _ in range(3 if of.device == "cuda" else 1):
        call()
    synchronise(of.device)
    begin = time.perf_counter()
    call()
    synchronise(of.device)
    calls = max(1, int(share * of.seconds / REPEATS / max(time.perf_counter() - begin, 1e-6)))
    rounds = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        for _ in range(calls):
            call()
        synchronise(of.device)
        rounds.append((time.perf_counter() - begin) / calls)
    return sorted(rounds)[REPEATS // 2]


def load(folder: pathlib.Path, form: work.Form, device: str) -> Callable[[Any], Any]:
    """The network as a function from a batch to its scores."""
    if form.kind == "pt2":
        return torch._inductor.aoti_load_package(str(folder / form.file), device_index=0)
    return torch.jit.load(str(folder / form.file), map_location=device).eval().to(getattr(torch, form.dtype))


def first_rows(folder: pathlib.Path, of: work.Size) -> Any:
    import h5py

    with h5py.File(work.data_files(folder, of)[0]) as file:
        return torch.from_numpy(file["photographs"][: FIRST_BATCHES * of.batch])


def overlapped(step: Callable[[Any], Any], host: Any, of: work.Size) -> float:
    """Seconds of a batch where copies in and out go on streams of their own beside the work."""
    copying, results = torch.cuda.Stream(), torch.cuda.Stream()
    places = [torch.empty_like(host, device="cuda") for _ in range(3)]
    copied, used = ([torch.cuda.Event() for _ in places] for _ in range(2))
    out = step(places[0]).cpu().pin_memory()
    turn = 0

    def one() -> None:
        nonlocal turn
        place = turn % len(places)
        turn += 1
        with torch.cuda.stream(copying):
            copying.wait_event(used[place])
            places[place].copy_(host, non_blocking=True)
            copied[place].record()
        torch.cuda.current_stream().wait_event(copied[place])
        scores = step(places[place])
        used[place].record()
        results.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(results):
            out.copy_(scores, non_blocking=True)
        scores.record_stream(results)

    return seconds_of(one, of)


def copies(step: Callable[[Any], Any], photographs: Any, of: work.Size) -> dict[str, float]:
    """Milliseconds of a batch: each copy alone, and all with the work, one after the other and overlapped."""
    if of.device == "cpu":
        return {}
    pinned = photographs.pin_memory()
    place = pinned.cuda()
    scores = step(place)
    home = scores.cpu().pin_memory()

    def in_turn() -> None:
        place.copy_(pinned, non_blocking=True)
        home.copy_(step(place), non_blocking=True)
        torch.cuda.synchronize()

    figures = {
        "in_ms": seconds_of(lambda: place.copy_(pinned, non_blocking=True), of),
        "in_pageable_ms": seconds_of(lambda: place.copy_(photographs), of),
        "out_ms": seconds_of(lambda: home.copy_(scores, non_blocking=True), of),
        "in_turn_ms": seconds_of(in_turn, of),
        "overlapped_ms": overlapped(step, pinned, of),
    }
    return {name: 1000 * seconds for name, seconds in figures.items()}


def measure(folder: pathlib.Path, form: work.Form, of: work.Size, rows: Any) -> dict[str, Any]:
    work.set_precision(torch, form.precision)
    normalise = work.Normalise(torch, form, of.device)
    net = load(folder, form, of.device)

    def step(batch: Any) -> Any:
        return net(normalise(batch))

    batches = [rows[begin : begin + of.batch].to(of.device) for begin in range(0, len(rows), of.batch)]
    scores = torch.cat([step(batch).float().cpu() for batch in batches])
    np.save(folder / f"{form.name}.scores.npy", scores.numpy())
    ready = normalise(batches[0])
    with_normalisation = seconds_of(lambda: step(batches[0]), of, 0.25)
    return {
        "form": form.name,
        "rows_per_second": of.batch / with_normalisation,
        "network_rows_per_second": of.batch / seconds_of(lambda: net(ready), of),
        "work_ms": 1000 * with_normalisation,
        **(copies(step, rows[: of.batch].clone(), of) if form.kind == "pt" else {}),
    }


def fused_rate(folder: pathlib.Path, form: work.Form, of: work.Size, rows: Any) -> float:
    """Rows in a second where TorchScript may fuse operations, as it does in Python unless it is told not to."""
    torch._C._jit_set_texpr_fuser_enabled(True)
    normalise, net, batch = work.Normalise(torch, form, of.device), load(folder, form, of.device), rows[: of.batch]
    batch = batch.to(of.device)
    seconds = seconds_of(lambda: net(normalise(batch)), of)
    torch._C._jit_set_texpr_fuser_enabled(False)
    return of.batch / seconds


def main(folder: pathlib.Path) -> None:
    of = work.size()
    torch._C._jit_set_texpr_fuser_enabled(False)
    rows = first_rows(folder, of)
    with torch.inference_mode():
        for form in of.forms:
            if not (folder / form.file).exists():
                print(f"{form.file} is not there", file=sys.stderr)
                continue
            try:
                found = measure(folder, form, of, rows)
                if form.kind == "pt":
                    found["fused_rows_per_second"] = fused_rate(folder, form, of, rows)
            except Exception as error:  # the other forms are worth measuring all the same
                print(f"{form.name}: {type(error).__name__}: {error}", file=sys.stderr)
                continue
            print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
