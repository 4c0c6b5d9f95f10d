// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Where a program may keep operands. */
enum Place {
    HEAP {
        @Override
        MemorySegment allocate(long bytes) {
            // aligned to nothing
            return MemorySegment.ofArray(new byte[Math.toIntExact(bytes) + 3]).asSlice(3);
        }
    },
    HEAP_BUFFER {
        @Override
        MemorySegment allocate(long bytes) {
            return MemorySegment.ofBuffer(ByteBuffer.allocate(Math.toIntExact(bytes)));
        }
    },
    DIRECT_BUFFER {
        @Override
        MemorySegment allocate(long bytes) {
            return MemorySegment.ofBuffer(ByteBuffer.allocateDirect(Math.toIntExact(bytes)));
        }
    },
    NATIVE {
        @Override
        MemorySegment allocate(long bytes) {
            return Arena.ofAuto().allocate(bytes);
        }
    },
    MAPPED_FILE {
        @Override
        MemorySegment allocate(long bytes) {
            try {
                Path file = Files.createTempFile("operand", ".bin");
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    return channel.map(MapMode.READ_WRITE, 0, bytes, Arena.ofAuto());
                } finally {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    abstract MemorySegment allocate(long bytes);

    MemorySegment copy(MemorySegment values) {
        return allocate(values.byteSize()).copyFrom(values);
    }
}
