#pragma once

#include <array>
#include <concepts>
#include <string_view>
#include <type_traits>

/// The words that a config may choose between, each list with the name of every word.
namespace distinfer::config
{

enum class ReadMode { scatter, direct };
enum class WriteMode { gather, direct };
enum class Precision { float32, tf32, bfloat16, float16 };
enum class Grad { inference, none, enabled };
enum class IfExists { fail, overwrite };
enum class Schedule { dynamic, static_ };
enum class DeviceChoice { automatic, cpu, cuda };
enum class TransportChoice { automatic, mpi, gloo, nccl };
enum class Resume { automatic, never, require };
enum class OnBadRow { fail, skip };
enum class FaultTolerance { automatic, none, ulfm };
enum class TransformKind { none, softmax, sigmoid, argmax, topk };
enum class Progress { automatic, off };

/// One choice and its word in the config.
template <class E>
struct Name
{
    E value;
    std::string_view text;
};

/// Every choice of E, in the order of the documentation.
template <class E>
inline constexpr std::array<Name<E>, 0> names{};

template <>
inline constexpr auto names<ReadMode> = std::to_array<Name<ReadMode>>({{ReadMode::scatter, "scatter"},
                                                                       {ReadMode::direct, "direct"}});

template <>
inline constexpr auto names<WriteMode> = std::to_array<Name<WriteMode>>({{WriteMode::gather, "gather"},
                                                                         {WriteMode::direct, "direct"}});

template <>
inline constexpr auto names<Precision> = std::to_array<Name<Precision>>({{Precision::float32, "float32"},
                                                                         {Precision::tf32, "tf32"},
                                                                         {Precision::bfloat16, "bfloat16"},
                                                                         {Precision::float16, "float16"}});

template <>
inline constexpr auto names<Grad> =
    std::to_array<Name<Grad>>({{Grad::inference, "inference"}, {Grad::none, "none"}, {Grad::enabled, "enabled"}});

template <>
inline constexpr auto names<IfExists> = std::to_array<Name<IfExists>>({{IfExists::fail, "fail"},
                                                                       {IfExists::overwrite, "overwrite"}});

template <>
inline constexpr auto names<Schedule> = std::to_array<Name<Schedule>>({{Schedule::dynamic, "dynamic"},
                                                                       {Schedule::static_, "static"}});

template <>
inline constexpr auto names<DeviceChoice> = std::to_array<Name<DeviceChoice>>({{DeviceChoice::automatic, "auto"},
                                                                               {DeviceChoice::cpu, "cpu"},
                                                                               {DeviceChoice::cuda, "cuda"}});

template <>
inline constexpr auto
    names<TransportChoice> = std::to_array<Name<TransportChoice>>({{TransportChoice::automatic, "auto"},
                                                                   {TransportChoice::mpi, "mpi"},
                                                                   {TransportChoice::gloo, "gloo"},
                                                                   {TransportChoice::nccl, "nccl"}});

template <>
inline constexpr auto names<Resume> =
    std::to_array<Name<Resume>>({{Resume::automatic, "auto"}, {Resume::never, "never"}, {Resume::require, "require"}});

template <>
inline constexpr auto names<OnBadRow> = std::to_array<Name<OnBadRow>>({{OnBadRow::fail, "fail"},
                                                                       {OnBadRow::skip, "skip"}});

template <>
inline constexpr auto names<FaultTolerance> = std::to_array<Name<FaultTolerance>>({{FaultTolerance::automatic, "auto"},
                                                                                   {FaultTolerance::none, "none"},
                                                                                   {FaultTolerance::ulfm, "ulfm"}});

template <>
inline constexpr auto names<TransformKind> = std::to_array<Name<TransformKind>>({{TransformKind::none, "none"},
                                                                                 {TransformKind::softmax, "softmax"},
                                                                                 {TransformKind::sigmoid, "sigmoid"},
                                                                                 {TransformKind::argmax, "argmax"},
                                                                                 {TransformKind::topk, "topk"}});

template <>
inline constexpr auto names<Progress> = std::to_array<Name<Progress>>({{Progress::automatic, "auto"},
                                                                       {Progress::off, "off"}});

template <class E>
concept Choice = std::is_enum_v<E> &&(names<E>.size() > 0);

/// The word of a choice.
template <Choice E>
constexpr std::string_view name_of(E value)
{
    for (auto const& name : names<E>)
        if (name.value == value) return name.text;
    return {};
}

} // namespace distinfer::config
