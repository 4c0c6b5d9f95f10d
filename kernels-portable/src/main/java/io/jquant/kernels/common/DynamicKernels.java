// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

/** The kernels around the product of dynamic layers; the definition runs for those that are missing. */
public interface DynamicKernels {
    /** No kernels. */
    DynamicKernels NONE = new DynamicKernels() { };

    /** {@return the kernel for the smallest and the largest of floats, or null} */
    default RangeFinder range() {
        return null;
    }

    /** {@return the kernel that quantizes the input, or null} */
    default RowQuantizer rowQuantizer() {
        return null;
    }

    /**
     * The kernel that stores the output of rows with a scale each.
     *
     * @param panelColumns columns of a panel: sums and numbers of columns are there for whole panels
     * @return the kernel, or null
     */
    default RowScaler rowScaler(int panelColumns) {
        return null;
    }
}
