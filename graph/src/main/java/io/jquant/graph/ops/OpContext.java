// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import io.jquant.graph.Node;
import io.jquant.graph.OperatorException;

/** A node with its operator: what inference and kernels share. */
public abstract class OpContext {
    private final Node node;
    private final Op op;

    OpContext(Node node, Op op) {
        this.node = node;
        this.op = op;
    }

    /** {@return the node} */
    public final Node node() {
        return node;
    }

    final Op op() {
        return op;
    }

    final int since() {
        return op.since();
    }

    final long integer(String key, long absent) {
        return node.intAttribute(key, absent);
    }

    final boolean flag(String key, boolean absent) {
        return node.intAttribute(key, absent ? 1 : 0) != 0;
    }

    final float real(String key, float absent) {
        return node.floatAttribute(key, absent);
    }

    final String text(String key, String absent) {
        return node.stringAttribute(key, absent);
    }

    final long[] integers(String key) {
        return node.intsAttribute(key);
    }

    final OperatorException fail(String what) {
        return new OperatorException(node.describe() + ": " + what);
    }

    final void require(boolean condition, String what) {
        if (!condition) {
            throw fail(what);
        }
    }

    /** An axis counted from the front; negative ones count from the back. */
    final int axis(long axis, int rank) {
        if (axis < -rank || axis >= rank) {
            throw fail("axis = " + axis + ": must be from " + -rank + " to " + (rank - 1));
        }
        return (int) (axis < 0 ? axis + rank : axis);
    }
}
