// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing.golden;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The committed tables beside this class: a title, then rows of fields with tabs between. */
final class Resource {
    private Resource() {
    }

    static List<String> lines(String name) {
        try (InputStream in = Resource.class.getResourceAsStream(name);
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    static List<String[]> rows(String name) {
        return lines(name).stream().skip(1).map(line -> line.split("\t", -1)).toList();
    }
}
