#include "distinfer/core/error.hpp"
#include "distinfer/io/chunk_grid.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace distinfer::io
{

namespace
{

StoredForm form_of(std::uint64_t rows, std::vector<std::int64_t> row_shape, std::vector<std::uint64_t> chunk)
{
    return {.spec = {DType::uint16, std::move(row_shape)}, .rows = rows, .chunk = std::move(chunk)};
}

/// Where an element of a chunk lies in the dataset, counted in elements; nothing past the dataset's edge.
std::optional<std::uint64_t> place_of(StoredForm const& form, std::vector<std::uint64_t> const& origin,
                                      std::uint64_t element)
{
    std::vector<std::uint64_t> extents{form.rows};
    for (auto const extent : form.spec.row_shape) extents.push_back(static_cast<std::uint64_t>(extent));
    std::uint64_t index = 0;
    std::uint64_t stride = 1;
    for (std::size_t axis = extents.size(); axis-- > 0;) {
        auto const at = origin[axis] + element % form.chunk[axis];
        element /= form.chunk[axis];
        if (at >= extents[axis]) return std::nullopt;
        index += at * stride;
        stride *= extents[axis];
    }
    return index;
}

/// The chunk of a dataset in which every element holds its own index, as HDF5 would store it.
std::vector<std::byte> stored_chunk(StoredForm const& form, ChunkGrid const& grid, std::uint64_t chunk)
{
    std::vector<std::uint16_t> elements(grid.chunk_bytes() / 2, 0xffff);
    for (std::uint64_t i = 0; i < elements.size(); ++i)
        if (auto const place = place_of(form, grid.origin(chunk), i)) elements[i] = static_cast<std::uint16_t>(*place);
    auto const bytes = std::as_bytes(std::span{elements});
    return {bytes.begin(), bytes.end()};
}

void expect_rows_from_chunks(StoredForm const& form, RowRange rows)
{
    ChunkGrid const grid{form};
    std::uint64_t const row = row_elements(form.spec);
    std::vector<std::uint16_t> window(rows.size() * row, 0xeeee);
    auto const chunks = grid.chunks_of(rows);
    for (auto chunk = chunks.begin; chunk < chunks.end; ++chunk)
        grid.place(chunk, stored_chunk(form, grid, chunk), rows, std::as_writable_bytes(std::span{window}));
    for (std::uint64_t i = 0; i < window.size(); ++i)
        ASSERT_EQ(window[i], rows.begin * row + i) << "element " << i << " of " << to_string(rows);
}

} // namespace

TEST(ChunkGridTest, RowsComeTogetherFromEveryShapeOfChunk)
{
    for (auto const& form :
         {form_of(10, {}, {3}), form_of(10, {4}, {3, 4}), form_of(10, {4}, {3, 3}), form_of(7, {5, 3}, {2, 5, 3}),
          form_of(7, {5, 3}, {2, 2, 3}), form_of(7, {5, 3}, {2, 5, 2}), form_of(7, {5, 3}, {7, 5, 3}),
          form_of(7, {5, 3}, {1, 1, 1}), form_of(7, {5, 3}, {20, 9, 8}), form_of(5, {2, 3, 4}, {2, 1, 2, 3})})
        for (std::uint64_t begin = 0; begin < form.rows; ++begin)
            for (std::uint64_t end = begin + 1; end <= form.rows; ++end) expect_rows_from_chunks(form, {begin, end});
}

TEST(ChunkGridTest, DrawnShapes)
{
    std::mt19937 random{3};
    auto const draw = [&](int from, int to) { return std::uniform_int_distribution{from, to}(random); };
    for (int round = 0; round < 200; ++round) {
        std::vector<std::int64_t> row_shape;
        std::vector<std::uint64_t> chunk{static_cast<std::uint64_t>(draw(1, 6))};
        for (int axis = draw(0, 3); axis > 0; --axis) {
            row_shape.push_back(draw(1, 5));
            chunk.push_back(static_cast<std::uint64_t>(draw(1, 7)));
        }
        auto const rows = static_cast<std::uint64_t>(draw(1, 15));
        auto const begin = static_cast<std::uint64_t>(draw(0, static_cast<int>(rows) - 1));
        expect_rows_from_chunks(form_of(rows, row_shape, chunk), {begin, rows});
    }
}

TEST(ChunkGridTest, ChunksOfRowsStandTogether)
{
    ChunkGrid const grid{form_of(10, {4}, {3, 3})};
    EXPECT_EQ(grid.chunks(), 8U);
    EXPECT_EQ(grid.chunks_of({0, 1}), (RowRange{0, 2}));
    EXPECT_EQ(grid.chunks_of({2, 4}), (RowRange{0, 4}));
    EXPECT_EQ(grid.chunks_of({9, 10}), (RowRange{6, 8}));
    EXPECT_TRUE(grid.chunks_of({5, 5}).empty());
    EXPECT_EQ(grid.origin(5), (std::vector<std::uint64_t>{6, 3}));
}

TEST(ChunkGridTest, AnAbsurdChunkIsAnError)
{
    EXPECT_THROW(ChunkGrid(form_of(10, {4}, {1ULL << 40, 1ULL << 40})), InputError);
}

} // namespace distinfer::io
