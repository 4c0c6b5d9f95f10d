// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.cpu.CpuInfo;
import io.jquant.cpu.Isa;
import io.jquant.kernels.testing.FlagsProbe;
import io.jquant.kernels.testing.OtherJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every tier that a JVM's flags leave gives the bits of the definition, and what they take away is said once. */
class JvmFlagsTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String VECTORS = "--add-modules=jdk.incubator.vector";
    private static final String NATIVE = "--enable-native-access=ALL-UNNAMED";
    private static final String NO_NATIVE = "--illegal-native-access=deny";

    @TempDir
    private Path folder;

    @BeforeEach
    void needsAvx2() {
        assumeTrue(CpuInfo.current().whyNot(Isa.AVX2).isEmpty(), () -> CpuInfo.current().whyNot(Isa.AVX2));
    }

    private String run(String... flags) throws IOException, InterruptedException {
        List<String> all = Stream.of(flags).flatMap(flag -> Stream.of(flag.split(" "))).toList();
        // few rows: the interpreter goes through all of them
        return OtherJvm.run(folder, LIMIT, all, FlagsProbe.class, "fbgemm", "4");
    }

    private static long lines(String output, String part) {
        return output.lines().filter(line -> line.contains(part)).count();
    }

    /** Flags, and whether there are kernels of 256 bits in the Vector API. */
    @ParameterizedTest
    @CsvSource({
        "-XX:UseAVX=2, true",
        "-XX:UseAVX=2 -XX:MaxVectorSize=32, true",
        "-XX:MaxVectorSize=64, true",
        "-XX:MaxVectorSize=16, false",
        "-XX:UseAVX=1, false",
        "-XX:UseAVX=0, false",
        "-XX:-TieredCompilation, true",
        "-XX:TieredStopAtLevel=1, false",
        "-Xint, false"})
    void theBitsAreTheSame(String flags, boolean vectors) throws IOException, InterruptedException {
        String output = run(VECTORS, NATIVE, flags);
        assertEquals(1, lines(output, FlagsProbe.CHOSEN + "fbgemm/native-code/"), output);
        assertEquals(1, lines(output, FlagsProbe.SAME + "fbgemm/native-code/avx2"), output);
        assertEquals(vectors ? 1 : 0, lines(output, FlagsProbe.SAME + "fbgemm/vector/avx2"), output);
    }

    /** Flags, and what the one line says of what they take away. */
    @ParameterizedTest
    @CsvSource({
        "-Xmx1g, --add-modules jdk.incubator.vector",
        "-Xmx1g, --enable-native-access=",
        VECTORS + " -XX:TieredStopAtLevel=1, -XX:TieredStopAtLevel",
        VECTORS + " -Xint, -Xint"})
    void whatIsMissingIsSaidOnce(String flags, String says) throws IOException, InterruptedException {
        String output = run(NO_NATIVE, flags);
        assertEquals(1, lines(output, FlagsProbe.CHOSEN + "fbgemm/scalar/"), output);
        assertEquals(1, lines(output, says), output);
        assertEquals(1, lines(output, "jquant runs "), output);
    }

    @ParameterizedTest
    @CsvSource({NATIVE + ", native-code", NO_NATIVE + ", scalar"})
    void worksWithoutTheIncubator(String flags, String tier) throws IOException, InterruptedException {
        assertEquals(1, lines(run(flags), FlagsProbe.CHOSEN + "fbgemm/" + tier + "/"));
    }
}
