// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.peers;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import io.jquant.bench.measure.Subject;
import io.jquant.bench.peer.Peer;
import io.jquant.bench.work.LinearWork;
import io.jquant.bench.work.Workload;
import io.jquant.cpu.Isa;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.FloatPointer;

/** OpenBLAS: matrix products in float32. It has no packed weights. */
public final class OpenBlasPeer implements Peer {
    /** Made by the service loader. */
    public OpenBlasPeer() {
    }

    @Override
    public String name() {
        return "openblas_f32";
    }

    @Override
    public Map<String, String> environment(Isa cap, int threads) {
        String threadCount = Integer.toString(threads);
        return cap == null ? Map.of("OPENBLAS_NUM_THREADS", threadCount)
                : Map.of("OPENBLAS_NUM_THREADS", threadCount, "OPENBLAS_CORETYPE",
                        cap == Isa.AVX2 || cap == Isa.AVX_VNNI ? "Haswell" : "SkylakeX");
    }

    @Override
    public boolean canBeLimited() {
        return true;
    }

    @Override
    public Optional<Subject> prepare(Workload work, int threads) {
        if (!(work instanceof LinearWork linear)) {
            return Optional.empty();
        }
        int m = linear.rows();
        int n = linear.spec().outFeatures();
        int k = linear.spec().inFeatures();
        FloatPointer input = new FloatPointer(Floats.of(linear.input(), linear.spec().input(), 1));
        FloatPointer weights = new FloatPointer(Floats.of(linear.weights(), linear.spec().weight(), k));
        FloatPointer output = new FloatPointer((long) m * n);
        return Optional.of(Subject.of(() -> cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, 1, input, k,
                weights, k, 0, output, n), null, () -> {
                    input.close();
                    weights.close();
                    output.close();
                }));
    }
}
