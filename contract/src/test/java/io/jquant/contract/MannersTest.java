// SPDX-License-Identifier: Apache-2.0
package io.jquant.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How jquant behaves in a JVM, whatever that JVM was given. */
class MannersTest {
    private static final String VECTORS = "--add-modules=jdk.incubator.vector";
    private static final String NATIVE = "--enable-native-access=ALL-UNNAMED";

    @TempDir
    private Path folder;

    private static String onClassPath(String... flags) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(flags));
        arguments.addAll(List.of("-cp", Jvm.joined(Jvm.classPath()), Probe.class.getName()));
        return works(Jvm.run(arguments.toArray(String[]::new)));
    }

    private static String onModulePath(String... flags) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(flags));
        List<String> tests = Jvm.classPath().stream().filter(entry -> entry.contains("test-classes")).toList();
        arguments.addAll(List.of("-p", Jvm.joined(Jvm.libraries()), "--add-modules", "ALL-MODULE-PATH",
                "-cp", Jvm.joined(tests), Probe.class.getName()));
        return works(Jvm.run(arguments.toArray(String[]::new)));
    }

    private static String works(String output) {
        assertTrue(output.contains("sums [14, -14]"), output);
        assertTrue(output.contains("threads 0"), output);
        return output;
    }

    @Test
    void worksOnTheClassPathWithEverything() throws IOException, InterruptedException {
        onClassPath(VECTORS, NATIVE);
    }

    @Test
    void worksWithoutTheIncubator() throws IOException, InterruptedException {
        assertTrue(!onClassPath(NATIVE).contains("NoClassDefFoundError"));
    }

    @Test
    void runsModelsWithoutTheIncubator() throws IOException, InterruptedException {
        String output = Jvm.run(NATIVE, "-cp", Jvm.joined(Jvm.classPath()), LeakTest.class.getName(), "3");
        assertTrue(output.contains("3 cycles"), output);
    }

    @Test
    void worksWithoutNativeAccessAndNamesTheFlag() throws IOException, InterruptedException {
        String output = onClassPath(VECTORS, "--illegal-native-access=deny");
        assertTrue(!output.contains("chosen fbgemm/native-code"), output);
        assertTrue(output.contains("--enable-native-access=io.jquant.codegen"), output);
    }

    @Test
    void worksWithNothingAtAll() throws IOException, InterruptedException {
        String output = onClassPath("--illegal-native-access=deny");
        assertTrue(output.contains("scalar"), output);
    }

    @Test
    void worksOnTheModulePath() throws IOException, InterruptedException {
        onModulePath("--enable-native-access=io.jquant.codegen,com.sun.jna");
    }

    @Test
    void worksWithoutAPlaceForTemporaryFiles() throws IOException, InterruptedException {
        String missing = folder.resolve("missing").toString();
        onClassPath(VECTORS, NATIVE, "-Djava.io.tmpdir=" + missing, "-Djna.tmpdir=" + missing);
        onClassPath(VECTORS, NATIVE, "-Djava.io.tmpdir=" + missing, "-Djna.tmpdir=" + missing, "-Djna.nounpack=true",
                "-Djna.nosys=true");
    }

    /** As in a container: no file system that can be written to, temporary folders and shared memory included. */
    @Test
    void worksWhereNothingCanBeWritten() throws IOException, InterruptedException {
        List<String> inReadOnlyRoot = List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-ec", """
                root=$1
                shift
                mount --rbind / "$root"
                mount -o remount,bind,ro "$root"
                awk -v root="$root/" 'index($5, root) == 1 {print $5}' /proc/self/mountinfo | while read -r each; do
                    mount -o remount,bind,ro "$each" 2>/dev/null || true
                done
                if chroot "$root" touch "$root/written" 2>/dev/null; then
                    echo "$root can be written to"
                    exit 1
                fi
                exec chroot "$root" "$@"
                """, "sh", folder.toRealPath().toString());
        assumeTrue(Jvm.canRun(inReadOnlyRoot, "true"), "no name spaces of mounts here (unshare --user --mount)");
        List<String> arguments = new ArrayList<>(inReadOnlyRoot);
        arguments.addAll(List.of(Jvm.JAVA, VECTORS, NATIVE, "-cp", Jvm.joined(Jvm.classPath()),
                Probe.class.getName()));
        works(Jvm.output(arguments));
    }

    @Test
    void worksInTwoClassLoadersAtOnce() throws Exception {
        URL[] urls = Jvm.classPath().stream().map(MannersTest::url).toArray(URL[]::new);
        ClassLoader parent = ClassLoader.getPlatformClassLoader();
        try (URLClassLoader one = new URLClassLoader(urls, parent);
                URLClassLoader two = new URLClassLoader(urls, parent)) {
            Class<?> first = one.loadClass(Probe.class.getName());
            Class<?> second = two.loadClass(Probe.class.getName());
            assertNotSame(first, second);
            for (Class<?> probe : List.of(first, second, first)) {
                Thread.currentThread().setContextClassLoader(probe.getClassLoader());
                works((String) probe.getMethod("report").invoke(null));
            }
        } finally {
            Thread.currentThread().setContextClassLoader(MannersTest.class.getClassLoader());
        }
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void logsThroughTheSystemsLogger() throws IOException, InterruptedException {
        String output = onClassPath("--illegal-native-access=deny");
        // java.util.logging behind System.Logger: a notice, once
        assertEquals(1, output.lines().filter(line -> line.contains("jquant runs ")).count(), output);
    }
}
