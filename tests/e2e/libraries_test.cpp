#include "e2e/program.hpp"
#include "e2e/workshop.hpp"
#include "support/hdf5_file.hpp"

#include <gtest/gtest.h>
#include <torch/script.h>

#include <dlfcn.h>

namespace distinfer::test
{

namespace
{

/// A model that calls an operation of CUSTOM_OP. This process loads it for that; the program has to do so by itself.
void save_custom(std::string const& path)
{
    ASSERT_NE(::dlopen(CUSTOM_OP, RTLD_NOW | RTLD_GLOBAL), nullptr) << ::dlerror();
    torch::jit::Module module{"Custom"};
    auto const graph = std::make_shared<torch::jit::Graph>();
    graph->addInput("self")->setType(module.type());
    auto* x = graph->addInput("x");
    auto* y = graph->insert(c10::Symbol::fromQualString("distinfer_test::twice"), {x});
    graph->registerOutput(y);
    auto* forward = module._ivalue()->compilation_unit()->create_function(
        c10::QualifiedName{*module.type()->name(), "forward"}, graph);
    module.type()->addMethod(forward);
    module.save(path);
}

std::string config_of(Workshop const& workshop, std::string const& libraries)
{
    return workshop.config({{"path: model.pt", "path: custom.pt\n  libraries: " + libraries},
                            {"    - dataset: /y\n    - dataset: /z\n", "    - dataset: /y\n"}});
}

} // namespace

TEST(LibrariesTest, AModelCallsTheOperationsOfItsLibraries)
{
    Workshop const workshop;
    save_custom(workshop / "custom.pt");
    auto const ended = run_program({config_of(workshop, "[" CUSTOM_OP "]")}, {.ranks = 2});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    auto const y = read_dataset(workshop / "out.h5", "/y");
    auto const& x = workshop.input().bytes;
    ASSERT_EQ(y.size(), x.size());
    for (std::size_t i = 0; i < y.size() / sizeof(float); ++i)
        EXPECT_EQ(reinterpret_cast<float const*>(y.data())[i], 2 * reinterpret_cast<float const*>(x.data())[i]);
}

TEST(LibrariesTest, WhatIsMissingIsNamed)
{
    Workshop const workshop;
    save_custom(workshop / "custom.pt");
    auto ended = run_program({config_of(workshop, "[]")}, {.ranks = 2});
    EXPECT_EQ(ended.exit_code, 4);
    EXPECT_NE(ended.err.find("distinfer_test"), std::string::npos) << ended.err;
    EXPECT_NE(ended.err.find("model.libraries"), std::string::npos) << ended.err;

    ended = run_program({config_of(workshop, "[no-such.so]")}, {.ranks = 2});
    EXPECT_EQ(ended.exit_code, 4);
    EXPECT_NE(ended.err.find("no-such.so"), std::string::npos) << ended.err;

    workshop.write("empty.so", "");
    ended = run_program({config_of(workshop, "[empty.so]")}, {.ranks = 2});
    EXPECT_EQ(ended.exit_code, 4);
    EXPECT_NE(ended.err.find("empty.so cannot be loaded"), std::string::npos) << ended.err;
}

} // namespace distinfer::test
