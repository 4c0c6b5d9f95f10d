// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.graph.Graph;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;

/** Tells a graph, its constants included, and the values observed in it from others. */
final class Fingerprint {
    private static final int CHUNK = 1 << 16;

    private final MessageDigest digest;

    private Fingerprint() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static String of(Model model, Collection<String> observed) {
        Fingerprint print = new Fingerprint();
        Graph graph = model.graph();
        for (Node node : graph.nodes()) {
            print.add(node.describe() + node.inputs() + node.outputs());
        }
        for (Map.Entry<String, Tensor> constant : graph.initializers().entrySet()) {
            print.add(constant.getKey() + constant.getValue());
            print.add(constant.getValue().segment());
        }
        print.add(observed.toString());
        return HexFormat.of().formatHex(print.digest.digest());
    }

    private void add(String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
    }

    private void add(MemorySegment data) {
        for (long at = 0; at < data.byteSize(); at += CHUNK) {
            long length = Math.min(CHUNK, data.byteSize() - at);
            digest.update(data.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE));
        }
    }
}
