#include "npy_header.hpp"

#include "distinfer/core/error.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace distinfer::io
{

namespace
{

std::string_view text_of(std::span<std::byte const> bytes)
{
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

[[noreturn]] void fail(std::string const& problem, std::string const& why)
{
    throw InputError(problem, why, "copy it again, or save it again with numpy.save");
}

/// Parses the dict of a header, a small part of Python's literals:
/// {'descr': '<f4', 'fortran_order': False, 'shape': (10, 3), }
class DictParser
{
  public:
    DictParser(std::string_view text, std::string const& problem) : text_(text), problem_(problem) {}

    NpyHeader parse()
    {
        require('{');
        while (!take('}')) {
            parse_entry();
            if (take(',')) continue;
            require('}');
            break;
        }
        if (!rest().empty()) fail_at("the end");
        if (!descr_ || !fortran_order_ || !shape_)
            fail(problem_, "its header does not say descr, fortran_order and shape");
        return {.descr = std::move(*descr_), .fortran_order = *fortran_order_, .shape = std::move(*shape_)};
    }

  private:
    void parse_entry()
    {
        auto const key = parse_string();
        require(':');
        if (key == "descr" && !descr_)
            descr_ = parse_descr();
        else if (key == "fortran_order" && !fortran_order_)
            fortran_order_ = parse_bool();
        else if (key == "shape" && !shape_)
            shape_ = parse_shape();
        else
            fail_at("descr, fortran_order or shape, each once");
    }

    std::string parse_descr()
    {
        if (take('[') || take('('))
            throw InputError(problem_, "it holds records of several fields",
                             "save each field as an array of its own with numpy.save");
        return std::string{parse_string()};
    }

    bool parse_bool()
    {
        if (take("True")) return true;
        if (!take("False")) fail_at("True or False");
        return false;
    }

    std::vector<std::uint64_t> parse_shape()
    {
        std::vector<std::uint64_t> shape;
        require('(');
        while (!take(')')) {
            shape.push_back(parse_integer());
            if (take(',')) continue;
            require(')');
            if (shape.size() == 1) fail_at("a comma behind a single length"); // (3) is no tuple
            break;
        }
        return shape;
    }

    std::uint64_t parse_integer()
    {
        auto const digits = rest();
        std::uint64_t value = 0;
        auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (error == std::errc::result_out_of_range) fail(problem_, "an axis is absurdly long");
        if (error != std::errc{}) fail_at("a length");
        at_ += static_cast<std::size_t>(end - digits.data());
        take('L'); // as Python 2 wrote it
        return value;
    }

    std::string_view parse_string()
    {
        auto const quoted = rest();
        auto const quote = quoted.substr(0, 1);
        if (quote != "'" && quote != "\"") fail_at("a string");
        auto const length = quoted.substr(1).find(quote);
        if (length == std::string_view::npos) fail_at("the end of the string");
        at_ += length + 2;
        return quoted.substr(1, length);
    }

    /// What is left behind blanks.
    std::string_view rest()
    {
        at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
        return text_.substr(at_);
    }

    bool take(std::string_view word)
    {
        if (!rest().starts_with(word)) return false;
        at_ += word.size();
        return true;
    }

    bool take(char c) { return take(std::string_view{&c, 1}); }

    void require(char c)
    {
        if (!take(c)) fail_at(std::string{"'"} + c + "'");
    }

    [[noreturn]] void fail_at(std::string const& expected) const
    {
        fail(problem_,
             "its header is damaged: at character " + std::to_string(at_) + " of its dict there should be " + expected);
    }

    std::string_view text_;
    std::string const& problem_;
    std::size_t at_ = 0;
    std::optional<std::string> descr_;
    std::optional<bool> fortran_order_;
    std::optional<std::vector<std::uint64_t>> shape_;
};

} // namespace

bool is_npy(std::span<std::byte const> head)
{
    return text_of(head).starts_with(npy_magic);
}

NpyHeader parse_npy_header(std::span<std::byte const> head, std::string const& problem)
{
    auto const byte_at = [&](std::size_t at) {
        if (at >= head.size()) fail(problem, "it is cut short: the file ends in its header");
        return std::to_integer<std::uint64_t>(head[at]);
    };
    if (!is_npy(head)) fail(problem, "it is not a .npy file");
    auto const major = byte_at(npy_magic.size());
    auto const minor = byte_at(npy_magic.size() + 1);
    if (major < 1 || major > 3 || minor != 0)
        fail(problem, "its format is " + std::to_string(major) + "." + std::to_string(minor) + ", not 1.0 to 3.0");

    auto const length_at = npy_magic.size() + 2;
    std::size_t const length_bytes = major == 1 ? 2 : 4;
    std::uint64_t length = 0; // little-endian
    for (std::size_t i = length_bytes; i > 0; --i) length = length * 256 + byte_at(length_at + i - 1);
    auto const begin = length_at + length_bytes;
    if (begin + length > npy_head_bytes) fail(problem, "its header is absurdly long");
    if (begin + length > head.size()) fail(problem, "it is cut short: the file ends in its header");
    auto header = DictParser{text_of(head.subspan(begin, length)), problem}.parse();
    header.data_offset = begin + length;
    return header;
}

} // namespace distinfer::io
