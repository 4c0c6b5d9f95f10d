// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.model;

import io.jquant.Engine;
import io.jquant.EngineOptions;
import io.jquant.bench.measure.Subject;
import io.jquant.bench.peer.ModelPeer;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.lowering.ModelRunner;
import java.io.IOException;
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
