// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench;

import io.jquant.cli.UsageException;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Function;

/**
 * Which of the libraries on the class path are measured.
 *
 * @param all whether all are, where none is named
 * @param only the names of those that are
 */
record PeerChoice(boolean all, List<String> only) {
    /**
     * The libraries that were chosen.
     *
     * @param type what they are asked for
     * @param name what they are called
     * @return the libraries
     * @throws UsageException if one is named that is not there
     */
    <T> List<T> load(Class<T> type, Function<T, String> name) {
        if (!all && only.isEmpty()) {
            return List.of();
        }
        List<T> found = ServiceLoader.load(type).stream().map(ServiceLoader.Provider::get).toList();
        List<String> names = found.stream().map(name).toList();
        for (String wanted : only) {
            if (!names.contains(wanted)) {
                throw new UsageException("--peer = " + wanted + ": must be one of " + String.join(", ", names));
            }
        }
        return found.stream().filter(peer -> only.isEmpty() || only.contains(name.apply(peer))).toList();
    }
}
