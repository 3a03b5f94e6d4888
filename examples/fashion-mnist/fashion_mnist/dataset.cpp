#include "fashion_mnist/dataset.hpp"

#include "distinfer/core/error.hpp"
#include "fashion_mnist/gzip.hpp"
#include "fashion_mnist/hdf5.hpp"
#include "fashion_mnist/idx.hpp"

#include <algorithm>
#include <filesystem>

namespace fashion_mnist
{

namespace
{

/// Rows in one chunk of the HDF5 file: 200 kB, which a reader takes in one go.
constexpr std::uint64_t chunk_rows = 256;

Array<std::uint8_t> read_idx_file(std::string const& path)
{
    return parse_idx(gunzip(read_file(path), path), path);
}

} // namespace

std::span<std::uint8_t const> Dataset::image(std::size_t row) const
{
    return std::span{images.values}.subspan(row * image_pixels, image_pixels);
}

void validate(Dataset const& dataset, std::string_view origin)
{
    std::string const name{origin};
    auto const rows = dataset.labels.values.size();
    if (rows == 0 || dataset.labels.shape.size() != 1) throw distinfer::InputError(name + " has no list of labels");
    if (dataset.images.shape != std::vector<std::uint64_t>{rows, 1, image_side, image_side}) {
        throw distinfer::InputError(name + " has other images than [" + std::to_string(rows) + ",1,28,28]",
                                    "as many as there are labels");
    }
    auto const highest = *std::max_element(dataset.labels.values.begin(), dataset.labels.values.end());
    if (highest >= class_count) {
        throw distinfer::InputError(name + " has the label " + std::to_string(highest), "labels go from 0 to 9");
    }
}

Dataset read_idx_folder(std::string const& folder, std::string_view split)
{
    std::string const prefix = folder + (split == "test" ? "/t10k-" : "/train-");
    Dataset dataset{read_idx_file(prefix + "images-idx3-ubyte.gz"), read_idx_file(prefix + "labels-idx1-ubyte.gz")};
    // IDX has no axis of channels; models expect one.
    auto& shape = dataset.images.shape;
    if (!shape.empty()) shape.insert(shape.begin() + 1, 1);
    validate(dataset, folder);
    return dataset;
}

Dataset read_dataset(std::string const& hdf5_file)
{
    Hdf5Reader const reader{hdf5_file};
    Dataset dataset{reader.read<std::uint8_t>("/images"), reader.read<std::uint8_t>("/labels")};
    validate(dataset, hdf5_file);
    return dataset;
}

void write_dataset(std::string const& hdf5_file, Dataset const& dataset)
{
    auto const unfinished = hdf5_file + ".part";
    Hdf5Writer writer{unfinished};
    writer.write("/images", dataset.images, chunk_rows);
    writer.write("/labels", dataset.labels, chunk_rows);
    writer.close();
    std::filesystem::rename(unfinished, hdf5_file);
}

} // namespace fashion_mnist
