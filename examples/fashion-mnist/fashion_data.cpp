// fashion-data: Fashion-MNIST's gzip'ed IDX files become an HDF5 file that dist-infer reads.
#include "distinfer/core/error.hpp"
#include "fashion_mnist/dataset.hpp"
#include "fashion_mnist/program.hpp"

#include <iostream>

namespace
{

using namespace fashion_mnist;

int make_data(Arguments arguments)
{
    auto const split = take_option(arguments, "--split", "test");
    expect_arguments(arguments, 2, "fashion-data IDX_FOLDER OUT.h5 [--split test|train]");
    if (split != "test" && split != "train") throw distinfer::ConfigError("--split is test or train, not " + split);
    auto const dataset = read_idx_folder(arguments[0], split);
    write_dataset(arguments[1], dataset);
    std::cout << "fashion-data: " << dataset.size() << " images in " << arguments[1] << '\n';
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    return run_program("fashion-data", argc, argv, make_data);
}
