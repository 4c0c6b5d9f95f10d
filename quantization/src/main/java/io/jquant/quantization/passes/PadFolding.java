// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.passes;

import io.jquant.graph.Attribute;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes a Pad with zeros part of the convolution that reads it. */
public final class PadFolding implements GraphPass {
    @Override
    public void visit(GraphBuilder builder, Node node) {
        if (!node.is("Conv") || !node.stringAttribute("auto_pad", "NOTSET").equals("NOTSET")) {
            return;
        }
        Node pad = builder.producer(node.input(0));
        long[] added = pad != null && pad.is("Pad") ? spatialPads(builder, pad) : null;
        if (added == null) {
            return;
        }
        long[] pads = node.intsAttribute("pads");
        long[] sum = pads == null ? new long[added.length] : pads;
        if (sum.length != added.length) {
            return;
        }
        Arrays.setAll(sum, i -> sum[i] + added[i]);
        Map<String, Attribute> attributes = new TreeMap<>(node.attributes());
        attributes.put("pads", Attribute.ofInts(sum));
        List<String> inputs = new ArrayList<>(node.inputs());
        inputs.set(0, pad.input(0));
        builder.replace(node, node.withInputs(inputs).withAttributes(attributes));
    }

    /** The zeros added to the spatial axes; null if something else is added, or it is not known what. */
    private static long[] spatialPads(GraphBuilder builder, Node pad) {
        Tensor value = pad.input(2).isEmpty() ? null : builder.initializer(pad.input(2));
        Tensor constant = builder.initializer(pad.input(1));
        long[] pads = constant != null ? constant.toLongs() : pad.intsAttribute("pads");
        boolean zero = pad.input(2).isEmpty()
                ? pad.floatAttribute("value", 0) == 0
                : value != null && value.getDouble(0) == 0;
        boolean plain = pad.stringAttribute("mode", "constant").equals("constant") && pad.input(3).isEmpty();
        if (!zero || !plain || pads == null || pads.length < 6) {
            return null;
        }
        int rank = pads.length / 2;
        if (pads[0] != 0 || pads[1] != 0 || pads[rank] != 0 || pads[rank + 1] != 0
                || Arrays.stream(pads).anyMatch(p -> p < 0)) {
            return null;
        }
        long[] spatial = new long[2 * (rank - 2)];
        System.arraycopy(pads, 2, spatial, 0, rank - 2);
        System.arraycopy(pads, rank + 2, spatial, rank - 2, rank - 2);
        return spatial;
    }
}
