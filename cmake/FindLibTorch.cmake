# Finds LibTorch without the CUDA toolkit that the official package asks for, even where only the CPU is used.
#
# Looked for in: LIBTORCH_DIR (cache or environment), .deps/venv, the Python torch of the python3 in PATH.
# Gives LibTorch_FOUND, LibTorch_VERSION, LibTorch_DIRECTORY and the target LibTorch::LibTorch.
# DISTINFER_LIBTORCH_PACKAGE=ON takes find_package(Torch) instead.
set(libtorch_oldest 2.9)

if(DISTINFER_LIBTORCH_PACKAGE)
    find_package(Torch REQUIRED)
    set(LibTorch_VERSION ${Torch_VERSION})
    set(LibTorch_DIRECTORY ${TORCH_INSTALL_PREFIX})
    if(NOT TARGET LibTorch::LibTorch)
        add_library(LibTorch::LibTorch INTERFACE IMPORTED)
        target_link_libraries(LibTorch::LibTorch INTERFACE ${TORCH_LIBRARIES})
        target_include_directories(LibTorch::LibTorch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
    endif()
else()
    set(libtorch_hints ${LIBTORCH_DIR} $ENV{LIBTORCH_DIR})
    file(GLOB libtorch_venv ${PROJECT_SOURCE_DIR}/.deps/venv/lib/python3*/site-packages/torch)
    list(APPEND libtorch_hints ${libtorch_venv})
    if(NOT libtorch_hints)
        # find_spec does not import torch: 0.02 s instead of seconds.
        execute_process(
            COMMAND python3 -c "import importlib.util as u; print(u.find_spec('torch').submodule_search_locations[0])"
            OUTPUT_VARIABLE libtorch_hints OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    endif()
    find_path(LibTorch_DIRECTORY NAMES include/ATen/ATen.h HINTS ${libtorch_hints} NO_DEFAULT_PATH)
    if(LibTorch_DIRECTORY)
        file(STRINGS ${LibTorch_DIRECTORY}/include/torch/headeronly/version.h libtorch_lines REGEX "define TORCH_VERSION_(MAJOR|MINOR|PATCH) ")
        string(REGEX REPLACE "[^0-9]*MAJOR ([0-9]+).*MINOR ([0-9]+).*PATCH ([0-9]+).*" "\\1.\\2.\\3" LibTorch_VERSION "${libtorch_lines}")
    endif()
endif()

if(LibTorch_VERSION AND LibTorch_VERSION VERSION_LESS libtorch_oldest)
    message(FATAL_ERROR "LibTorch ${LibTorch_VERSION} at ${LibTorch_DIRECTORY} is too old: dist-infer needs ${libtorch_oldest} or newer. "
        "Debian's libtorch-dev will not do; run tools/setup, or give -DLIBTORCH_DIR=/path/to/torch")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch REQUIRED_VARS LibTorch_DIRECTORY VERSION_VAR LibTorch_VERSION)

if(LibTorch_FOUND AND NOT TARGET LibTorch::LibTorch)
    set(libtorch_names torch_cpu c10)
    if(DISTINFER_GPU)
        list(APPEND libtorch_names torch_cuda c10_cuda)
    endif()
    list(TRANSFORM libtorch_names REPLACE "(.+)" "${LibTorch_DIRECTORY}/lib/lib\\1.so" OUTPUT_VARIABLE libtorch_libraries)
    # The wheel keeps the CUDA libraries beside itself, in nvidia/*/lib.
    file(GLOB libtorch_nvidia ${LibTorch_DIRECTORY}/../nvidia/*/lib)
    add_library(LibTorch::LibTorch INTERFACE IMPORTED)
    target_include_directories(LibTorch::LibTorch SYSTEM INTERFACE
        ${LibTorch_DIRECTORY}/include ${LibTorch_DIRECTORY}/include/torch/csrc/api/include)
    target_link_libraries(LibTorch::LibTorch INTERFACE -Wl,--no-as-needed ${libtorch_libraries} -Wl,--as-needed)
    foreach(folder IN LISTS libtorch_nvidia)
        target_link_options(LibTorch::LibTorch INTERFACE -Wl,-rpath-link,${folder})
    endforeach()
endif()
