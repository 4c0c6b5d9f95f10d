// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.Engine;
import io.jquant.EngineOptions;
import io.jquant.EngineSelection;
import io.jquant.graph.Model;
import io.jquant.graph.OperatorException;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.lowering.LoweredModel;
import io.jquant.graph.lowering.PackedModel;
import io.jquant.graph.onnx.OnnxReader;
import io.jquant.quantization.QOperatorFormat;
import io.jquant.quantization.Quantizer;
import io.jquant.quantization.StaticOptions;
import io.jquant.spi.Tier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models in jquant's packed form: the bits of the ONNX file's. Everywhere ResNet-8, the others on the engine that is
 * chosen here; with {@code -Djquant.test.cases=1000} all on every engine, tier and instruction set.
 */
class PackedModelTest {
    private static final Path MODELS = Path.of("..", "graph", "src", "test", "resources", "models");
    private static final int CASES = Integer.getInteger("jquant.test.cases", 40);
    private static final int MANY = 1000;
    private static final String RESNET = "resnet8-cifar10.onnx";
    private static final Map<String, Model> QUANTIZED = new LinkedHashMap<>();

    @TempDir
    private Path folder;

    @BeforeAll
    static void quantize() throws IOException {
        for (Path file : List.of(Run.DATA.resolve(RESNET), MODELS.resolve("mobilenetv1-vww96.onnx"),
                MODELS.resolve("dscnn-kws.onnx"))) {
            Model model = OnnxReader.read(file);
            QUANTIZED.put(file.getFileName().toString(), Quantizer.staticQuantize(model,
                    List.of(inputs(model.graph().inputs(), 1, 1)), StaticOptions.forEngine("fbgemm")));
        }
        QUANTIZED.put("resnet8, QOperator", QOperatorFormat.of(QUANTIZED.get(RESNET)));
        for (String name : List.of("lstm-snippets.onnx", "transformer-snippets.onnx")) {
            QUANTIZED.put(name, Quantizer.dynamicQuantize(OnnxReader.read(MODELS.resolve(name))));
        }
    }

    private static Map<String, Tensor> inputs(List<ValueInfo> wanted, int batch, long seed) {
        Random random = new Random(seed);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        for (ValueInfo input : wanted) {
            long[] shape = new long[input.shape().rank()];
            for (int i = 0; i < shape.length; i++) {
                shape[i] = input.shape().dim(i).isKnown() ? input.shape().dim(i).value() : i == 0 ? batch : 24;
            }
            Tensor tensor = Tensor.allocate(input.type(), shape);
            for (int i = 0; i < tensor.count(); i++) {
                tensor.setDouble(i, input.type().isFloating() ? random.nextGaussian() : random.nextInt(1, 200));
            }
            inputs.put(input.name(), tensor);
        }
        return inputs;
    }

    private static void assertSameBits(LoweredModel expected, LoweredModel actual, String what) {
        Map<String, Tensor> inputs = inputs(expected.inputs(), 2, 2);
        Map<String, Tensor> outputs = actual.run(inputs);
        expected.run(inputs).forEach((name, tensor) ->
                assertArrayEquals(tensor.toFloats(), outputs.get(name).toFloats(), what + ", output " + name));
    }

    /** Every engine, tier and instruction set that this machine has, the chosen one first. */
    private static List<EngineOptions> offers() {
        List<EngineOptions> offers = new ArrayList<>(List.of(EngineOptions.defaults()));
        try (Engine engine = Engine.open()) {
            for (EngineSelection.Considered one : engine.selection().considered()) {
                if (one.candidate().isUsable() && (CASES >= MANY || one.candidate().tier() != Tier.SCALAR)
                        && List.of("fbgemm", "qnnpack", "portable").contains(one.engine())) {
                    offers.add(new EngineOptions(one.engine(), one.candidate().tier(), one.candidate().isa(), 1, null));
                }
            }
        }
        return offers;
    }

    @Test
    void everyOfferGivesTheBitsOfTheOnnxFile() throws IOException {
        Path file = folder.resolve("model.jqp");
        for (EngineOptions options : offers()) {
            for (Map.Entry<String, Model> model : QUANTIZED.entrySet()) {
                if (CASES < MANY && options.engine() != null && !model.getKey().equals(RESNET)) {
                    continue;
                }
                try (Engine engine = Engine.open(options);
                        LoweredModel plain = LoweredModel.lower(model.getValue(), engine)) {
                    PackedModel.write(model.getValue(), engine, file);
                    try (LoweredModel packed = PackedModel.load(file, engine)) {
                        assertSameBits(plain, packed, model.getKey() + " on " + engine.selection().chosen());
                    }
                }
            }
        }
    }

    @Test
    void packedWeightsAreThoseOfEveryLayerThatTheEnginePacks() throws IOException {
        Path file = folder.resolve("model.jqp");
        try (Engine engine = Engine.open()) {
            PackedModel.write(QUANTIZED.get(RESNET), engine, file);
            PackedModel.Description said = PackedModel.describe(file);
            boolean scalar = engine.selection().chosen().candidate().tier().spelling().equals("scalar");
            // 9 convolutions and a linear layer; the definitions pack nothing
            assertEquals(scalar ? 0 : 10, said.operators());
            assertTrue(scalar || said.packedBytes() > 78_000, said.toString());
            assertEquals(QUANTIZED.get(RESNET).graph().nodes().size(),
                    said.model().graph().nodes().size());
        }
    }

    @Test
    void anotherEngineSaysSoAndPacksAnew() throws IOException {
        Path file = folder.resolve("model.jqp");
        Model model = QUANTIZED.get("dscnn-kws.onnx");
        List<String> warnings = new ArrayList<>();
        Logger logger = Logger.getLogger(PackedModel.class.getName());
        Handler handler = handler(warnings);
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try (Engine scalar = Engine.open(EngineOptions.defaults().withEngine("portable"));
                Engine other = Engine.open(EngineOptions.defaults().withEngine("qnnpack"));
                LoweredModel plain = LoweredModel.lower(model, other)) {
            PackedModel.write(model, scalar, file);
            PackedModel.load(file, scalar).close();
            assertEquals(List.of(), warnings);
            try (LoweredModel packed = PackedModel.load(file, other)) {
                assertSameBits(plain, packed, "packed for portable, run on qnnpack");
            }
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
        assertEquals(1, warnings.size(), warnings.toString());
        assertTrue(warnings.getFirst().contains("it is packed for engine portable, tier scalar, isa scalar, and this is"
                + " engine qnnpack, "), warnings.getFirst());
    }

    private static Handler handler(List<String> messages) {
        return new Handler() {
            @Override
            public void publish(LogRecord record) {
                messages.add(MessageFormat.format(record.getMessage(), record.getParameters()));
            }

            @Override
            public void flush() {
                // nothing is kept
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
    }

    /** Whatever is in a file whose checksums are right, it is refused with an exception, or runs to one or an end. */
    @Test
    void hostileFilesDoNoHarm() throws IOException {
        Path file = folder.resolve("model.jqp");
        try (Engine engine = Engine.open()) {
            PackedModel.write(QUANTIZED.get("dscnn-kws.onnx"), engine, file);
            byte[] bytes = Files.readAllBytes(file);
            int ran = 0;
            for (int seed = 0; seed < CASES; seed++) {
                Random random = new Random(seed);
                byte[] hostile = bytes.clone();
                // most of the file is weights: half of the changes go to the beginning of head, model, and so on
                for (int i = random.nextInt(4); i >= 0; i--) {
                    int at = 32 + random.nextInt(random.nextBoolean() ? hostile.length - 36 : 30_000);
                    if (random.nextBoolean()) {
                        hostile[at] = (byte) random.nextInt();
                    } else {
                        ByteBuffer.wrap(hostile).putInt(at, random.nextInt() >> random.nextInt(32));
                    }
                }
                Files.write(file, mended(hostile));
                ran += runs(file, engine) ? 1 : 0;
            }
            assertTrue(ran > 0 && ran < CASES, ran + " of " + CASES + " ran");
        }
    }

    private static boolean runs(Path file, Engine engine) {
        try (LoweredModel model = PackedModel.load(file, engine)) {
            model.run(inputs(model.inputs(), 1, 1));
            return true;
        } catch (IOException | OperatorException e) {
            return false;
        }
    }

    private static byte[] mended(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int end = 32 + buffer.getInt(12);
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, 24);
        sum.update(bytes, 32, end - 32);
        buffer.putInt(24, (int) sum.getValue());
        sum.reset();
        sum.update(bytes, end, bytes.length - end);
        return buffer.putInt(28, (int) sum.getValue()).array();
    }

    @Test
    void aFloatModelIsNotPacked() throws IOException {
        Model real = OnnxReader.read(MODELS.resolve("mnist.onnx"));
        try (Engine engine = Engine.open()) {
            assertTrue(assertThrows(IllegalArgumentException.class,
                    () -> PackedModel.write(real, engine, folder.resolve("model.jqp"))).getMessage()
                    .contains("must be a quantized model"));
        }
    }
}
