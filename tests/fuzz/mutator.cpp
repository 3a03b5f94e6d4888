#include "mutator.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace distinfer::fuzz
{

namespace
{

constexpr std::size_t largest_input = 1 << 16;

/// The changes to one input.
class Changes
{
  public:
    Changes(Input input, std::mt19937_64& random) : input_(std::move(input)), random_(&random) {}

    void make_one(Input const& other)
    {
        switch (below(7)) {
        case 0:
            return flip_bit();
        case 1:
            return overwrite(some_bytes());
        case 2:
            return overwrite(number());
        case 3:
            return insert(some_bytes());
        case 4:
            return insert(part_of(other));
        case 5:
            return overwrite(part_of(other));
        default:
            return cut();
        }
    }

    Input take() { return std::move(input_); }

  private:
    /// 0 .. end-1, and 0 where there is nothing to choose.
    std::size_t below(std::size_t end) { return end == 0 ? 0 : (*random_)() % end; }

    std::ptrdiff_t place() { return static_cast<std::ptrdiff_t>(below(input_.size() + 1)); }

    void flip_bit()
    {
        if (!input_.empty()) input_[below(input_.size())] ^= static_cast<std::byte>(1U << below(8));
    }

    Input some_bytes()
    {
        Input bytes(1 + below(4));
        for (auto& byte : bytes) byte = static_cast<std::byte>(below(256));
        return bytes;
    }

    /// An integer at which readers like to go wrong, in 1, 2, 4 or 8 bytes.
    Input number()
    {
        using Limits = std::numeric_limits<std::uint64_t>;
        constexpr std::array<std::uint64_t, 10> values{
            0, 1, 7, 8, 127, 255, 4096, 0x7fffffff, Limits::max(), Limits::max() / 2};
        auto const value = values.at(below(values.size()));
        Input bytes(std::size_t{1} << below(4));
        for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(value >> (8 * i));
        return bytes;
    }

    Input part_of(Input const& whole)
    {
        auto const begin = below(whole.size() + 1);
        auto const size = below(std::min<std::size_t>(whole.size() - begin, 256) + 1);
        auto const first = whole.begin() + static_cast<std::ptrdiff_t>(begin);
        return {first, first + static_cast<std::ptrdiff_t>(size)};
    }

    void overwrite(Input const& bytes)
    {
        auto const at = below(input_.size() + 1);
        auto const count = std::min(bytes.size(), input_.size() - at);
        std::copy_n(bytes.begin(), count, input_.begin() + static_cast<std::ptrdiff_t>(at));
    }

    void insert(Input const& bytes)
    {
        if (input_.size() + bytes.size() <= largest_input)
            input_.insert(input_.begin() + place(), bytes.begin(), bytes.end());
    }

    void cut()
    {
        auto const begin = place();
        auto const rest = static_cast<std::ptrdiff_t>(input_.size()) - begin;
        // Now and then all that is left, as a file that was cut short.
        auto const size =
            below(4) == 0 ? rest : std::min<std::ptrdiff_t>(rest, 1 + static_cast<std::ptrdiff_t>(below(16)));
        input_.erase(input_.begin() + begin, input_.begin() + begin + size);
    }

    Input input_;
    std::mt19937_64* random_;
};

} // namespace

Mutator::Mutator(std::vector<Input> corpus, std::uint64_t seed) : corpus_(std::move(corpus)), seed_(seed)
{
    corpus_.emplace_back();
}

Input Mutator::input(std::uint64_t number) const
{
    std::seed_seq seeds{seed_ >> 32U, seed_, number >> 32U, number};
    std::mt19937_64 random{seeds};
    auto const& any = [&]() -> Input const& { return corpus_[random() % corpus_.size()]; };
    Changes changes{any(), random};
    for (auto left = 1 + random() % 8; left > 0; --left) changes.make_one(any());
    return changes.take();
}

} // namespace distinfer::fuzz
