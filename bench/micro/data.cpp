#include "data.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <random>
#include <unistd.h>

namespace distinfer::bench
{

namespace
{

/// What is repeated; no filter looks back as far.
constexpr std::size_t period = std::size_t{1} << 20;

template <class Element, class Draw>
std::vector<std::byte> repeated(std::uint64_t bytes, Draw draw)
{
    std::vector<Element> drawn(std::min<std::size_t>(bytes, period) / sizeof(Element));
    std::ranges::generate(drawn, draw);
    std::vector<std::byte> all(bytes);
    for (std::size_t at = 0; at < bytes; at += period)
        std::memcpy(all.data() + at, drawn.data(), std::min<std::size_t>(period, bytes - at));
    return all;
}

} // namespace

TensorSpec counts_spec()
{
    return {DType::uint8, {64, 64}};
}

TensorSpec numbers_spec()
{
    return {DType::float32, {32, 32}};
}

std::vector<std::byte> counts(std::uint64_t bytes)
{
    std::mt19937 random{1};
    std::poisson_distribution<int> count{0.5};
    return repeated<std::uint8_t>(bytes, [&] { return static_cast<std::uint8_t>(count(random)); });
}

std::vector<std::byte> numbers(std::uint64_t bytes)
{
    std::mt19937 random{2};
    std::normal_distribution<float> number;
    return repeated<float>(bytes, [&] { return std::round(number(random) * 64) / 64; });
}

std::string fresh_path(Settings const& settings, std::string const& suffix)
{
    for (int number = 0;; ++number) {
        auto path = settings.folder + "/micro-" + std::to_string(::getpid()) + "-" + std::to_string(number) + suffix;
        if (!std::filesystem::exists(path)) return path;
    }
}

MadeFile::MadeFile(Settings const& settings, TensorSpec const& spec, std::vector<std::byte> const& bytes,
                   test::StoredAs const& stored)
    : file_(fresh_path(settings, ".h5"))
{
    test::write_dataset(path(), "/x", spec, bytes.size() / row_bytes, bytes, stored);
}

} // namespace distinfer::bench
