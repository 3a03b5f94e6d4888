#pragma once

#include "distinfer/io/dataset_info.hpp"
#include "hdf5_handle.hpp"
#include "hdf5_layout.hpp"

#include <string>

namespace distinfer::io
{

/// Refuses chunks that no writer makes: without an element, or of other axes than the dataset; and filtered ones that
/// would take more memory than a job should give for a file of any size, since zeros shrink a thousandfold.
/// @throws InputError
void require_sound_chunks(hid_t dataset, std::string const& where);

/// Refuses contiguous rows that the file does not have. @throws InputError
void require_rows_in_file(StoredLayout const& layout, DatasetInfo const& info, int descriptor,
                          std::string const& where);

} // namespace distinfer::io
