#include "bad_row_list.hpp"

#include "dataset_name.hpp"
#include "hdf5_output.hpp"

#include <cstdint>
#include <vector>

namespace distinfer::io
{

namespace
{

void add_list(hid_t file, char const* name, hid_t type, std::size_t count, void const* elements,
              std::string const& problem)
{
    hsize_t const extent = count;
    Hid const space{written(H5Screate_simple(1, &extent, nullptr), problem)};
    auto const links = output_links();
    Hid dataset{written(H5Dcreate2(file, name, type, space.get(), links.get(), H5P_DEFAULT, H5P_DEFAULT), problem)};
    if (count > 0) written(H5Dwrite(dataset.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, elements), problem);
    written(H5Dclose(dataset.release()), problem);
}

} // namespace

void add_bad_rows(std::string const& path, std::span<BadRow const> rows)
{
    QuietErrors const quiet;
    auto const problem = "cannot list bad rows in " + path;
    std::vector<std::uint64_t> numbers;
    std::vector<char const*> reasons;
    for (auto const& [row, reason] : rows) {
        numbers.push_back(row);
        reasons.push_back(reason.c_str());
    }
    auto file = open_to_write(path, problem);
    auto const text = text_type();
    add_list(file.get(), bad_rows_dataset, H5T_NATIVE_UINT64, rows.size(), numbers.data(), problem);
    add_list(file.get(), bad_row_reasons_dataset, text.get(), rows.size(), reasons.data(), problem);
    written(H5Fclose(file.release()), problem);
}

} // namespace distinfer::io
