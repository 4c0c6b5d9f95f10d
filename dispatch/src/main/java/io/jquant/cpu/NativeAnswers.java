// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/** Asks the operating system's own functions. */
final class NativeAnswers {
    private NativeAnswers() {
    }

    static HwcapSource hwcap() {
        Function getauxval = NativeLibrary.getProcess().getFunction("getauxval");
        return type -> getauxval.invokeLong(new Object[] {(long) type});
    }

    static ProcessorFeatureSource processorFeature() {
        Function present = NativeLibrary.getInstance("kernel32").getFunction("IsProcessorFeaturePresent");
        return number -> present.invokeInt(new Object[] {number}) != 0;
    }

    static SysctlSource sysctl() {
        return new Sysctl(NativeLibrary.getProcess().getFunction("sysctlbyname"));
    }

    private record Sysctl(Function function) implements SysctlSource {
        private static final int LONGEST = 4096;

        @Override
        public OptionalLong number(String name) {
            ByteBuffer value = ByteBuffer.wrap(read(name)).order(ByteOrder.LITTLE_ENDIAN);
            return switch (value.remaining()) {
                case Integer.BYTES -> OptionalLong.of(value.getInt());
                case Long.BYTES -> OptionalLong.of(value.getLong());
                default -> OptionalLong.empty();
            };
        }

        @Override
        public Optional<String> text(String name) {
            byte[] value = read(name);
            return value.length == 0
                    ? Optional.empty()
                    : Optional.of(new String(value, 0, value.length - 1, StandardCharsets.UTF_8));
        }

        private byte[] read(String name) {
            try (Memory value = new Memory(LONGEST); Memory length = new Memory(Long.BYTES)) {
                length.setLong(0, LONGEST);
                int failed = function.invokeInt(new Object[] {name, value, length, Pointer.NULL, 0L});
                return failed == 0 ? value.getByteArray(0, (int) length.getLong(0)) : new byte[0];
            }
        }
    }
}
