# What `dist-infer version` tells of the build, as a generated source of the app layer.
execute_process(COMMAND git describe --always --dirty --tags WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    OUTPUT_VARIABLE DISTINFER_GIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT DISTINFER_GIT)
    set(DISTINFER_GIT unknown)
endif()
configure_file(${PROJECT_SOURCE_DIR}/cmake/build_info.cpp.in ${PROJECT_BINARY_DIR}/generated/build_info.cpp @ONLY)
