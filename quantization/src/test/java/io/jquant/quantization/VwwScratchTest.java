package io.jquant.quantization;
import io.jquant.*;
import io.jquant.graph.*;
import io.jquant.graph.exec.Executor;
import io.jquant.graph.lowering.LoweredModel;
import io.jquant.graph.npy.NpzReader;
import io.jquant.graph.onnx.OnnxReader;
import io.jquant.quantization.suite.*;
import java.nio.file.Path;
import java.util.*;
class VwwScratchTest {
    @org.junit.jupiter.api.Test void go() throws Exception { main(new String[]{System.getProperty("vww.models","mobilenetv1-vww96"), System.getProperty("vww.configs","minmax")}); }
    static long next(long s) { return s * 6364136223846793005L + 1442695040888963407L; }
    static double uniform(long s) { return (s >>> 40) / (double) (1 << 24); }
    static Tensor mixtures(Tensor given, long seed, int rows) {
        int size = given.count() / given.dim(0); float[] from = given.floats(); double power = 0;
        for (int i = 0; i < size; i++) power += (double) from[i] * from[i];
        double noise = 0.1 * Math.sqrt(power / size); long state = seed;
        float[] mixed = new float[rows * size];
        for (int row = 0; row < rows; row++) {
            state = next(state); double share = uniform(state);
            for (int i = 0; i < size; i++) { state = next(state);
                mixed[row * size + i] = (float) (share * from[i] + (1 - share) * from[size + i] + noise * (2 * uniform(state) - 1)); } }
        long[] shape = given.shape(); shape[0] = rows; return Tensor.of(mixed, shape);
    }
    static double sqnr(float[] e, float[] f) { double s = 0, n = 0; for (int i = 0; i < e.length; i++) { s += (double) e[i]*e[i]; n += (double)(e[i]-f[i])*(e[i]-f[i]); } return 10*Math.log10(s/n); }
    static ObserverOptions u8 = ObserverOptions.affine(DataType.U8);
    public static void main(String[] a) throws Exception {
        Path d = Path.of("../graph/src/test/resources/models");
        for (String name : a[0].split(",")) {
        Model model = OnnxReader.read(d.resolve(name + ".onnx"));
        Tensor given = NpzReader.read(d.resolve(name + "-sample-io.npz")).get("input");
        List<Map<String, Tensor>> cal = List.of(Map.of("input", mixtures(given, 1, 64)));
        Map<String, Tensor> test = Map.of("input", mixtures(given, 2, 64));
        float[] exact = Executor.plan(model).run(test).values().iterator().next().toFloats();
        Map<String, QConfig> cs = new LinkedHashMap<>();
        cs.put("minmax", QConfigs.minMax());
        cs.put("hist", QConfigs.defaults());
        cs.put("mse", QConfigs.defaults().withActivation(() -> new MeanSquareObserver(u8)));
        cs.put("entropy", QConfigs.defaults().withActivation(() -> new EntropyObserver(u8)));
        cs.put("minmax pt", QConfigs.minMax().withWeightPerTensor(ObserverOptions.symmetric(DataType.S8)));
        cs.put("hist pt", QConfigs.defaults().withWeightPerTensor(ObserverOptions.symmetric(DataType.S8)));
        try (Engine engine = Engine.open()) {
          for (var c : cs.entrySet()) for (int mode : new int[] {2}) {
            boolean bc = mode % 2 == 1, sh = mode / 2 == 1, eq = mode / 2 == 2;
            if (a.length > 1 && !c.getKey().matches(a[1])) continue;
            Model q = Quantizer.staticQuantize(model, cal, StaticOptions.forEngine("fbgemm").with(c.getValue()).withBiasCorrection(bc).withSharedAverages(sh).withEqualization(eq));
            io.jquant.graph.onnx.OnnxWriter.write(q, Path.of("/tmp/pkx/q.onnx"));
            try (LoweredModel l = LoweredModel.lower(q, engine)) {
              float[] f = l.run(test).values().iterator().next().toFloats();
              System.out.printf("%s %s%s%s%s: %.2f dB%n", name, c.getKey(), bc ? " bc" : "", sh ? " sharedavg" : "", eq ? " eq" : "", sqnr(exact, f));
            }
          }
        }
        }
    }
}
