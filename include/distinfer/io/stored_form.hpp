#pragma once

#include "distinfer/core/tensor_spec.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace distinfer::io
{

/// One step of the pipeline that a chunk went through when it was written.
struct Filter
{
    enum class Kind { deflate, shuffle, fletcher32, lzf };

    Kind kind = Kind::deflate;
    std::uint32_t element_bytes = 0; ///< shuffle only

    bool operator==(Filter const&) const = default;
};

/// How the rows of one dataset travel: as plain rows, or in chunks as they are stored. Known to every rank.
struct StoredForm
{
    TensorSpec spec;
    std::uint64_t rows = 0;           ///< of the dataset
    bool swapped = false;             ///< in the other byte order than the machine's
    std::vector<std::uint64_t> chunk; ///< extents of a chunk, rows first; empty: plain rows
    std::vector<Filter> filters;      ///< in the order in which they were applied
    std::vector<std::byte> fill;      ///< one element, in the file's byte order: what a chunk that is not there holds

    bool in_chunks() const noexcept { return !chunk.empty(); }

    /// Whether what travels is, byte for byte, what the model is given.
    bool plain() const noexcept { return !swapped && !in_chunks() && spec.dtype != DType::boolean; }

    bool operator==(StoredForm const&) const = default;
};

/// What every rank has to know of one input file.
struct FileFacts
{
    std::uint64_t rows = 0;
    std::vector<StoredForm> forms;  ///< of the datasets, in the order of the model's arguments
    std::vector<std::string> names; ///< "/images in data.h5", as messages name the datasets

    /// Whether what travels is, byte for byte, what the model is given.
    bool plain() const noexcept
    {
        return std::ranges::all_of(forms, [](StoredForm const& form) { return form.plain(); });
    }

    std::vector<TensorSpec> specs() const
    {
        std::vector<TensorSpec> specs;
        for (auto const& form : forms) specs.push_back(form.spec);
        return specs;
    }

    bool operator==(FileFacts const&) const = default;
};

} // namespace distinfer::io
