#include "distinfer/model/format.hpp"

#include "archive_bytes.hpp"
#include "archive_sizes.hpp"
#include "distinfer/core/error.hpp"
#include "torch_error.hpp"

#include <caffe2/serialize/inline_container.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

namespace distinfer::model
{

namespace
{

constexpr std::string_view how_to_export =
    "dist-infer takes TorchScript (torch.jit.script(model).save) and AOTInductor packages (tools/export_model.py)";

bool begins_with(std::span<std::byte const> file, std::string_view magic)
{
    return file.size() >= magic.size() && std::equal(magic.begin(), magic.end(), file.begin(), [](char a, std::byte b) {
               return static_cast<std::byte>(a) == b;
           });
}

std::string_view foreign_format(std::span<std::byte const> file)
{
    if (file.empty()) return "the file is empty";
    if (begins_with(file, "\x89HDF\r\n")) return "it is an HDF5 file, perhaps Keras weights or the data";
    if (begins_with(file, "\x80\x02") || begins_with(file, "\x80\x04")) return "it is a Python pickle";
    if (begins_with(file, "version https://git-lfs")) return "it is a Git LFS pointer, the model was not downloaded";
    if (file.size() > 8 && file[8] == std::byte{'{'}) return "it looks like safetensors, weights without a model";
    if (begins_with(file, "\x08")) return "it looks like ONNX";
    return "it is no zip archive, as every .pt and .pt2 is";
}

std::vector<std::string> records_of(std::span<std::byte const> file, std::string const& name)
{
    try {
        caffe2::serialize::PyTorchStreamReader reader{std::make_shared<ArchiveBytes>(file)};
        return reader.getAllRecords();
    } catch (std::exception const& error) {
        throw ModelError(name + " cannot be read",
                         "it is no archive of PyTorch, or corrupt or cut short: " + torch_message(error),
                         "copy or export it again");
    }
}

bool any_contains(std::vector<std::string> const& records, std::string_view part)
{
    return std::any_of(records.begin(), records.end(),
                       [&](std::string const& r) { return r.find(part) != std::string::npos; });
}

} // namespace

Format identify(std::span<std::byte const> file, std::string const& name)
{
    if (!begins_with(file, "PK\x03\x04"))
        throw ModelError(name + " is not a model", foreign_format(file), how_to_export);
    require_sound_sizes(file, name);
    auto const records = records_of(file, name);
    if (any_contains(records, "aotinductor/")) return Format::aotinductor;
    if (any_contains(records, "code/") && any_contains(records, "constants.pkl")) return Format::torchscript;
    if (any_contains(records, "models/model.json") || any_contains(records, "serialized_exported_program"))
        throw ModelError(name + " is a torch.export program", "only Python can run it",
                         "compile it with tools/export_model.py, or torch._inductor.aoti_compile_and_package");
    if (any_contains(records, "data.pkl"))
        throw ModelError(name + " holds weights or a pickled module",
                         "it was made by torch.save, only Python can read it", how_to_export);
    throw ModelError(name + " is not a model", "the archive holds neither TorchScript nor AOTInductor", how_to_export);
}

} // namespace distinfer::model
