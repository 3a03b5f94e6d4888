#include "distinfer/config/load.hpp"
#include "value_text.hpp"

#include <algorithm>

namespace distinfer::config
{

namespace
{

constexpr std::size_t comment_column = 34;

constexpr auto header =
    R"(# Every key of a dist-infer config at its default. Required are input.files, model.path and output.file, and of
# every input either dataset or constant; they hold examples here. Paths are relative to this file's folder.
# Sizes take KiB, MiB or GiB, times take ms, s, m or h. ${VAR} and ${VAR:-default} are variables, $$ is a dollar.
)";

/// Writes a config struct as YAML, one key a line, each with its comment where they are wanted.
class Writer
{
  public:
    explicit Writer(bool with_comments) : with_comments_(with_comments) {}

    std::string const& text() const { return text_; }

    template <HasFields S>
    void write_struct(S const& s, std::size_t indent)
    {
        visit_fields([&]<class T>(Field const& field, T const& member) { write(field, member, indent); }, s);
    }

  private:
    template <class T>
    void write(Field const& field, T const& value, std::size_t indent)
    {
        line(indent, std::string{field.key} + ": " + format_text(field, value), explain<T>(field));
    }

    template <HasFields S>
    void write(Field const& field, S const& s, std::size_t indent)
    {
        if (with_comments_) text_ += '\n';
        line(indent, std::string{field.key} + ":", std::string{field.doc});
        write_struct(s, indent + 2);
    }

    template <class T>
    void write(Field const& field, std::vector<T> const& list, std::size_t indent)
    {
        std::string items;
        for (auto const& item : list) items.append(items.empty() ? "" : ", ").append(format_text(field, item));
        line(indent, std::string{field.key} + ": [" + items + "]", std::string{field.doc});
    }

    template <HasFields S>
    void write(Field const& field, std::vector<S> const& list, std::size_t indent)
    {
        line(indent, std::string{field.key} + (list.empty() ? ": []" : ":"), std::string{field.doc});
        for (auto const& item : list) {
            auto const begin = text_.size();
            write_struct(item, indent + 4);
            text_[begin + indent + 2] = '-';
        }
    }

    void line(std::size_t indent, std::string const& content, std::string const& comment)
    {
        auto whole = std::string(indent, ' ') + content;
        if (with_comments_) {
            whole.resize(std::max(comment_column, whole.size() + 2), ' ');
            whole.append("# ").append(comment);
        }
        text_.append(whole).append("\n");
    }

    bool with_comments_;
    std::string text_ = "version: 1\n";
};

} // namespace

std::string dump(Config const& config)
{
    Writer writer{false};
    writer.write_struct(config, 0);
    return writer.text();
}

std::string dump_default()
{
    Config example;
    example.input.files = {"data.h5"};
    example.model.path = "model.pt2";
    example.model.inputs = {{.dataset = "/images"}};
    example.model.outputs = {{.dataset = "/logits"}};
    example.output.file = "out.h5";
    Writer writer{true};
    writer.write_struct(example, 0);
    return header + writer.text();
}

} // namespace distinfer::config
