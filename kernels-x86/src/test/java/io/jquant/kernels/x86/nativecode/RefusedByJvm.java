// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import io.jquant.cpu.CpuInfo;
import io.jquant.spi.Candidate;

/** What a JVM without native access runs: exits with 0 if every offer is refused and says how to allow it. */
final class RefusedByJvm {
    private RefusedByJvm() {
    }

    public static void main(String[] arguments) {
        boolean told = new NativeKernelProvider().offers().stream()
                .map(offer -> offer.verdict().apply(CpuInfo.current()))
                .allMatch(verdict -> verdict instanceof Candidate.Unavailable(String reason)
                        && reason.contains("--enable-native-access"));
        System.exit(told ? 0 : 3);
    }
}
