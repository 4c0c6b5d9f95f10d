// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.onnx;

import ai.onnx.proto.OnnxMl;
import io.jquant.AtomicFile;
import io.jquant.graph.Graph;
import io.jquant.graph.Model;
import io.jquant.graph.ModelFormatException;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import java.io.IOException;
import java.nio.file.Path;

/** Writes ONNX models. */
public final class OnnxWriter {
    /** Names, types and attributes come on top of the weights. */
    private static final long LARGEST_WEIGHTS = Integer.MAX_VALUE - (64L << 20);

    private OnnxWriter() {}

    /**
     * Writes a model to a file, which appears only when it is complete.
     *
     * @param model the model
     * @param file the file, which is replaced if it exists
     * @throws ModelFormatException if the model is no valid one, or larger than 2 GB
     * @throws IOException if the file cannot be written; then nothing of it is left
     */
    public static void write(Model model, Path file) throws IOException {
        OnnxMl.ModelProto proto = proto(model, file.toString());
        AtomicFile.write(file, proto::writeTo);
    }

    /**
     * A model as the bytes of a file.
     *
     * @param model the model
     * @return the bytes
     * @throws ModelFormatException if the model is no valid one, or larger than 2 GB
     */
    public static byte[] toBytes(Model model) throws ModelFormatException {
        return proto(model, "model").toByteArray();
    }

    private static OnnxMl.ModelProto proto(Model model, String target) throws ModelFormatException {
        long weights = model.graph().initializers().values().stream().mapToLong(Tensor::byteSize).sum();
        if (weights > LARGEST_WEIGHTS) {
            throw new ModelFormatException(target, "the model has " + weights + " bytes of weights: must be at most "
                    + LARGEST_WEIGHTS);
        }
        ModelChecker.checkOpsets(model.opsets(), target);
        for (Node node : model.graph().nodes()) {
            ModelChecker.check(node, ModelChecker.find(node, model.opsets(), target), target);
        }
        OnnxMl.ModelProto.Builder proto = OnnxMl.ModelProto.newBuilder().setIrVersion(model.irVersion())
                .setProducerName(model.producer()).setProducerVersion(model.producerVersion())
                .setGraph(graph(model.graph(), target));
        model.opsets().forEach((domain, version) -> proto.addOpsetImport(
                OnnxMl.OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version)));
        model.metadata().forEach((key, value) -> proto.addMetadataProps(
                OnnxMl.StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return proto.build();
    }

    private static OnnxMl.GraphProto graph(Graph graph, String target) {
        TensorCodec tensors = new TensorCodec(target, null);
        NodeCodec nodes = new NodeCodec(target, tensors);
        OnnxMl.GraphProto.Builder proto = OnnxMl.GraphProto.newBuilder().setName(graph.name());
        graph.initializers().forEach((name, tensor) -> proto.addInitializer(tensors.write(name, tensor)));
        graph.inputs().forEach(v -> proto.addInput(ValueCodec.write(v)));
        graph.outputs().forEach(v -> proto.addOutput(ValueCodec.write(v)));
        graph.declared().values().forEach(v -> proto.addValueInfo(ValueCodec.write(v)));
        graph.nodes().forEach(n -> proto.addNode(nodes.write(n)));
        return proto.build();
    }
}
