#pragma once

#include "distinfer/core/error.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>

namespace distinfer::test
{

/// Expects the call to throw this kind of error, with all of these words in its message.
template <class Kind, class Call>
void expect_error(Call&& call, std::initializer_list<std::string_view> words)
{
    try {
        call();
        ADD_FAILURE() << "no error, where one should name '" << *words.begin() << "'";
    } catch (Kind const& error) {
        std::string_view const message{error.what()};
        for (auto const word : words) EXPECT_NE(message.find(word), message.npos) << word << " not in: " << message;
    }
}

} // namespace distinfer::test
