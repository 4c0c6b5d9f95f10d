// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import io.jquant.graph.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Every operator that is known, by domain, name and version. */
public final class OpRegistry {
    /** Oldest and newest version of ai.onnx that can be read. */
    public static final int OLDEST_OPSET = 7;
    /** Newest version of ai.onnx that can be read. */
    public static final int NEWEST_OPSET = 25;

    private static final List<List<Op>> FAMILIES = List.of(
            Elementwise.OPS, MatrixOps.OPS, Convolution.OPS, ConvTranspose.OPS, DeformConv.OPS, Pooling.OPS,
            Reduction.OPS, Normalization.OPS, Recurrent.OPS, ReshapeOps.OPS, DataMovement.OPS, Indexing.OPS,
            Padding.OPS, Resize.OPS, Casting.OPS, Constants.OPS, QuantizeOps.OPS, QuantizedMatrix.OPS,
            QuantizedConv.OPS, MicrosoftElementwise.OPS, MicrosoftMatrix.OPS,
            MicrosoftNibbles.OPS, MicrosoftRecurrent.OPS);
    private static final Map<String, NavigableMap<Integer, Op>> BY_NAME = byName();

    private OpRegistry() {}

    private static Map<String, NavigableMap<Integer, Op>> byName() {
        Map<String, NavigableMap<Integer, Op>> all = new HashMap<>();
        for (List<Op> family : FAMILIES) {
            for (Op op : family) {
                Op before = all.computeIfAbsent(key(op.domain(), op.type()), k -> new TreeMap<>()).put(op.since(), op);
                if (before != null) {
                    throw new IllegalStateException(op.type() + " " + op.since() + " is listed twice");
                }
            }
        }
        return all;
    }

    private static String key(String domain, String type) {
        return domain + ":" + type;
    }

    /**
     * The operator of a node.
     *
     * @param node the node
     * @param opset version of the operator set of the node's domain
     * @return the operator, or null if it is unknown in that version
     */
    public static Op find(Node node, int opset) {
        NavigableMap<Integer, Op> versions = BY_NAME.get(key(node.domain(), node.opType()));
        Map.Entry<Integer, Op> entry = versions == null ? null : versions.floorEntry(opset);
        return entry == null ? null : entry.getValue();
    }
}
