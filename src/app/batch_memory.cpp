#include "distinfer/app/batch_memory.hpp"

#include "distinfer/core/error.hpp"
#include "distinfer/core/narrow.hpp"

#include <unistd.h>

namespace distinfer::app
{

void require_batch_fits(std::vector<std::string> const& datasets, std::vector<TensorSpec> const& inputs,
                        std::uint64_t batch_rows, std::uint64_t memory)
{
    auto left = memory;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        auto const bytes = checked_product(row_bytes(inputs[i]), batch_rows);
        if (!bytes || *bytes > left)
            throw InputError("a batch of " + std::to_string(batch_rows) + " rows does not fit into memory",
                             datasets.at(i) + " is " + to_string(inputs[i]) + ", and this machine has " +
                                 std::to_string(memory) + " bytes",
                             "make run.batch smaller, or see whether the file is damaged");
        left -= *bytes;
    }
}

std::uint64_t machine_memory()
{
    auto const pages = ::sysconf(_SC_PHYS_PAGES);
    auto const page = ::sysconf(_SC_PAGESIZE);
    return pages > 0 && page > 0 ? narrow<std::uint64_t>(pages) * narrow<std::uint64_t>(page) : UINT64_MAX;
}

} // namespace distinfer::app
