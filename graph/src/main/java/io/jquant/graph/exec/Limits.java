// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.exec;

/**
 * How much memory a graph may ask for. A small file can ask for much (ConstantOfShape, Expand, Resize, Pad).
 *
 * @param runBytes most bytes of tensors that one run may hold at a time
 * @param foldBytes most bytes of constants that are computed before a run, all together; what does not fit is computed
 *        in every run
 */
public record Limits(long runBytes, long foldBytes) {
    /** 4 GiB for a run, 64 MiB for constants. */
    public static final Limits DEFAULT = new Limits(4L << 30, 64L << 20);

    /** Checks the components. */
    public Limits {
        if (runBytes <= 0 || foldBytes < 0) {
            throw new IllegalArgumentException("runBytes = " + runBytes + ", foldBytes = " + foldBytes
                    + ": must be above 0 and 0 or more");
        }
    }
}
