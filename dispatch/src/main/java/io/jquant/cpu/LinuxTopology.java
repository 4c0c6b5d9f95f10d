// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Reads cores and caches from Linux's {@code /sys/devices/system/cpu}; what is not readable stays unknown. */
final class LinuxTopology {
    private final Path root;

    LinuxTopology(Path root) {
        this.root = root;
    }

    /**
     * Adds what the kernel knows to a CPU. The kernel's count of cores replaces another, since it spans packages.
     *
     * @param cpu the CPU
     * @return the CPU with cores and caches
     */
    CpuInfo complete(CpuInfo cpu) {
        Set<String> cores = new HashSet<>();
        int logical = 0;
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(root, "cpu[0-9]*")) {
            for (Path folder : folders) {
                String siblings = read(folder.resolve("topology/thread_siblings_list"));
                // absent for a core that is offline
                if (!siblings.isEmpty()) {
                    cores.add(siblings);
                    logical++;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return cpu;
        }
        CpuInfo counted = logical == 0 ? cpu : cpu.withCores(cores.size(), logical);
        return counted.withCaches(cpu.caches().orElse(caches()));
    }

    private CacheSizes caches() {
        long[] sizes = new long[4];
        for (int index = 0; index < 8; index++) {
            Path cache = root.resolve("cpu0/cache/index" + index);
            String level = read(cache.resolve("level"));
            if (level.matches("[123]") && !read(cache.resolve("type")).equals("Instruction")) {
                sizes[Integer.parseInt(level)] = bytes(read(cache.resolve("size")));
            }
        }
        return new CacheSizes(sizes[1], sizes[2], sizes[3]);
    }

    private static long bytes(String size) {
        if (!size.matches("[0-9]{1,9}[KMG]?")) {
            return 0;
        }
        int shift = switch (size.toUpperCase(Locale.ROOT).charAt(size.length() - 1)) {
            case 'K' -> 10;
            case 'M' -> 20;
            case 'G' -> 30;
            default -> 0;
        };
        return Long.parseLong(shift == 0 ? size : size.substring(0, size.length() - 1)) << shift;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
