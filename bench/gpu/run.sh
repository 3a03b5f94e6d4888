#!/usr/bin/env bash
# Tests dist-infer and measures it on a machine with an NVIDIA GPU, out of the folder that tools/gpu_bundle made.
#
#   ./run.sh                  the tests, then the throughput table
#   ./run.sh tests | bench    one of them
#   ./run.sh --simulate       on a machine without a GPU: tries the scripts and the tests themselves, in small, on the CPU
#
# Needs a python3 (or $PYTHON) whose torch is the one that dist-infer was built against, with torchvision and h5py for the
# table. Writes log.txt, results.json and table.md into $OUT, or ./out; further options are those of run.py.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-python3}
torch=$("$python" -c 'import importlib.util as u; print(u.find_spec("torch").submodule_search_locations[0])') || {
    echo "run.sh: $python has no torch; set PYTHON to one that has" >&2
    exit 2
}

# Only the bundle's programs see its libraries: Python has libraries of its own.
libraries=$here/lib:$torch/lib
for folder in "$torch"/../nvidia/*/lib; do libraries+=:$folder; done
libraries+=${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
# The system's C++ library is the newer one on most machines, and has to fit LibTorch's needs, too.
timeout 120 env LD_LIBRARY_PATH="$libraries" "$here/bin/dist-infer" version >/dev/null 2>&1 || libraries=$here/lib/c++:$libraries

export DIST_INFER_TEST_LIBRARIES=$libraries DIST_INFER_TEST_PROGRAM=$here/bin/dist-infer DIST_INFER_TEST_MPIEXEC=$here/bin/mpirun
export OPAL_PREFIX=$here OPAL_BINDIR=$here/bin OPAL_LIBDIR=$here/lib OPAL_PKGLIBDIR=$here/lib/openmpi OPAL_DATADIR=$here/share \
    OPAL_PKGDATADIR=$here/share/openmpi OPAL_SYSCONFDIR=$here/etc \
    HWLOC_PLUGINS_PATH=$here/lib/hwloc PMIX_PREFIX=$here PMIX_PKGLIBDIR=$here/lib/pmix PMIX_PKGDATADIR=$here/share/pmix PMIX_SYSCONFDIR=$here/etc
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_btl=self,vader,tcp
export PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
exec "$python" "$here/run.py" "$@"
