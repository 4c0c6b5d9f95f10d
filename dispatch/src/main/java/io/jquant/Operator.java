// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import io.jquant.spi.OperatorKernel;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;

/**
 * An operator prepared by an {@link Engine}. Operators are immutable and may be run by many threads at once. Closing
 * one frees its memory when the last run that has begun is over; a run that begins later is refused.
 *
 * @param <K> the kernel that does the work
 */
public abstract sealed class Operator<K extends OperatorKernel> implements AutoCloseable
        permits PackedOperator, Matmul, Unary, Binary, Spatial, RowWise, Concat, Movement, Conversion, VectorScoring {
    private static final int CLOSED = Integer.MIN_VALUE;
    private static final VarHandle USERS;

    static {
        try {
            USERS = MethodHandles.lookup().findVarHandle(Operator.class, "users", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final K kernel;
    /** Runs in progress; the sign bit is set once the operator is closed. */
    @SuppressWarnings("unused")
    private volatile int users;

    Operator(K kernel) {
        this.kernel = Objects.requireNonNull(kernel, "the backend's kernel");
    }

    /** The kernel, kept open until {@link #leave}. */
    final K enter() {
        int before = (int) USERS.getAndAdd(this, 1);
        if (before < 0) {
            leave();
            throw new IllegalStateException(getClass().getSimpleName() + " is closed");
        }
        return kernel;
    }

    final void leave() {
        int before = (int) USERS.getAndAdd(this, -1);
        if (before == CLOSED + 1) {
            release();
        }
    }

    private void release() {
        // of several that see the last user leave a closed operator, the one that moves it on frees it
        if (USERS.compareAndSet(this, CLOSED, CLOSED + (1 << 30))) {
            kernel.close();
        }
    }

    /** Frees the operator's memory once no run is in progress. Closing twice does nothing. */
    @Override
    public final void close() {
        int before = (int) USERS.getAndBitwiseOr(this, CLOSED);
        if (before == 0) {
            release();
        }
    }
}
