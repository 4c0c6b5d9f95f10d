// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Reads cores and caches from Linux's {@code /sys/devices/system/cpu}; what is not readable stays unknown. */
final class LinuxTopology {
    private static final Set<String> LEVELS = Set.of("1", "2", "3");
    private static final String UNITS = "KMG";
    private static final int MOST_DIGITS = 9;

    private final File root;

    LinuxTopology(Path root) {
        this.root = root.toFile();
    }

    /**
     * Adds what the kernel knows to a CPU. The kernel's count of cores replaces another, since it spans packages.
     *
     * @param cpu the CPU
     * @return the CPU with cores and caches
     */
    CpuInfo complete(CpuInfo cpu) {
        String[] folders = root.list();
        if (folders == null) {
            return cpu;
        }
        Set<String> cores = new HashSet<>();
        int logical = 0;
        for (String folder : folders) {
            if (!isCore(folder)) {
                continue;
            }
            String siblings = read(folder + "/topology/thread_siblings_list");
            // absent for a core that is offline
            if (!siblings.isEmpty()) {
                cores.add(siblings);
                logical++;
            }
        }
        CpuInfo counted = logical == 0 ? cpu : cpu.withCores(cores.size(), logical);
        return counted.withCaches(cpu.caches().orElse(caches()));
    }

    private CacheSizes caches() {
        long[] sizes = new long[4];
        for (int index = 0; index < 8; index++) {
            String cache = "cpu0/cache/index" + index;
            String level = read(cache + "/level");
            if (LEVELS.contains(level) && !read(cache + "/type").equals("Instruction")) {
                sizes[Integer.parseInt(level)] = bytes(read(cache + "/size"));
            }
        }
        return new CacheSizes(sizes[1], sizes[2], sizes[3]);
    }

    /** Whether a folder is named cpu and a number. */
    private static boolean isCore(String folder) {
        return folder.startsWith("cpu") && folder.length() > 3 && Character.isDigit(folder.charAt(3));
    }

    private static long bytes(String size) {
        int digits = 0;
        while (digits < size.length() && size.charAt(digits) >= '0' && size.charAt(digits) <= '9') {
            digits++;
        }
        int unit = UNITS.indexOf(size.substring(digits));
        if (digits == 0 || digits > MOST_DIGITS || size.length() > digits + 1 || unit < 0) {
            return 0;
        }
        long number = Long.parseLong(size.substring(0, digits));
        return size.length() == digits ? number : number << (10 * (unit + 1));
    }

    private String read(String file) {
        try (FileInputStream in = new FileInputStream(new File(root, file))) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
