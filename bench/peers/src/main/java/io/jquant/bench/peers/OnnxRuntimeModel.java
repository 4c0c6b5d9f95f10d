// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.peers;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.jquant.bench.measure.Subject;
import io.jquant.bench.peer.ModelPeer;
import io.jquant.graph.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** ONNX Runtime on whole models. */
public final class OnnxRuntimeModel implements ModelPeer {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final boolean exact;

    /** Made by the service loader; loads the library, before whatever else does. */
    public OnnxRuntimeModel() {
        this(false);
    }

    private OnnxRuntimeModel(boolean exact) {
        this.exact = exact;
    }

    /**
     * The same with the option that keeps its sums exact on CPUs without VNNI, as jquant's are: without it sums of two
     * products saturate there, and models answer otherwise than on other CPUs.
     */
    public static final class Exact implements ModelPeer {
        private final OnnxRuntimeModel model = new OnnxRuntimeModel(true);

        /** Made by the service loader. */
        public Exact() {
        }

        @Override
        public String name() {
            return "onnxruntime-exact";
        }

        @Override
        public Loaded load(Path file, int threads) throws IOException {
            return model.load(file, threads);
        }
    }

    @Override
    public String name() {
        return "onnxruntime";
    }

    @Override
    public Loaded load(Path file, int threads) throws IOException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.addConfigEntry("session.x64quantprecision", exact ? "1" : "0");
            return new Session(environment.createSession(file.toString(), options));
        } catch (OrtException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private record Session(OrtSession session) implements Loaded {
        @Override
        public Subject on(Map<String, Tensor> inputs) {
            Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
            inputs.forEach((name, tensor) -> tensors.put(name, copy(tensor)));
            run(tensors);
            return Subject.of(() -> run(tensors), null, () -> tensors.values().forEach(OnnxTensor::close));
        }

        private void run(Map<String, OnnxTensor> inputs) {
            try (OrtSession.Result result = session.run(inputs)) {
                if (result.size() == 0) {
                    throw new IllegalStateException("no outputs");
                }
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
        }

        private static OnnxTensor copy(Tensor tensor) {
            ByteBuffer data = ByteBuffer.allocateDirect(Math.toIntExact(tensor.byteSize()))
                    .order(ByteOrder.nativeOrder());
            MemorySegment.ofBuffer(data).copyFrom(tensor.segment().asSlice(0, tensor.byteSize()));
            try {
                return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), data, tensor.shape(),
                        switch (tensor.type()) {
                            case F32 -> OnnxJavaType.FLOAT;
                            case U8 -> OnnxJavaType.UINT8;
                            case S8 -> OnnxJavaType.INT8;
                            case S32 -> OnnxJavaType.INT32;
                            case S64 -> OnnxJavaType.INT64;
                            case BOOL -> OnnxJavaType.BOOL;
                            default -> throw new IllegalArgumentException("type = " + tensor.type()
                                    + ": must be F32, U8, S8, S32, S64 or BOOL");
                        });
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            try {
                session.close();
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
