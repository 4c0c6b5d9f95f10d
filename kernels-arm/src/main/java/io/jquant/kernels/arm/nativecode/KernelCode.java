// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import io.jquant.codegen.ExecutableMemory;
import io.jquant.kernels.common.CodeStage;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The kernels that this process has made, each when it was first wanted. They are kept: what their code depends on has
 * few values, and a kernel takes some kilobytes.
 */
final class KernelCode {
    private static final Map<Key, MemorySegment> MADE = new ConcurrentHashMap<>();

    /** What the code of a kernel depends on. */
    private record Key(CodeMaker maker, CodeStage stage, int rows) {
    }

    private KernelCode() {
    }

    /** Tiles of some rows and of one fewer. */
    static MemorySegment of(CodeMaker maker, CodeStage stage, int rows) {
        Key key = new Key(maker, stage, rows);
        MemorySegment made = MADE.get(key);
        return made != null ? made : MADE.computeIfAbsent(key, KernelCode::make);
    }

    private static MemorySegment make(Key key) {
        // the segment keeps the memory
        return ExecutableMemory.mapCollected(key.maker().code(key.stage(), key.rows()).assemble()).orThrow().code();
    }
}
