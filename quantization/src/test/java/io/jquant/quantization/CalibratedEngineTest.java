// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jquant.DataType;
import io.jquant.Engine;
import io.jquant.EngineOptions;
import io.jquant.graph.Attribute;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.lowering.LoweredModel;
import io.jquant.graph.onnx.OnnxReader;
import io.jquant.graph.onnx.OnnxWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every form of a quantized model says which engine and scheme it is for, in its file, and is warned of elsewhere. */
class CalibratedEngineTest {
    @TempDir
    private Path folder;

    /** Keeps what is logged. */
    private static final class Messages extends Handler {
        private final List<String> texts = new ArrayList<>();

        @Override
        public void publish(LogRecord record) {
            texts.add(MessageFormat.format(record.getMessage(), record.getParameters()));
        }

        @Override
        public void flush() {
            // nothing is held back
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    private static Model model() {
        GraphBuilder builder = new GraphBuilder();
        builder.input(new ValueInfo("x", DataType.F32, Shape.of(2, 3)));
        builder.output(new ValueInfo("y", DataType.F32, Shape.UNKNOWN));
        String weights = builder.addInitializer("w", Tensor.of(new float[] {1, -2, 3, 0.5f, -0.25f, 2}, 2, 3));
        builder.add(new Node("Gemm", List.of("x", weights), List.of("y"), Map.of("transB", Attribute.of(1))));
        return new Model(8, Map.of("", 13), "", "", Map.of(), builder.build());
    }

    private static Model quantized(String engine) {
        Tensor x = Tensor.of(new float[] {1, -1, 2, 0, 3, -2}, 2, 3);
        return Quantizer.staticQuantize(model(), List.of(Map.of("x", x)), StaticOptions.forEngine(engine));
    }

    /** What is logged when the model in a file is prepared for the portable engine, whose formulas are FBGEMM's. */
    private List<String> warnings(Model quantized) throws IOException {
        Path file = folder.resolve("model.onnx");
        OnnxWriter.write(quantized, file);
        Logger logger = Logger.getLogger(LoweredModel.class.getName());
        Messages messages = new Messages();
        logger.addHandler(messages);
        logger.setUseParentHandlers(false);
        try (Engine engine = Engine.open(EngineOptions.defaults().withEngine("portable"))) {
            LoweredModel.lower(OnnxReader.read(file), engine).close();
        } finally {
            logger.removeHandler(messages);
            logger.setUseParentHandlers(true);
        }
        return messages.texts;
    }

    private static List<String> warning(String scheme) {
        return List.of("the model was calibrated for engine qnnpack, scheme " + scheme + ", and runs on portable: "
                + "results may differ in the last bit of a quantized value");
    }

    @Test
    void anotherEngineIsWarnedOf() throws IOException {
        Model qdq = quantized("qnnpack");
        assertEquals(warning("static-qdq"), warnings(qdq));
        assertEquals(warning("static-qoperator"), warnings(QOperatorFormat.of(qdq)));
        assertEquals(warning("dynamic"),
                warnings(Quantizer.dynamicQuantize(model(), DynamicOptions.forEngine("qnnpack"))));
    }

    @Test
    void theSameEngineAndTheSameFormulasAreNot() throws IOException {
        for (String engine : List.of("portable", "fbgemm")) {
            assertEquals(List.of(), warnings(quantized(engine)), engine);
            assertEquals(List.of(), warnings(QOperatorFormat.of(quantized(engine))), engine);
            assertEquals(List.of(),
                    warnings(Quantizer.dynamicQuantize(model(), DynamicOptions.forEngine(engine))), engine);
        }
    }
}
