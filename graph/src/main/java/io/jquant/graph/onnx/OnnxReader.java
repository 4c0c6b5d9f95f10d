// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.onnx;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.jquant.graph.Graph;
import io.jquant.graph.Model;
import io.jquant.graph.ModelFormatException;
import io.jquant.graph.Node;
import io.jquant.graph.OperatorException;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.exec.Limits;
import io.jquant.graph.exec.ShapeInference;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads ONNX models of operator sets 7 to 25 and checks them: every value made once and before it is read, every
 * operator known in its version, attributes of the right kind, initializers as large as their shapes, all shapes
 * consistent. Reading takes memory of at most 100 times the size of the file (the most that nested empty messages can
 * cost; a file of weights takes 3 times its size) and what {@link Limits#foldBytes()} allows for computed constants.
 */
public final class OnnxReader {
    /** Arrays, and so files, end there. */
    private static final long LARGEST_FILE = Integer.MAX_VALUE - 8L;

    private OnnxReader() {}

    /**
     * Reads a model.
     *
     * @param file the file; data outside of it must lie in its folder
     * @return the model
     * @throws ModelFormatException if the file is truncated, corrupt, larger than 2 GB, or no model that can be run
     * @throws IOException if the file cannot be read
     */
    public static Model read(Path file) throws IOException {
        return read(file, Limits.DEFAULT);
    }

    /**
     * Reads a model.
     *
     * @param file the file; data outside of it must lie in its folder
     * @param limits how much memory constants that are computed during the checks may take
     * @return the model
     * @throws ModelFormatException if the file is truncated, corrupt, larger than 2 GB, or no model that can be run
     * @throws IOException if the file cannot be read
     */
    public static Model read(Path file, Limits limits) throws IOException {
        byte[] bytes = readAll(file);
        return read(bytes, file.toString(), file.toAbsolutePath().getParent(), limits);
    }

    /**
     * Reads a model from memory.
     *
     * @param bytes the contents of a file
     * @param source a name for messages
     * @param folder where data outside of the file lies; null to refuse such data
     * @param limits how much memory constants that are computed during the checks may take
     * @return the model
     * @throws ModelFormatException if the bytes are truncated, corrupt, or no model that can be run
     * @throws IOException if data outside of the file cannot be read
     */
    public static Model read(byte[] bytes, String source, Path folder, Limits limits) throws IOException {
        OnnxMl.ModelProto proto;
        try {
            proto = OnnxMl.ModelProto.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new ModelFormatException(source, "truncated or corrupt, or no ONNX file: " + e.getMessage(), e);
        }
        Model model = convert(proto, source, new TensorCodec(source, folder));
        try {
            ShapeInference.infer(model, limits);
        } catch (OperatorException e) {
            throw new ModelFormatException(source, e.getMessage(), e);
        }
        return model;
    }

    /**
     * Reads a model from mapped memory. Weights in 8 bits stay there until they are asked for. Shapes are not inferred,
     * and so not checked, before the model is planned or lowered.
     *
     * @param bytes the contents of a file, outside the heap; must be there and stay as they are as long as the model is
     *        used
     * @param source a name for messages
     * @return the model
     * @throws ModelFormatException if the bytes are truncated, corrupt, or no model that can be run
     * @throws IOException never: such models have no data elsewhere
     */
    public static Model readMapped(MemorySegment bytes, String source) throws IOException {
        if (bytes.byteSize() > LARGEST_FILE) {
            throw new ModelFormatException(source, "has " + bytes.byteSize() + " bytes: must be smaller than 2 GB");
        }
        CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes.asByteBuffer()).newCodedInput();
        in.enableAliasing(true);
        try {
            return convert(OnnxMl.ModelProto.parseFrom(in), source, new TensorCodec(source, null));
        } catch (InvalidProtocolBufferException e) {
            throw new ModelFormatException(source, "truncated or corrupt, or no ONNX file: " + e.getMessage(), e);
        }
    }

    /**
     * Reads a tensor that is stored on its own.
     *
     * @param bytes a serialized TensorProto
     * @param source a name for messages
     * @return the tensor
     * @throws ModelFormatException if the bytes are truncated, corrupt, or of a type that is not supported
     * @throws IOException never: such tensors have no data elsewhere
     */
    public static Tensor readTensor(byte[] bytes, String source) throws IOException {
        try {
            return new TensorCodec(source, null).read(OnnxMl.TensorProto.parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
            throw new ModelFormatException(source, "truncated or corrupt, or no tensor: " + e.getMessage(), e);
        }
    }

    private static byte[] readAll(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new ModelFormatException(file.toString(), "is a folder: must be an ONNX file");
        }
        long size = Files.size(file);
        if (size > LARGEST_FILE) {
            throw new ModelFormatException(file.toString(), "has " + size + " bytes: must be smaller than 2 GB"
                    + " (larger models keep their weights in files of their own)");
        }
        return Files.readAllBytes(file);
    }

    private static Model convert(OnnxMl.ModelProto proto, String source, TensorCodec tensors) throws IOException {
        if (!proto.hasGraph()) {
            throw new ModelFormatException(source, "has no graph: no ONNX model");
        }
        Map<String, Integer> opsets = new LinkedHashMap<>();
        for (OnnxMl.OperatorSetIdProto set : proto.getOpsetImportList()) {
            long version = set.getVersion();
            if (version < 1 || version > Integer.MAX_VALUE) {
                throw new ModelFormatException(source, "imports version " + version + " of domain '"
                        + set.getDomain() + "'");
            }
            opsets.put(NodeCodec.domain(set.getDomain()), (int) version);
        }
        ModelChecker.checkOpsets(opsets, source);
        Map<String, String> metadata = new LinkedHashMap<>();
        proto.getMetadataPropsList().forEach(p -> metadata.put(p.getKey(), p.getValue()));
        Graph graph = graph(proto.getGraph(), opsets, source, tensors);
        return new Model(proto.getIrVersion(), opsets, proto.getProducerName(), proto.getProducerVersion(), metadata,
                graph);
    }

    private static Graph graph(OnnxMl.GraphProto proto, Map<String, Integer> opsets, String source,
            TensorCodec tensors) throws IOException {
        if (proto.getSparseInitializerCount() > 0) {
            throw new ModelFormatException(source, "has sparse initializers: not supported");
        }
        Map<String, Tensor> initializers = new LinkedHashMap<>();
        for (OnnxMl.TensorProto tensor : proto.getInitializerList()) {
            if (tensor.getName().isEmpty() || initializers.containsKey(tensor.getName())) {
                throw new ModelFormatException(source, "initializer '" + tensor.getName()
                        + "': must have a name of its own");
            }
            initializers.put(tensor.getName(), tensors.read(tensor));
        }
        List<ValueInfo> inputs = new ArrayList<>();
        for (OnnxMl.ValueInfoProto input : proto.getInputList()) {
            if (!initializers.containsKey(input.getName())) {
                inputs.add(ValueCodec.read(input, source, true));
            }
        }
        List<ValueInfo> outputs = new ArrayList<>();
        for (OnnxMl.ValueInfoProto output : proto.getOutputList()) {
            outputs.add(ValueCodec.read(output, source, false));
        }
        Map<String, ValueInfo> declared = new LinkedHashMap<>();
        for (OnnxMl.ValueInfoProto value : proto.getValueInfoList()) {
            if (!value.getName().isEmpty() && value.getType().hasTensorType()) {
                declared.put(value.getName(), ValueCodec.read(value, source, false));
            }
        }
        NodeCodec codec = new NodeCodec(source, tensors);
        List<Node> nodes = new ArrayList<>();
        for (OnnxMl.NodeProto node : proto.getNodeList()) {
            nodes.add(codec.read(node, opsets));
        }
        try {
            return new Graph(proto.getName(), inputs, outputs, initializers, nodes, declared);
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(source, e.getMessage(), e);
        }
    }
}
