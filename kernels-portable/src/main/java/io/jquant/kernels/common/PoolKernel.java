// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

/** Pools all channels of pixels whose windows have one size. Run by many threads at once. */
public interface PoolKernel {
    /**
     * Computes a block of output pixels. Nothing beyond the channels may be read or written.
     *
     * @param block what to compute
     */
    void run(PoolBlock block);
}
