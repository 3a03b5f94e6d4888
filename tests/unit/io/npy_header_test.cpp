#include "expect_error.hpp"
#include "npy_header.hpp"
#include "support/npy_file.hpp"

#include <gtest/gtest.h>

namespace distinfer::io
{

namespace
{

using namespace std::string_view_literals;

NpyHeader parse(std::string_view head)
{
    return parse_npy_header(std::as_bytes(std::span{head}), "cannot read a.npy");
}

NpyHeader parse_dict(std::string const& dict)
{
    return parse(test::npy_head(dict));
}

/// How the dict reads where nothing is wrong with it.
constexpr auto good = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }";

std::string good_with(std::string_view old_text, std::string_view new_text)
{
    std::string dict{good};
    return dict.replace(dict.find(old_text), old_text.size(), new_text);
}

} // namespace

/// As numpy.save and numpy.lib.format.write_array of NumPy 2.4 wrote them.
TEST(NpyHeaderTest, ReadsWhatNumPyWrites)
{
    EXPECT_EQ(parse("\x93NUMPY\x01\0v\0{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }"
                    "                                                          \n"sv),
              (NpyHeader{"<f4", false, {3, 4}, 128}));
    EXPECT_EQ(parse("\x93NUMPY\x01\0v\0{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }"
                    "                                                           \n"sv),
              (NpyHeader{"<f8", true, {2, 3}, 128}));
    EXPECT_EQ(parse("\x93NUMPY\x02\0t\0\0\0{'descr': '<f2', 'fortran_order': False, 'shape': (2,), }"
                    "                                                          \nthe array"sv),
              (NpyHeader{"<f2", false, {2}, 128}));
    EXPECT_EQ(parse("\x93NUMPY\x03\0t\0\0\0{'descr': '<u8', 'fortran_order': False, 'shape': (2, 3, 4, 5), }"
                    "                                                  \n"sv),
              (NpyHeader{"<u8", false, {2, 3, 4, 5}, 128}));
}

TEST(NpyHeaderTest, ReadsWhatPythonWouldReadAlike)
{
    for (std::string const dict : {
             good,
             "{'descr':'<f4','fortran_order':False,'shape':(3,4)}",
             R"({"shape": (3, 4,), "fortran_order": False, "descr": "<f4"})",
             " { 'descr' : '<f4' ,\n 'fortran_order' :\tFalse , 'shape' : ( 3 , 4 ) , } ",
             "{'descr': '<f4', 'fortran_order': False, 'shape': (3L, 4L)}",
         }) {
        auto const head = test::npy_head(dict);
        EXPECT_EQ(parse(head), (NpyHeader{"<f4", false, {3, 4}, head.size()})) << dict;
    }
    EXPECT_EQ(parse_dict(good_with("(3, 4)", "()")).shape, std::vector<std::uint64_t>{});
    EXPECT_EQ(parse_dict(good_with("(3, 4)", "(0,)")).shape, std::vector<std::uint64_t>{0});
    EXPECT_EQ(parse_dict(good_with("3", "18446744073709551615")).shape.front(), UINT64_MAX);
}

TEST(NpyHeaderTest, RefusesDictsThatAreNoHeader)
{
    struct Bad
    {
        std::string dict;
        std::string says;
    };
    for (auto const& bad : std::vector<Bad>{
             {"", "at character 54 of its dict there should be '{'"},
             {"{}", "does not say descr, fortran_order and shape"},
             {"[]", "at character 0 of its dict there should be '{'"},
             {"{'descr': '<f4', 'shape': (3,)}", "does not say descr"},
             {good_with("'descr'", "'dtype'"), "there should be descr, fortran_order or shape"},
             {good_with("'descr'", "'shape'"), "at character 10 of its dict there should be '('"},
             {good_with("'fortran_order'", "'descr'"), "each once"},
             {good_with("'descr'", "descr"), "at character 1 of its dict there should be a string"},
             {good_with("'<f4',", "'<f4,"), "there should be '}'"},
             {good_with("'shape'", "'shape"), "the end of the string"},
             {good_with("'<f4', ", "'<f4' "), "there should be '}'"},
             {good_with(": '<f4'", " '<f4'"), "there should be ':'"},
             {good_with("False", "false"), "there should be True or False"},
             {good_with("False", "0"), "there should be True or False"},
             {good_with("(3, 4)", "[3, 4]"), "there should be '('"},
             {good_with("(3, 4)", "(3)"), "a comma behind a single length"},
             {good_with("(3, 4)", "(-3, 4)"), "there should be a length"},
             {good_with("(3, 4)", "(3.0, 4)"), "there should be ')'"},
             {good_with("(3, 4)", "(,)"), "there should be a length"},
             {good_with("(3, 4), }", "(3, 4"), "there should be ')'"},
             {good_with("3", "18446744073709551616"), "an axis is absurdly long"},
             {good_with("3", std::string(5000, '9')), "an axis is absurdly long"},
             {good_with(", }", ", } x"), "there should be the end"},
             {good_with("'<f4'", "[('a', '<f4'), ('b', '<i2')]"), "records of several fields"},
             {good_with("'<f4'", "('<f4', (2,))"), "records of several fields"},
             {std::string(9000, '{'), "there should be a string"},
         })
        expect_error<InputError>([&] { parse_dict(bad.dict); }, {"cannot read a.npy", bad.says});
}

TEST(NpyHeaderTest, RefusesWhatIsBrokenInFrontOfTheDict)
{
    auto const head = test::npy_head(good);
    expect_error<InputError>([] { parse(""); }, {"it is not a .npy file"});
    expect_error<InputError>([] { parse("\x93NUMPX\x01\0v\0{}"sv); }, {"it is not a .npy file"});
    expect_error<InputError>([] { parse("\x93NUMPY\x04\0v\0{}"sv); }, {"its format is 4.0, not 1.0 to 3.0"});
    expect_error<InputError>([] { parse("\x93NUMPY\x01\x01v\0{}"sv); }, {"its format is 1.1"});
    expect_error<InputError>([] { parse("\x93NUMPY\x01\0\xff\xff{}"sv); }, {"its header is absurdly long"});
    expect_error<InputError>([] { parse("\x93NUMPY\x02\0\xff\xff\xff\xff{}"sv); }, {"its header is absurdly long"});
    for (auto length = npy_magic.size(); length < head.size(); ++length)
        expect_error<InputError>([&] { parse(std::string_view{head}.substr(0, length)); },
                                 {"it is cut short: the file ends in its header"});
}

/// Every byte of a header as every other byte: it is read, or refused as an input.
TEST(NpyHeaderTest, NoDamageOfOneByteDoesMoreThanRefuse)
{
    for (int const version : {1, 2, 3}) {
        auto const head = test::npy_head(good, version);
        for (std::size_t at = 0; at < head.size(); ++at)
            for (int value = 0; value < 256; ++value) {
                auto damaged = head;
                damaged[at] = static_cast<char>(value);
                try {
                    parse(damaged);
                } catch (InputError const&) {
                    continue;
                }
            }
    }
}

} // namespace distinfer::io
