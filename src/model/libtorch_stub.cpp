// A library that answers to the name libtorch.so and holds nothing; libtorch_name.hpp says why.
