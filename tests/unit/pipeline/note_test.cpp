#include "distinfer/pipeline/note.hpp"

#include <gtest/gtest.h>

namespace distinfer::pipeline
{

TEST(NoteTest, RoundTrips)
{
    Note const note{.kind = Note::Kind::failed,
                    .window = 1ULL << 40,
                    .bytes = 3,
                    .failure = {ExitCode::model, std::string{"why\0 not", 8}},
                    .bad_rows = {{7, "NaN in /y"}, {1ULL << 50, ""}}};
    EXPECT_EQ(decode(encode(note)), note);
    EXPECT_EQ(decode(encode(Note{})), Note{});
}

TEST(NoteTest, RefusesWhatIsNoNote)
{
    EXPECT_THROW(decode("short"), InternalError);
    EXPECT_THROW(decode(std::string(40, '\xff')), InternalError);
}

} // namespace distinfer::pipeline
