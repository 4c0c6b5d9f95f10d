// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.Engine;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class Version implements IVersionProvider {
    static String text() {
        String version = Engine.class.getPackage().getImplementationVersion();
        return "jquant " + (version == null ? "(development)" : version);
    }

    @Override
    public String[] getVersion() {
        return new String[] {text(), "Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")"};
    }
}
