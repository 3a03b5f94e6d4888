#include "fault/ground.hpp"
#include "fault/io_trace.hpp"

#include <algorithm>
#include <functional>

namespace distinfer::test
{

namespace
{

/// A storage that refuses something, and what the user is told. No words: the job goes on, and is right.
struct Trouble
{
    std::string name;
    std::string fault; ///< as the preloaded library takes it
    int exit_code = 0;
    std::vector<std::string> says;
    std::vector<std::string> options;
    int ranks = 0;
};

void PrintTo(Trouble const& trouble, std::ostream* out)
{
    *out << trouble.name;
}

// Of about 60 reads of the input and 110 writes of the output, these are of rows, behind the first commit.
auto const a_read = std::string{"pread many.h5 45 "};
auto const a_write = std::string{"pwrite out.h5.part 60 "};
auto const unwell = "see that the disk or the file server is well";
auto const make_room = "rows that are recorded are not run again";
auto const direct = std::vector<std::string>{"--set", "output.write=direct", "--set", "input.read=direct"};

std::vector<Trouble> input_troubles()
{
    std::vector<std::string> const where{"many.h5", "cannot read rows ", " of /x in "};
    auto const with = [&](std::string const& reason) {
        auto says = where;
        says.insert(says.end(), {reason, unwell});
        return says;
    };
    return {
        {"ReadsFail", a_read + "EIO always", 3, with("Input/output error"), {}},
        {"ReadsFailOnARank", a_read.substr(0, 14) + "30 EIO always", 3, with("Input/output error"), direct, 2},
        {"StaleInput", a_read + "ESTALE always", 3, with("Stale file handle"), {}},
        {"AReadFailsOnce", a_read + "EIO once"},
        {"InputIsStaleOnce", a_read + "ESTALE once"},
        {"ReadsAreInterrupted", a_read + "EINTR once"},
        {"ReadsAreShort", "pread many.h5 1 short always"},
    };
}

std::vector<Trouble> output_troubles()
{
    auto const with = [&](std::string const& reason, std::string const& suggestion) {
        return std::vector<std::string>{"cannot write rows ", " in ", "out.h5.part", reason, suggestion};
    };
    return {
        {"DiskFull", a_write + "ENOSPC always", 7, with("No space left on device", make_room), {}},
        {"DiskFullOnARank", "pwrite out.h5.part 30 ENOSPC always", 7, with("No space left", make_room), direct, 2},
        {"OverQuota", a_write + "EDQUOT always", 7, with("Disk quota exceeded", make_room), {}},
        {"ReadOnly", a_write + "EROFS always", 7, with("Read-only file system", "mount it writable"), {}},
        {"AWriteFails", a_write + "EIO once", 7, with("Input/output error", unwell), {}},
        {"StaleOutput", a_write + "ESTALE always", 7, with("Stale file handle", unwell), {}},
        {"OutputIsStaleOnce", a_write + "ESTALE once"},
        {"WritesAreInterrupted", a_write + "EINTR once"},
        {"WritesAreShort", "pwrite out.h5.part 1 short always"},
        {"ASyncIsInterrupted", "fsync out.h5.part 3 EINTR once"},
        {"ASyncFails",
         "fsync out.h5.part 3 EIO once",
         7,
         {"cannot make ", "out.h5.part durable", "Input/output", unwell},
         {}},
        {"ASyncIsOverQuota", "fsync out.h5.part 4 EDQUOT once", 7, {"out.h5.part durable", "quota", make_room}, {}},
    };
}

std::vector<Trouble> troubles_of_ledger_and_creation()
{
    auto const append = std::string{"cannot append to the ledger "};
    return {
        {"LedgerDiskFull",
         "pwrite .ledger 4 ENOSPC always",
         7,
         {append, "out.h5.ledger", "No space left", make_room},
         {}},
        {"LedgerFails", "pwrite .ledger 4 EIO once", 7, {append, "Input/output error", unwell}, {}},
        {"LedgerIsShort", "pwrite .ledger 1 short always"},
        {"LedgerIsStaleOnce", "pwrite .ledger 4 ESTALE once"},
        {"LedgerSyncFails", "fdatasync .ledger 3 EIO once", 7, {"out.h5.ledger durable", "Input/output", unwell}, {}},
        {"LedgerIsReadOnly",
         "pwrite .ledger.tmp 1 EROFS always",
         7,
         {"create the ledger", "Read-only", "writable"},
         {}},
        {"NoSpaceToAllocate",
         "posix_fallocate .part 1 ENOSPC once",
         7,
         {"not enough space for ", "out.h5", "make room"},
         {}},
        {"NoQuotaToAllocate", "posix_fallocate .part 1 EDQUOT once", 7, {"cannot create ", "out.h5", "quota"}, {}},
        {"AllocationIsInterrupted", "posix_fallocate .part 1 EINTR once"},
        {"CreationFails", "pwrite .part 1 EROFS always", 7, {"cannot create ", "out.h5.part", "Read-only", "disk"}, {}},
        {"AttributesFail",
         "pwrite .part 109 ENOSPC always",
         7,
         {"add attributes to ", "out.h5.part", "No space", "room"},
         {}},
    };
}

class StorageTest : public testing::TestWithParam<Trouble>
{};

Ended run(Ground const& ground, Trouble const& trouble, std::vector<std::string> environment = {})
{
    environment.emplace_back("LD_PRELOAD=" SHIM);
    environment.push_back("DIST_INFER_TEST_FAULT=" + trouble.fault);
    auto arguments = trouble.options;
    arguments.insert(arguments.begin(), ground.config());
    return run_program(arguments, {.ranks = trouble.ranks, .environment = environment});
}

void expect_one_error(Ended const& ended, std::vector<std::string> const& says)
{
    ASSERT_EQ(ended.error_lines().size(), 1U) << ended.err;
    for (auto const& words : says)
        EXPECT_NE(ended.error_lines()[0].find(words), std::string::npos) << words << "\n" << ended.error_lines()[0];
}

/// One for all of these tests.
Ground const& shared_ground()
{
    static auto const ground = Ground::small(400);
    return ground;
}

} // namespace

/// One message that names what failed, where and what to do; then, the trouble being over, the bits of an undisturbed
/// run.
TEST_P(StorageTest, IsEitherPassedOrToldAndGoneOnFrom)
{
    auto const& trouble = GetParam();
    auto const& ground = shared_ground();
    ground.remove_output();

    auto const ended = run(ground, trouble);

    EXPECT_NE(ended.err.find("fault shim: " + trouble.fault.substr(0, trouble.fault.find(' '))), std::string::npos)
        << "there was no trouble\n"
        << ended.err;
    EXPECT_EQ(ended.exit_code, trouble.exit_code) << ended.err;
    if (trouble.exit_code != 0) {
        expect_one_error(ended, trouble.says);
        EXPECT_FALSE(ground.workshop().exists("out.h5"));
        EXPECT_NE(ground.status(), 0) << "it is not complete";
        auto const next = run_program({ground.config()});
        EXPECT_EQ(next.exit_code, 0) << next.err;
    }
    ground.expect_right_output();
}

auto const name_of_case = [](auto const& info) { return info.param.name; };
INSTANTIATE_TEST_SUITE_P(Input, StorageTest, testing::ValuesIn(input_troubles()), name_of_case);
INSTANTIATE_TEST_SUITE_P(Output, StorageTest, testing::ValuesIn(output_troubles()), name_of_case);
INSTANTIATE_TEST_SUITE_P(Ledger, StorageTest, testing::ValuesIn(troubles_of_ledger_and_creation()), name_of_case);

/// What a failed sync may have lost is not recorded, and the sync is not asked for a second time.
TEST(StorageSyncTest, AFailedSyncIsTheEndOfRecording)
{
    auto const& ground = shared_ground();
    ground.remove_output();
    TemporaryFolder const folder;
    auto const ended = run(ground, {.name = {}, .fault = "fsync out.h5.part 4 EIO once"},
                           tracing(ground.workshop().folder(), folder / "trace"));
    ASSERT_EQ(ended.exit_code, 7) << ended.err;
    auto const calls = read_trace(folder / "trace");
    auto const is_sync = [](IoCall const& call) {
        return call.kind == IoCall::sync_begins && call.name == "out.h5.part";
    };
    ASSERT_EQ(std::ranges::count_if(calls, is_sync), 4);
    auto const after = std::ranges::find_if(calls.rbegin(), calls.rend(), is_sync).base();
    for (auto call = after; call != calls.end(); ++call) EXPECT_NE(call->name, "out.h5.ledger");
}

} // namespace distinfer::test
