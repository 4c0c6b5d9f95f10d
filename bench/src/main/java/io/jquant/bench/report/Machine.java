// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.report;

import io.jquant.cpu.CpuInfo;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * Where figures were measured.
 *
 * @param cpu what the CPU calls itself
 * @param cores hardware threads
 * @param jdk the JDK
 * @param flags the JVM's flags
 */
public record Machine(String cpu, int cores, String jdk, List<String> flags) {
    /** Copies the flags. */
    public Machine {
        flags = List.copyOf(flags);
    }

    /** {@return the machine that this process runs on} */
    public static Machine current() {
        return new Machine(CpuInfo.current().model().name(), Runtime.getRuntime().availableProcessors(),
                Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
                ManagementFactory.getRuntimeMXBean().getInputArguments());
    }
}
