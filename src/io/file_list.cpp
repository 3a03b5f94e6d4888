#include "distinfer/io/file_list.hpp"

#include "distinfer/core/error.hpp"

#include <algorithm>
#include <cctype>
#include <glob.h>
#include <unistd.h>

namespace distinfer::io
{

namespace
{

/// Owns what glob(3) found.
class Matches
{
  public:
    explicit Matches(std::string const& pattern) : status_(::glob(pattern.c_str(), 0, nullptr, &found_)) {}
    ~Matches() { ::globfree(&found_); }
    Matches(Matches const&) = delete;
    Matches& operator=(Matches const&) = delete;

    std::vector<std::string> paths() const
    {
        if (status_ != 0) return {};
        return {found_.gl_pathv, found_.gl_pathv + found_.gl_pathc};
    }

  private:
    glob_t found_{};
    int status_;
};

bool is_digit(char c)
{
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

/// The run of digits that begins at `at`, without leading zeros; `at` moves behind it.
std::string take_number(std::string const& text, std::size_t& at)
{
    while (at < text.size() && text[at] == '0') ++at;
    auto const begin = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return text.substr(begin, at - begin);
}

} // namespace

bool natural_less(std::string const& a, std::string const& b)
{
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() && j < b.size()) {
        if (is_digit(a[i]) && is_digit(b[j])) {
            auto const x = take_number(a, i);
            auto const y = take_number(b, j);
            if (x.size() != y.size()) return x.size() < y.size();
            if (x != y) return x < y;
        } else if (a[i] != b[j]) {
            return a[i] < b[j];
        } else {
            ++i;
            ++j;
        }
    }
    if ((i < a.size()) != (j < b.size())) return j < b.size();
    return a < b; // 01 and 1: some order that is always the same
}

std::vector<std::string> expand_files(std::vector<std::string> const& patterns)
{
    std::vector<std::string> files;
    for (auto const& pattern : patterns) {
        bool const is_glob = pattern.find_first_of("*?[") != std::string::npos;
        if (!is_glob || ::access(pattern.c_str(), F_OK) == 0) {
            files.push_back(pattern);
            continue;
        }
        auto found = Matches{pattern}.paths();
        if (found.empty()) throw InputError("no file matches " + pattern, "", "check input.files");
        std::ranges::sort(found, natural_less);
        files.insert(files.end(), found.begin(), found.end());
    }
    return files;
}

} // namespace distinfer::io
