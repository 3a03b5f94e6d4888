#include "gpu/same_rows.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace distinfer::test
{

namespace
{

std::vector<float> floats_of(std::vector<std::byte> const& bytes)
{
    std::vector<float> values(bytes.size() / sizeof(float));
    if (!values.empty()) std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
    return values;
}

} // namespace

double relative_difference(std::vector<std::byte> const& bytes, std::vector<std::byte> const& wanted)
{
    if (bytes.size() != wanted.size()) return std::numeric_limits<double>::infinity();
    auto const a = floats_of(bytes);
    auto const b = floats_of(wanted);
    double most = 0;
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        most = std::max(most, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
        largest = std::max(largest, std::abs(static_cast<double>(b[i])));
    }
    return largest > 0 ? most / largest : most;
}

testing::AssertionResult are_rows(std::vector<std::byte> const& bytes, Rows const& wanted)
{
    if (bytes == wanted.bytes) return testing::AssertionSuccess();
    if (bytes.size() != wanted.bytes.size())
        return testing::AssertionFailure() << bytes.size() << " bytes, not " << wanted.bytes.size();
    auto const row = row_bytes(wanted.spec);
    std::vector<std::uint64_t> differ;
    for (std::uint64_t i = 0; i < wanted.rows; ++i)
        if (std::memcmp(bytes.data() + i * row, wanted.bytes.data() + i * row, row) != 0) differ.push_back(i);
    auto failure = testing::AssertionFailure() << differ.size() << " of " << wanted.rows << " rows differ, from row "
                                               << differ.front() << " to row " << differ.back();
    if (wanted.spec.dtype == DType::float32)
        failure << ", by up to " << relative_difference(bytes, wanted.bytes) << " of the largest number";
    return failure;
}

} // namespace distinfer::test
