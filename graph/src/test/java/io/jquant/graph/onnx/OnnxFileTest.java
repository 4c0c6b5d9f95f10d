// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl;
import io.jquant.DataType;
import io.jquant.graph.Attribute;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Model;
import io.jquant.graph.ModelFormatException;
import io.jquant.graph.Node;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.exec.Executor;
import io.jquant.graph.exec.Limits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxFileTest {
    private static final Path MODELS = Path.of("src/test/resources/models");

    @TempDir
    private Path folder;

    private static Model addition(Tensor addend) {
        GraphBuilder b = new GraphBuilder().input(new ValueInfo("x", DataType.F32, Shape.of(2)))
                .output(new ValueInfo("y", DataType.F32, Shape.of(2)));
        b.putInitializer("w", addend);
        b.add(new Node("Add", List.of("x", "w"), List.of("y"), Map.of()));
        return new Model(8, Map.of("", 13), "jquant", "1", Map.of("key", "value"), b.build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mobilenetv1-vww96", "dscnn-kws-pad-op", "lstm-snippets", "transformer-snippets", "mnist"})
    void readsBackWhatItWrites(String name) throws IOException {
        Model model = OnnxReader.read(MODELS.resolve(name + ".onnx"));
        Path file = folder.resolve("copy.onnx");
        OnnxWriter.write(model, file);
        Model copy = OnnxReader.read(file);
        assertEquals(model.opsets(), copy.opsets());
        assertEquals(model.graph().inputs(), copy.graph().inputs());
        assertEquals(model.graph().outputs(), copy.graph().outputs());
        assertEquals(model.graph().nodes().stream().map(n -> n.withAttributes(Map.of())).toList(),
                copy.graph().nodes().stream().map(n -> n.withAttributes(Map.of())).toList());
        model.graph().initializers().forEach((key, tensor) ->
                assertEquals(-1, tensor.segment().mismatch(copy.graph().initializers().get(key).segment()), key));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(1, left.count(), "no temporary file is left");
        }
    }

    @Test
    void keepsMetadata() throws IOException {
        Model copy = OnnxReader.read(OnnxWriter.toBytes(addition(Tensor.of(new float[2], 2))), "m", null,
                Limits.DEFAULT);
        assertEquals("jquant", copy.producer());
        assertEquals(Map.of("key", "value"), copy.metadata());
        assertEquals(8, copy.irVersion());
    }

    private Path external(String location, Map<String, String> more) throws IOException {
        var proto = OnnxMl.ModelProto.parseFrom(OnnxWriter.toBytes(addition(Tensor.of(new float[2], 2)))).toBuilder();
        var tensor = proto.getGraphBuilder().getInitializerBuilder(0).clearRawData()
                .setDataLocation(OnnxMl.TensorProto.DataLocation.EXTERNAL);
        tensor.addExternalData(OnnxMl.StringStringEntryProto.newBuilder().setKey("location").setValue(location));
        more.forEach((k, v) -> tensor.addExternalData(
                OnnxMl.StringStringEntryProto.newBuilder().setKey(k).setValue(v)));
        Path inner = Files.createDirectories(folder.resolve("model"));
        Path file = inner.resolve("m.onnx");
        Files.write(file, proto.build().toByteArray());
        ByteBuffer data = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        data.putFloat(9).putFloat(10).putFloat(20);
        Files.write(inner.resolve("weights.bin"), data.array());
        Files.write(folder.resolve("secret.bin"), data.array());
        return file;
    }

    @Test
    void readsExternalData() throws IOException {
        Model model = OnnxReader.read(external("weights.bin", Map.of("offset", "4", "length", "8")));
        Tensor y = Executor.plan(model).run(Map.of("x", Tensor.of(new float[] {1, 2}, 2))).get("y");
        assertArrayEquals(new float[] {11, 22}, y.toFloats());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret.bin", "/etc/passwd", "a/../../secret.bin", "", "..\\secret.bin", "link.bin"})
    void refusesExternalDataOutsideTheFolder(String location) throws IOException {
        Path file = external(location, Map.of("length", "8"));
        Files.createSymbolicLink(file.resolveSibling("link.bin"), folder.resolve("secret.bin"));
        String message = assertThrows(ModelFormatException.class, () -> OnnxReader.read(file)).getMessage();
        assertTrue(message.contains("folder"), message);
    }

    @Test
    void refusesExternalDataThatDoesNotFit() throws IOException {
        Path beyond = external("weights.bin", Map.of("offset", "8"));
        assertThrows(ModelFormatException.class, () -> OnnxReader.read(beyond));
        Path huge = external("weights.bin", Map.of("offset", Long.toString(Long.MAX_VALUE)));
        assertThrows(ModelFormatException.class, () -> OnnxReader.read(huge));
        Path length = external("weights.bin", Map.of("length", "12"));
        assertThrows(ModelFormatException.class, () -> OnnxReader.read(length));
        Path text = external("weights.bin", Map.of("offset", "x"));
        assertThrows(ModelFormatException.class, () -> OnnxReader.read(text));
    }

    private static String refusal(OnnxMl.ModelProto.Builder proto) {
        byte[] bytes = proto.build().toByteArray();
        return assertThrows(ModelFormatException.class, () -> OnnxReader.read(bytes, "m.onnx", null,
                Limits.DEFAULT)).getMessage();
    }

    private static OnnxMl.ModelProto.Builder proto() throws IOException {
        return OnnxMl.ModelProto.parseFrom(OnnxWriter.toBytes(addition(Tensor.of(new float[2], 2)))).toBuilder();
    }

    @Test
    void refusesBrokenModelsWithTheReason() throws IOException {
        var opset = proto();
        opset.getOpsetImportBuilder(0).setVersion(6);
        assertTrue(refusal(opset).contains("must be from 7 to 25"));
        var operator = proto();
        operator.getGraphBuilder().getNodeBuilder(0).setOpType("Frobnicate").setName("n1");
        assertTrue(refusal(operator)
                .contains("unknown operator Frobnicate of domain ai.onnx in version 13: node 'n1'"));
        var domain = proto();
        domain.getGraphBuilder().getNodeBuilder(0).setDomain("com.example");
        assertTrue(refusal(domain).contains("com.example, which is not imported"));
        var twice = proto();
        twice.getGraphBuilder().getNodeBuilder(0).setOutput(0, "x");
        assertTrue(refusal(twice).contains("made twice"));
        var order = proto();
        order.getGraphBuilder().getNodeBuilder(0).setInput(1, "later");
        assertTrue(refusal(order).contains("'later', which nothing before it makes"));
        var arity = proto();
        arity.getGraphBuilder().getNodeBuilder(0).addInput("x");
        assertTrue(refusal(arity).contains("has 3 inputs: must have 2"));
        var size = proto();
        size.getGraphBuilder().getInitializerBuilder(0).setDims(0, 1 << 30);
        assertTrue(refusal(size).contains("8 bytes of data"));
        var type = proto();
        type.getGraphBuilder().getInitializerBuilder(0).setDataType(8);
        assertTrue(refusal(type).contains("element type 8"));
        var attribute = proto();
        attribute.getGraphBuilder().getNodeBuilder(0).addAttribute(OnnxMl.AttributeProto.newBuilder().setName("axis")
                .setType(OnnxMl.AttributeProto.AttributeType.INT));
        assertTrue(refusal(attribute).contains("attribute axis"));
        var shape = proto();
        shape.getGraphBuilder().getInitializerBuilder(0).setDims(0, 1).addDims(2);
        shape.getGraphBuilder().getInputBuilder(0).getTypeBuilder().getTensorTypeBuilder().getShapeBuilder()
                .getDimBuilder(0).setDimValue(3);
        assertTrue(refusal(shape).contains("cannot be broadcast"));
    }

    @Test
    void refusesFilesThatAreNoModels() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.onnx"));
        assertThrows(ModelFormatException.class, () -> OnnxReader.read(empty));
        assertThrows(ModelFormatException.class, () -> OnnxReader.read(folder));
        assertThrows(NoSuchFileException.class, () -> OnnxReader.read(folder.resolve("none.onnx")));
        byte[] whole = Files.readAllBytes(MODELS.resolve("dscnn-kws.onnx"));
        Path half = folder.resolve("half.onnx");
        Files.write(half, Arrays.copyOf(whole, whole.length / 2));
        String message = assertThrows(ModelFormatException.class, () -> OnnxReader.read(half)).getMessage();
        assertTrue(message.startsWith(half.toString()) && message.contains("truncated"), message);
    }

    @Test
    void writesNothingOfAnInvalidModel() throws IOException {
        GraphBuilder b = new GraphBuilder(addition(Tensor.of(new float[2], 2)).graph());
        Node add = b.nodes().getFirst();
        b.replace(add, add.withAttributes(Map.of("axis", Attribute.of(1))));
        Model invalid = addition(Tensor.of(new float[2], 2)).withGraph(b.build());
        assertThrows(ModelFormatException.class, () -> OnnxWriter.write(invalid, folder.resolve("m.onnx")));
        Model valid = addition(Tensor.of(new float[2], 2));
        assertThrows(IOException.class, () -> OnnxWriter.write(valid, folder));
        assertThrows(IOException.class, () -> OnnxWriter.write(valid, folder.resolve("none/m.onnx")));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
    }
}
