#include "distinfer/config/load.hpp"
#include "value_text.hpp"

namespace distinfer::config
{

namespace
{

using Values = std::vector<std::pair<std::string, std::string>>;

/// Gathers the values of a struct, of the structs inside it and of lists of them.
class Gatherer
{
  public:
    template <HasFields S>
    void gather(S const& s, std::string const& prefix)
    {
        visit_fields(
            [&](Field const& field, auto const& member) { add(field, member, prefix + std::string{field.key}); }, s);
    }

    Values values;

  private:
    template <class T>
    void add(Field const& field, T const& value, std::string const& key)
    {
        values.emplace_back(key, format_text(field, value));
    }

    template <HasFields S>
    void add(Field const&, S const& s, std::string const& key)
    {
        gather(s, key + ".");
    }

    template <class T>
    void add(Field const& field, std::vector<T> const& list, std::string const& key)
    {
        for (std::size_t i = 0; i < list.size(); ++i) add(field, list[i], key + "[" + std::to_string(i) + "]");
    }
};

} // namespace

Values values(Config const& config)
{
    Gatherer gatherer;
    gatherer.gather(config, "");
    return gatherer.values;
}

} // namespace distinfer::config
