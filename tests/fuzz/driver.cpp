// Runs a fuzz target where libFuzzer is not at hand: blind, but with any compiler.
#include "corpus.hpp"
#include "mutator.hpp"

#include <chrono>
#include <cstring>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace
{

using namespace distinfer::fuzz;

constexpr auto usage =
    "usage: TARGET_fuzz [--seconds N | --inputs N] [--seed N] CORPUS...\n"
    "Tries inputs made from those files and folders, and leaves the one that ends it in crash-NUMBER.\n"
    "With neither --seconds nor --inputs it runs the files as they are.\n";

struct Options
{
    std::uint64_t seconds = 0;
    std::uint64_t inputs = 0;
    std::uint64_t seed = 1;
    std::vector<std::string> corpus;
};

/// @throws std::invalid_argument
Options parse(std::vector<std::string> const& words)
{
    Options options;
    for (std::size_t i = 0; i < words.size(); ++i) {
        auto const number = [&] { return std::stoull(++i < words.size() ? words[i] : ""); };
        if (words[i] == "--seconds")
            options.seconds = number();
        else if (words[i] == "--inputs")
            options.inputs = number();
        else if (words[i] == "--seed")
            options.seed = number();
        else
            options.corpus.push_back(words[i]);
    }
    if (options.corpus.empty()) throw std::invalid_argument("no corpus");
    return options;
}

/// The number of the input that is tried, which outlives the process that tries it.
class SharedNumber
{
  public:
    SharedNumber()
        : memory_(::mmap(nullptr, sizeof(std::uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))
    {
        if (memory_ == MAP_FAILED) throw std::runtime_error(std::strerror(errno));
    }
    ~SharedNumber() { ::munmap(memory_, sizeof(std::uint64_t)); }
    SharedNumber(SharedNumber const&) = delete;
    SharedNumber& operator=(SharedNumber const&) = delete;

    std::uint64_t& operator*() const { return *static_cast<std::uint64_t*>(memory_); }

  private:
    void* memory_;
};

/// Tries inputs until time or number is up.
void try_inputs(Options const& options, Mutator const& mutator, std::uint64_t& number)
{
    constexpr unsigned longest = 60; // seconds for one input: it hangs
    using Clock = std::chrono::steady_clock;
    auto const end = Clock::now() + std::chrono::seconds{options.seconds};
    while (options.seconds > 0 ? Clock::now() < end : number < options.inputs) {
        ::alarm(longest);
        run_one(mutator.input(number));
        ++number;
    }
    ::alarm(0);
}

int fuzz(Options const& options)
{
    Mutator const mutator{read_corpus(options.corpus), options.seed};
    SharedNumber const number;
    auto const child = ::fork();
    if (child == 0) {
        try_inputs(options, mutator, *number);
        return 0;
    }
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child) throw std::runtime_error(std::strerror(errno));
    std::cout << *number << " inputs\n";
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return 0;
    auto const name = "crash-" + std::to_string(*number);
    auto const input = mutator.input(*number);
    std::ofstream{name, std::ios::binary}.write(reinterpret_cast<char const*>(input.data()),
                                                static_cast<std::streamsize>(input.size()));
    std::cerr << "it ended with input " << *number << " of seed " << options.seed << ", which is now in " << name
              << "\n";
    return 1;
}

int run_files(Options const& options)
{
    auto const corpus = read_corpus(options.corpus);
    for (auto const& input : corpus) run_one(input);
    std::cout << corpus.size() << " inputs\n";
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    try {
        auto const options = parse({argv + 1, argv + argc});
        return options.seconds + options.inputs > 0 ? fuzz(options) : run_files(options);
    } catch (std::invalid_argument const&) {
        std::cerr << usage;
        return 2;
    }
}
