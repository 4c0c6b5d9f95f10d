// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.jquant.kernels.common.GemmKernel;
import io.jquant.kernels.common.GemmShape;
import io.jquant.kernels.common.KernelProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NativeKernelProviderTest {
    @Test
    void aJvmWithoutNativeAccessIsToldTheFlag() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--illegal-native-access=deny", "-cp", System.getProperty("java.class.path"),
                RefusedByJvm.class.getName()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
    }

    @Test
    void weightsArePaddedToWhatTheKernelReads() {
        for (KernelProvider.Offer offer : new NativeKernelProvider().offers()) {
            GemmKernel kernel = offer.open().get().gemm(new GemmShape(5, 5, true), null);
            assertEquals(4, kernel.tile().depthUnit(), offer.isa().spelling());
            assertEquals(0, kernel.tile().columns() * kernel.tile().depthMultiple() % 64,
                    () -> offer.isa() + ": panels begin at cache lines");
            assertFalse(kernel.finishes(), offer.isa().spelling());
        }
    }
}
