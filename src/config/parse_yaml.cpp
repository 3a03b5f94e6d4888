#include "parse_yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <sstream>
#include <string_view>
#include <utility>

namespace distinfer::config
{

namespace
{

// Far above what a config needs, and low enough that no file takes long.
constexpr std::size_t deepest = 16;
constexpr std::size_t most_keys = 1000;

std::string place_of(std::string const& name, YAML::Mark const& mark)
{
    return name + ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1);
}

/// Is the quoted text that begins at a position closed? yaml-cpp takes the end of the file for the closing quote.
bool is_closed(std::string_view text, std::size_t at)
{
    auto const quote = at < text.size() ? text[at] : '\0';
    if (quote != '"' && quote != '\'') return true;
    for (++at; at < text.size(); ++at) {
        bool const escapes = quote == '"' ? text[at] == '\\' : text.substr(at, 2) == "''";
        if (escapes)
            ++at;
        else if (text[at] == quote)
            return true;
    }
    return false;
}

/// Builds the tree from the parser's events. yaml-cpp's own tree would lose keys that are given twice.
class Builder : public YAML::EventHandler
{
  public:
    Builder(std::string_view text, std::string const& name) : text_(text), name_(name) {}

    Node take_root() { return std::move(root_); }

    void OnDocumentStart(YAML::Mark const& mark) override
    {
        if (documents_++ > 0) fail_at(place(mark), "a second document begins here", "a config is one document");
    }

    void OnDocumentEnd() override {}
    void OnNull(YAML::Mark const& mark, YAML::anchor_t) override { add({.kind = Node::Kind::null}, mark); }

    void OnAlias(YAML::Mark const& mark, YAML::anchor_t) override { refuse_anchor(mark); }
    void OnAnchor(YAML::Mark const& mark, std::string const&) override { refuse_anchor(mark); }

    void OnScalar(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t, std::string const& value) override
    {
        refuse_tag(tag, mark);
        if (!is_closed(text_, static_cast<std::size_t>(mark.pos)))
            fail_at(place(mark), "a quoted text has no end", "its closing quote is missing");
        add({.kind = Node::Kind::scalar, .text = value}, mark);
    }

    void OnSequenceStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t,
                         YAML::EmitterStyle::value) override
    {
        open(Node::Kind::list, tag, mark);
    }

    void OnMapStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t, YAML::EmitterStyle::value) override
    {
        open(Node::Kind::map, tag, mark);
    }

    void OnSequenceEnd() override { close(); }
    void OnMapEnd() override { close(); }

  private:
    /// A list or map whose end is not yet seen, and the key that waits for its value.
    struct Open
    {
        Node node;
        YAML::Mark mark;
        bool has_key = false;
        std::string key = {};
        std::string key_place = {};
    };

    std::string place(YAML::Mark const& mark) const { return place_of(name_, mark); }

    [[noreturn]] void refuse_anchor(YAML::Mark const& mark) const
    {
        fail_at(place(mark), "anchors and aliases cannot be used here", "a config is read as written",
                "write the value again");
    }

    void refuse_tag(std::string const& tag, YAML::Mark const& mark) const
    {
        // "?" and "!" are what the parser gives to plain and quoted values.
        if (tag.empty() || tag == "?" || tag == "!") return;
        fail_at(place(mark), "the tag " + tag + " cannot be used here", "types come from the keys", "remove the tag");
    }

    void open(Node::Kind kind, std::string const& tag, YAML::Mark const& mark)
    {
        refuse_tag(tag, mark);
        if (open_.size() == deepest) fail_at(place(mark), "the nesting is too deep", "no config needs that");
        if (wants_key()) refuse_key(mark);
        open_.push_back({{.kind = kind}, mark});
    }

    void close()
    {
        auto done = std::move(open_.back());
        open_.pop_back();
        add(std::move(done.node), done.mark);
    }

    bool wants_key() const
    {
        return !open_.empty() && open_.back().node.kind == Node::Kind::map && !open_.back().has_key;
    }

    [[noreturn]] void refuse_key(YAML::Mark const& mark) const
    {
        fail_at(place(mark), "a key must be a word", "a name was expected before ':'");
    }

    void add(Node node, YAML::Mark const& mark)
    {
        if (wants_key()) return add_key(std::move(node), mark);
        node.place = place(mark);
        if (open_.empty()) {
            root_ = std::move(node);
            return;
        }
        auto& parent = open_.back();
        node.key = std::exchange(parent.key, {});
        node.key_place = std::exchange(parent.key_place, {});
        // Where nothing is written, the parser is already at what comes next.
        if (node.kind == Node::Kind::null && parent.has_key) node.place = node.key_place;
        parent.has_key = false;
        parent.node.items.push_back(std::move(node));
    }

    void add_key(Node node, YAML::Mark const& mark)
    {
        if (node.kind != Node::Kind::scalar) refuse_key(mark);
        auto& parent = open_.back();
        if (parent.node.items.size() == most_keys)
            fail_at(place(mark), "there are too many keys", "no config needs that");
        if (auto const* first = parent.node.find(node.text))
            fail_at(place(mark), "the key '" + node.text + "' is given twice", "first at " + first->key_place,
                    "remove one of them");
        parent.has_key = true;
        parent.key = std::move(node.text);
        parent.key_place = place(mark);
    }

    std::string_view text_;
    std::string const& name_;
    Node root_;
    std::vector<Open> open_;
    int documents_ = 0;
};

} // namespace

Node parse_yaml(std::string const& written, std::string const& name)
{
    // Positions are counted behind a byte order mark.
    auto const text = written.starts_with("\xef\xbb\xbf") ? written.substr(3) : written;
    Builder builder{text, name};
    try {
        std::istringstream stream{text};
        YAML::Parser parser{stream};
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (YAML::Exception const& error) {
        fail_at(place_of(name, error.mark), "this is not YAML", error.msg);
    }
    return builder.take_root();
}

} // namespace distinfer::config
