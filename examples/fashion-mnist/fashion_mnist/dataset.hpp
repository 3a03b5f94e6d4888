#pragma once

#include "fashion_mnist/array.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace fashion_mnist
{

inline constexpr std::size_t image_side = 28;
inline constexpr std::size_t image_pixels = image_side * image_side;
inline constexpr std::size_t class_count = 10;

/// The classes in the order of their labels.
inline constexpr std::array<std::string_view, class_count> class_names{
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"};

/// The images, uint8 [N,1,28,28], and the class of each, uint8 [N].
struct Dataset
{
    Array<std::uint8_t> images;
    Array<std::uint8_t> labels;

    std::size_t size() const noexcept { return labels.values.size(); }
    std::span<std::uint8_t const> image(std::size_t row) const;
};

/// Checks that shapes and labels are Fashion-MNIST's. @throws InputError
void validate(Dataset const& dataset, std::string_view origin);

/// Reads one split ("train" or "test") from a folder of gzip'ed IDX files. @throws InputError
Dataset read_idx_folder(std::string const& folder, std::string_view split);

/// Reads /images and /labels. @throws InputError
Dataset read_dataset(std::string const& hdf5_file);

/// Writes /images and /labels. The file appears under its name when it is complete. @throws OutputError
void write_dataset(std::string const& hdf5_file, Dataset const& dataset);

} // namespace fashion_mnist
