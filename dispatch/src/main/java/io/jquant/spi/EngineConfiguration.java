// SPDX-License-Identifier: Apache-2.0
package io.jquant.spi;

import io.jquant.cpu.CpuInfo;
import java.util.concurrent.Executor;

/**
 * What an engine's backend is opened with.
 *
 * @param candidate the tier and instruction set to use
 * @param cpu the CPU to run on
 * @param threads how many threads may work on one call, at least 1
 * @param executor who runs work beside the caller's thread; null for threads of the backend's own
 */
public record EngineConfiguration(Candidate candidate, CpuInfo cpu, int threads, Executor executor) {
}
