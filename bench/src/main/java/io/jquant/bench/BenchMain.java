// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench;

import io.jquant.cli.Main;

/** The jquant command with its benchmarks. */
public final class BenchMain {
    private BenchMain() {
    }

    /**
     * Runs the command and ends the process.
     *
     * @param arguments the command's arguments
     */
    public static void main(String[] arguments) {
        Main.run(arguments, new BenchCommand());
    }
}
