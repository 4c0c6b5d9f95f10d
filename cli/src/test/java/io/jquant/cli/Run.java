// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import picocli.CommandLine;

/** What a command printed and how it ended. */
record Run(int status, String out, String err) {
    /** The root of the project, where the demo's data is. */
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    static final Path DATA = ROOT.resolve("demo").resolve("data");

    static Run of(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        String[] texts = new String[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = arguments[i].toString();
        }
        return new Run(line.execute(texts), out.toString(), err.toString());
    }
}
