// SPDX-License-Identifier: Apache-2.0

/** Benchmarks, and the peers beside them. */
module io.jquant.bench {
    requires io.jquant.kernels;
}
