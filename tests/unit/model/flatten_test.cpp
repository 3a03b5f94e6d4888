#include "flatten.hpp"
#include "unit/io/expect_error.hpp"

#include <ATen/core/Dict.h>
#include <ATen/core/List.h>
#include <ATen/ops/scalar_tensor.h>
#include <gtest/gtest.h>

namespace distinfer::model
{

namespace
{

using Named = std::vector<std::pair<std::string, double>>;

at::Tensor number(double value)
{
    return at::scalar_tensor(value);
}

/// Names and values of what a result is flattened into.
Named flat(c10::IValue const& result)
{
    Named named;
    for (auto const& [name, tensor] : flatten(result)) named.emplace_back(name, tensor.item<double>());
    return named;
}

c10::impl::GenericDict text_dict()
{
    return c10::impl::GenericDict{c10::StringType::get(), c10::AnyType::get()};
}

} // namespace

TEST(FlattenTest, ATensorIsTheOutput)
{
    EXPECT_EQ(flat(number(1)), (Named{{"output", 1}}));
}

TEST(FlattenTest, TuplesAndListsAreNumbered)
{
    Named const wanted{{"output_0", 1}, {"output_1", 2}};
    EXPECT_EQ(flat(c10::ivalue::Tuple::create(number(1), number(2))), wanted);
    EXPECT_EQ(flat(c10::List<at::Tensor>{{number(1), number(2)}}), wanted);
    c10::impl::GenericList list{c10::AnyType::get()};
    list.push_back(number(1));
    list.push_back(number(2));
    EXPECT_EQ(flat(list), wanted);
}

TEST(FlattenTest, DictsGiveTheirKeysInTheirOwnOrder)
{
    auto dict = text_dict();
    dict.insert("second", number(2));
    dict.insert("first", number(1));
    EXPECT_EQ(flat(dict), (Named{{"second", 2}, {"first", 1}}));
}

TEST(FlattenTest, IntegerKeysAreNamesToo)
{
    c10::impl::GenericDict dict{c10::IntType::get(), c10::TensorType::get()};
    dict.insert(7, number(1));
    EXPECT_EQ(flat(dict), (Named{{"7", 1}}));
}

TEST(FlattenTest, NestedResultsJoinTheirNames)
{
    auto dict = text_dict();
    dict.insert("box", c10::ivalue::Tuple::create(number(1), number(2)));
    EXPECT_EQ(flat(dict), (Named{{"box_0", 1}, {"box_1", 2}}));
    EXPECT_EQ(flat(c10::ivalue::Tuple::create(number(0), dict)),
              (Named{{"output_0", 0}, {"output_1_box_0", 1}, {"output_1_box_1", 2}}));
}

TEST(FlattenTest, WhatIsNoTensorIsRefused)
{
    io::expect_error<ModelError>([] { flatten(c10::ivalue::Tuple::create(number(1), std::int64_t{3})); },
                                 {"Int", "'output_1'", "return tensors only"});
    io::expect_error<ModelError>([] { flatten(c10::IValue{}); }, {"None"});
}

TEST(FlattenTest, KeysThatAreNoNamesAreRefused)
{
    c10::impl::GenericDict dict{c10::FloatType::get(), c10::TensorType::get()};
    dict.insert(1.5, number(1));
    io::expect_error<ModelError>([&] { flatten(dict); }, {"neither text nor integers"});
}

} // namespace distinfer::model
