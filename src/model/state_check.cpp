#include "state_check.hpp"

#include "distinfer/core/check.hpp"

#include <algorithm>
#include <cstring>

namespace distinfer::model
{

namespace
{

constexpr auto declare_it = "save it in eval mode; or set model.stateful: true, where rows may depend on the order in "
                            "which they run, and bits on the number of ranks";

bool have_equal_bits(at::Tensor const& a, at::Tensor const& b)
{
    if (a.sizes() != b.sizes() || a.scalar_type() != b.scalar_type()) return false;
    auto const x = a.contiguous();
    auto const y = b.contiguous();
    return x.nbytes() == 0 || std::memcmp(x.const_data_ptr(), y.const_data_ptr(), x.nbytes()) == 0;
}

bool have_equal_bits(std::vector<at::Tensor> const& a, std::vector<at::Tensor> const& b)
{
    return std::ranges::equal(a, b, [](auto const& x, auto const& y) { return have_equal_bits(x, y); });
}

at::Tensor on_host(at::Tensor const& tensor)
{
    return tensor.detach().to(at::kCPU).clone();
}

/// A tensor that keeps no version is taken for written.
bool tells_its_version(at::Tensor const& tensor)
{
    return tensor.defined() && !tensor.is_inference();
}

} // namespace

StateCheck::StateCheck(Program const& program) : program_(program)
{
    kept_.push_back(look({}));
}

std::vector<StateCheck::Kept> StateCheck::look(std::vector<Kept> const& before) const
{
    std::vector<Kept> all;
    for (auto& [name, value] : program_.state()) {
        Kept kept{.name = name, .value = value};
        if (value.isTensor() && value.toTensor().defined()) {
            auto const& tensor = value.toTensor();
            kept.place = tensor.unsafeGetTensorImpl();
            if (tells_its_version(tensor)) kept.version = tensor._version();
            auto const* same = all.size() < before.size() ? &before[all.size()] : nullptr;
            kept.is_written = !before.empty() && (!same || same->place != kept.place || same->version != kept.version ||
                                                  !tells_its_version(tensor));
            kept.value = kept.is_written ? c10::IValue{on_host(tensor)} : c10::IValue{};
        }
        all.push_back(std::move(kept));
    }
    return all;
}

void StateCheck::saw(std::vector<NamedResult> const& results)
{
    kept_.push_back(look(kept_.back()));
    auto& copies = results_.emplace_back();
    for (auto const& result : results) copies.push_back(on_host(result.tensor));
}

bool StateCheck::is_as_before(Kept const& now, Kept const& before)
{
    if (now.name != before.name) return false;
    if (now.place) {
        if (!now.is_written) return true;
        return before.is_written && have_equal_bits(now.value.toTensor(), before.value.toTensor());
    }
    if (before.place || now.value.tagKind() != before.value.tagKind()) return false;
    if (now.value.isInt()) return now.value.toInt() == before.value.toInt();
    if (now.value.isDouble()) return now.value.toDouble() == before.value.toDouble();
    if (now.value.isBool()) return now.value.toBool() == before.value.toBool();
    if (now.value.isString()) return now.value.toStringRef() == before.value.toStringRef();
    return true;
}

/// Whether any call has written something, be it the same again.
bool StateCheck::writes() const
{
    for (std::size_t call = 1; call < kept_.size(); ++call)
        if (std::ranges::any_of(kept_[call], &Kept::is_written) ||
            !std::ranges::equal(kept_[call], kept_[call - 1], is_as_before))
            return true;
    return false;
}

bool StateCheck::wants_another() const
{
    if (results_.size() < 2) return true;
    return results_.size() == 2 && (writes() || !have_equal_bits(results_[0], results_[1]));
}

void StateCheck::require_stateless(std::string const& name) const
{
    expects(!wants_another(), "enough calls");
    if (results_.size() == 2) return;
    auto const& last = kept_[3];
    auto const& before = kept_[2];
    for (std::size_t i = 0; i < last.size(); ++i)
        if (i >= before.size() || !is_as_before(last[i], before[i]))
            throw ModelError(name + " keeps something from call to call", "a call changes '" + last[i].name + "'",
                             declare_it);
    // What is written, and only then settles, may hold the rows of the call before.
    if (!have_equal_bits(results_[1], results_[2]) || (writes() && !have_equal_bits(results_[0], results_[1])))
        throw ModelError(name + " gives other results for the same rows when it runs them again",
                         "it draws random numbers, keeps something from call to call, or sums in no fixed order",
                         declare_it);
}

} // namespace distinfer::model
