#include "config_fixture.hpp"

namespace distinfer::config
{

TEST(YamlErrorTest, AKeyGivenTwiceNamesBothPlaces)
{
    EXPECT_EQ(error_after_minimal("run:\n  batch: 1\n  credits: 2\n  batch: 3\n"),
              "c.yaml:7:3: the key 'batch' is given twice (first at c.yaml:5:3); remove one of them");
    EXPECT_EQ(error_after_minimal("output: {file: p.h5}\n"),
              "c.yaml:4:1: the key 'output' is given twice (first at c.yaml:3:1); remove one of them");
}

TEST(YamlErrorTest, SyntaxErrorsKeepTheParsersLineAndColumn)
{
    EXPECT_EQ(error_of("input: {files: data.h5\nmodel: 3\n").find("c.yaml:2:6: this is not YAML ("), 0U);
    EXPECT_EQ(error_of("a: b: c\n"), "c.yaml:1:5: this is not YAML (illegal map value)");
}

TEST(YamlErrorTest, AQuoteThatIsNotClosedIsAnError)
{
    auto const error = [](std::string const& file) {
        return error_of("input: {files: a}\r\nmodel: {path: m}\noutput:\n  file: " + file);
    };
    EXPECT_EQ(error("\"out.h5\n"), "c.yaml:4:9: a quoted text has no end (its closing quote is missing)");
    EXPECT_EQ(error("\"out.h5\\\"\n"), "c.yaml:4:9: a quoted text has no end (its closing quote is missing)");
    EXPECT_EQ(error("'out''\n"), "c.yaml:4:9: a quoted text has no end (its closing quote is missing)");
    EXPECT_EQ(error("\"a\\\\\"\n"), "no error");
    EXPECT_EQ(error("'it''s'\n"), "no error");
}

TEST(YamlErrorTest, PositionsHoldBehindAByteOrderMarkAndOtherLetters)
{
    auto const text = "\xef\xbb\xbf# \xc3\xa4\n'input': {files: \"a\"}\nmodel: {path: 'm'}\noutput: {file: \"o\"}";
    EXPECT_EQ(error_of(text), "no error");
}

TEST(YamlErrorTest, TooManyKeysAreRefused)
{
    std::string text;
    for (int i = 0; i < 2000; ++i) text += "k" + std::to_string(i) + ": 1\n";
    EXPECT_EQ(error_of(text), "c.yaml:1001:1: there are too many keys (no config needs that)");
}

TEST(YamlErrorTest, TabsAreNoIndentation)
{
    EXPECT_EQ(error_after_minimal("run:\n\tbatch: 3\n").find("c.yaml:5:"), 0U);
}

TEST(YamlErrorTest, AliasesAreRefusedBeforeTheyGrow)
{
    std::string const bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n";
    EXPECT_EQ(
        error_of(bomb),
        "c.yaml:1:4: anchors and aliases cannot be used here (a config is read as written); write the value again");
}

TEST(YamlErrorTest, DeepNestingIsRefused)
{
    EXPECT_EQ(error_of("a: " + std::string(100000, '[') + std::string(100000, ']')),
              "c.yaml:1:19: the nesting is too deep (no config needs that)");
    EXPECT_EQ(error_of("a: " + std::string(100000, '[')).find("c.yaml:1:"), 0U);
    std::string dashes;
    for (int i = 0; i < 100000; ++i) dashes += "- ";
    EXPECT_EQ(error_of(dashes), "c.yaml:1:33: the nesting is too deep (no config needs that)");
}

TEST(YamlErrorTest, TagsSecondDocumentsAndOddKeysAreRefused)
{
    EXPECT_EQ(
        error_after_minimal("run: {batch: !!int 3}\n"),
        "c.yaml:4:14: the tag tag:yaml.org,2002:int cannot be used here (types come from the keys); remove the tag");
    EXPECT_EQ(error_of(minimal + "---\n" + minimal),
              "c.yaml:4:1: a second document begins here (a config is one document)");
    EXPECT_EQ(error_of("[a, b]: c\n"), "c.yaml:1:1: a key must be a word (a name was expected before ':')");
    EXPECT_EQ(error_of(": c\n"), "c.yaml:1:1: a key must be a word (a name was expected before ':')");
}

TEST(YamlErrorTest, OneDocumentMayBeMarkedAndEndWithDosLines)
{
    EXPECT_EQ(
        load("---\r\ninput: {files: data.h5}\r\nmodel: {path: m.pt}\r\noutput: {file: o.h5}\r\n...\r\n").model.path,
        "m.pt");
}

TEST(YamlErrorTest, CommentsAloneAreNoConfig)
{
    EXPECT_EQ(error_of("# nothing\n"),
              "c.yaml: there is no config in it (it has comments only); start from --dump-default");
}

} // namespace distinfer::config
