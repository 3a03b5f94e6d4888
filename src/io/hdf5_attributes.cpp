#include "hdf5_attributes.hpp"

#include "hdf5_elements.hpp"
#include "hdf5_output.hpp"

#include <vector>

namespace distinfer::io
{

namespace
{

std::vector<std::string> attributes_of(hid_t object, std::string const& problem)
{
    std::vector<std::string> names;
    auto const list = [](hid_t, char const* name, H5A_info_t const*, void* to) -> herr_t {
        static_cast<std::vector<std::string>*>(to)->emplace_back(name);
        return 0;
    };
    Hid const creation{H5Dget_create_plist(object)};
    unsigned order = 0;
    H5Pget_attr_creation_order(creation.get(), &order);
    auto const index = (order & H5P_CRT_ORDER_TRACKED) != 0 ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME;
    succeeded<InputError>(H5Aiterate2(object, index, H5_ITER_INC, nullptr, list, &names), problem);
    return names;
}

void copy_attribute(hid_t from, std::string const& name, hid_t to, std::string const& problem)
{
    auto const source = own<InputError>(H5Aopen(from, name.c_str(), H5P_DEFAULT), problem);
    auto const type = own<InputError>(H5Aget_type(source.get()), problem);
    if (H5Tdetect_class(type.get(), H5T_REFERENCE) > 0) return;
    auto const space = own<InputError>(H5Aget_space(source.get()), problem);
    auto const creation = own<InputError>(H5Aget_create_plist(source.get()), problem);
    Hid target{written(H5Acreate2(to, name.c_str(), type.get(), space.get(), creation.get(), H5P_DEFAULT), problem)};
    if (H5Sget_select_npoints(space.get()) > 0) {
        Elements elements{type.get(), space.get()};
        succeeded<InputError>(H5Aread(source.get(), type.get(), elements.data()), problem);
        written(H5Awrite(target.get(), type.get(), elements.data()), problem);
    }
    written(H5Aclose(target.release()), problem);
}

} // namespace

void copy_attributes(hid_t from, hid_t to, std::string const& problem)
{
    for (auto const& name : attributes_of(from, problem))
        copy_attribute(from, name, to, problem + ", its attribute " + name);
}

} // namespace distinfer::io
