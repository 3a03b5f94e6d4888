# distinfer_layer(NAME SOURCES ... LAYERS ... PUBLIC ... PRIVATE ...)
#
# A layer of the program: target distinfer_NAME over src/NAME and include/distinfer/NAME. LAYERS are the layers below
# that it may see; PUBLIC and PRIVATE are the libraries that it wraps.
function(distinfer_layer name)
    cmake_parse_arguments(arg "" "" "SOURCES;LAYERS;PUBLIC;PRIVATE" ${ARGN})
    set(target distinfer_${name})
    set(layers ${arg_LAYERS})
    list(TRANSFORM layers PREPEND distinfer_)
    if(arg_SOURCES)
        add_library(${target} STATIC ${arg_SOURCES})
        target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/include)
        target_link_libraries(${target} PUBLIC ${layers} ${arg_PUBLIC} PRIVATE ${arg_PRIVATE} distinfer_warnings)
    else()
        add_library(${target} INTERFACE)
        target_include_directories(${target} INTERFACE ${PROJECT_SOURCE_DIR}/include)
        target_link_libraries(${target} INTERFACE ${layers} ${arg_PUBLIC})
    endif()
endfunction()

set(DISTINFER_ALL_SKIPPED "\\[  PASSED  \\] 0 tests\\.\n\\[  SKIPPED \\]")

# distinfer_test(NAME SOURCES ... LIBRARIES ... LABEL unit|mpi|e2e|models [RANKS 1 2 3] [TIMEOUT seconds])
#
# A GoogleTest program and its ctest entries: NAME, or one NAME_npR for each number of ranks, started by mpirun.
function(distinfer_test name)
    cmake_parse_arguments(arg "" "LABEL;TIMEOUT" "SOURCES;LIBRARIES;RANKS;ENVIRONMENT" ${ARGN})
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    add_executable(${name} ${arg_SOURCES})
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
    target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} distinfer_warnings)
    set(entries)
    if(arg_RANKS)
        foreach(ranks IN LISTS arg_RANKS)
            add_test(NAME ${name}_np${ranks} COMMAND ${MPIEXEC_EXECUTABLE} --oversubscribe --bind-to none -np ${ranks} $<TARGET_FILE:${name}>)
            list(APPEND entries ${name}_np${ranks})
            set_tests_properties(${name}_np${ranks} PROPERTIES PROCESSORS ${ranks})
        endforeach()
    else()
        add_test(NAME ${name} COMMAND ${name})
        list(APPEND entries ${name})
    endif()
    # Open MPI and LibTorch leave memory to the system; leaks are looked for where our own code is alone. And a program
    # that gets no memory is to say so itself.
    if(NOT arg_LABEL STREQUAL unit)
        list(APPEND arg_ENVIRONMENT ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1)
    endif()
    # Skipped is what has nothing but skipped tests: ctest takes that for no failure, whatever else there is.
    set_tests_properties(${entries} PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT}
        ENVIRONMENT "${DISTINFER_TEST_ENVIRONMENT};${arg_ENVIRONMENT}" SKIP_REGULAR_EXPRESSION "${DISTINFER_ALL_SKIPPED}")
endfunction()
