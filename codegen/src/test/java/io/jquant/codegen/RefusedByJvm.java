// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen;

import io.jquant.codegen.ExecutableMemory.Refused;

/** What a JVM without native access runs: exits with 0 if the refusal says how to allow it. */
final class RefusedByJvm {
    private RefusedByJvm() {
    }

    public static void main(String[] arguments) {
        boolean told = ExecutableMemory.map(new byte[] {1}) instanceof Refused(String reason)
            && reason.contains("--enable-native-access");
        System.exit(told ? 0 : 3);
    }
}
