#include "distinfer/io/hdf5_read.hpp"

#include "hdf5_dataset.hpp"
#include "hdf5_file.hpp"

namespace distinfer::io
{

std::vector<std::string> list_datasets(std::string const& file)
{
    QuietErrors const quiet;
    auto const opened = open_input_file(file);
    return datasets_of(opened.get());
}

DatasetInfo describe(std::string const& file, std::string const& dataset)
{
    QuietErrors const quiet;
    auto const opened = open_input_file(file);
    return open_dataset(opened.get(), file, dataset, External::refuse).info;
}

void add_plugin_folder(std::string const& folder)
{
    QuietErrors const quiet;
    succeeded<InputError>(H5PLprepend(folder.c_str()), "cannot use " + folder + " for filter plugins",
                          "check input.plugin_path");
}

} // namespace distinfer::io
