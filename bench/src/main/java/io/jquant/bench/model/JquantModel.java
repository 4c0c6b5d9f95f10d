// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.model;

import io.jquant.Engine;
import io.jquant.EngineOptions;
import io.jquant.bench.measure.Subject;
import io.jquant.bench.peer.ModelPeer;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.lowering.LoweredModel;
import io.jquant.graph.lowering.ModelRunner;
import io.jquant.graph.lowering.PackedModel;
import io.jquant.graph.onnx.OnnxReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** jquant itself, in the place of a peer. */
final class JquantModel implements ModelPeer {
    @Override
    public String name() {
        return "jquant";
    }

    @Override
    public Model load(Path file, int threads) throws IOException {
        Engine engine = Engine.open(EngineOptions.fromProperties().withThreads(threads));
        try {
            return new Model(engine, ModelRunner.open(file, engine));
        } catch (IOException | RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /** A model and the engine that it runs on. */
    record Model(Engine engine, ModelRunner runner) implements Loaded {
        List<ValueInfo> inputs() {
            return runner.inputs();
        }

        /** What the weights take as this engine's kernels want them; 0 where none are packed. */
        long packedBytes(Path file) throws IOException {
            if (PackedModel.isPacked(file)) {
                return PackedModel.describe(file).packedBytes();
            }
            io.jquant.graph.Model model = OnnxReader.read(file);
            if (!LoweredModel.isQuantized(model)) {
                return 0;
            }
            Path packed = Files.createTempFile("jquant-bench", ".jqp");
            packed.toFile().deleteOnExit();
            try {
                PackedModel.write(model, engine, packed);
                return PackedModel.describe(packed).packedBytes();
            } finally {
                Files.deleteIfExists(packed);
            }
        }

        @Override
        public Subject on(Map<String, Tensor> inputs) {
            String first = runner.outputs().getFirst().name();
            Tensor[] last = {runner.run(inputs).get(first)};
            return Subject.of(() -> last[0] = runner.run(inputs).get(first), last[0].segment(), () -> { });
        }

        @Override
        public void close() {
            runner.close();
            engine.close();
        }
    }
}
