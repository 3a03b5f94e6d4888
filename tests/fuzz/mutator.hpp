#pragma once

#include "target.hpp"

#include <cstdint>
#include <random>
#include <vector>

namespace distinfer::fuzz
{

/// Makes inputs from those of a corpus: each is one of them, or nothing, with a few bytes flipped, overwritten, cut,
/// repeated or taken from another. Input n follows from seed and n alone, so that it can be made again.
class Mutator
{
  public:
    Mutator(std::vector<Input> corpus, std::uint64_t seed);

    Input input(std::uint64_t number) const;

  private:
    std::vector<Input> corpus_; ///< never empty
    std::uint64_t seed_;
};

} // namespace distinfer::fuzz
