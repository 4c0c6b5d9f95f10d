// SPDX-License-Identifier: Apache-2.0
package io.jquant.spi;

/**
 * What a prepared operator does, without the checks: {@code io.jquant}'s operators check every argument before they
 * call a kernel, and never call one that is closed. Kernels are immutable and may be run by many threads at once.
 *
 * <p>Checked is also that the operands are alive and accessible to the calling thread. A kernel that hands them to
 * other threads has to ask {@link java.lang.foreign.MemorySegment#isAccessibleBy}, and one that goes by address has to
 * keep them alive meanwhile, as a foreign call does with the segments it is given.
 */
public interface OperatorKernel extends AutoCloseable {
    /**
     * The weights as the kernel has packed them, for {@link EngineBackend#restore}.
     *
     * @return the kernel's own memory, valid while the kernel is open; null where packing is not worth keeping
     */
    default PackedImage image() {
        return null;
    }

    /** Frees what the kernel holds outside the heap; called once, when no thread runs it. */
    @Override
    default void close() {
    }
}
