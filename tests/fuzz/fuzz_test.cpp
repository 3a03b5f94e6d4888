// The corpus of a target, and inputs made from it: the same ones every time. What goes wrong ends the process.
#include "corpus.hpp"
#include "mutator.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace distinfer::fuzz
{

namespace
{

std::vector<Input> corpus()
{
    std::istringstream folders{DISTINFER_CORPUS};
    std::vector<std::string> paths;
    for (std::string path; std::getline(folders, path, ':');) paths.push_back(path);
    return read_corpus(paths);
}

} // namespace

TEST(FuzzTest, TakesItsCorpus)
{
    auto const inputs = corpus();
    EXPECT_FALSE(inputs.empty());
    for (auto const& input : inputs) run_one(input);
    run_one({});
}

TEST(FuzzTest, TakesWhatIsMadeFromItsCorpus)
{
    Mutator const mutator{corpus(), 1};
    for (std::uint64_t number = 0; number < DISTINFER_INPUTS; ++number) run_one(mutator.input(number));
}

} // namespace distinfer::fuzz
