// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.cpu.CpuInfo;
import io.jquant.cpu.Isa;
import io.jquant.spi.Candidate;
import io.jquant.spi.EngineBackend;
import io.jquant.spi.EngineConfiguration;
import io.jquant.spi.EngineProvider;
import io.jquant.spi.Numerics;
import io.jquant.spi.Tier;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Providers of third parties on the class path, whole and broken ones. */
class ProviderDiscoveryTest {
    private static final String SERVICE = "META-INF/services/" + EngineProvider.class.getName();
    private static final String ORPHAN = "io.jquant.Orphan";

    @TempDir
    Path folder;

    /** What a third party would write. */
    public static final class ThirdParty implements EngineProvider {
        @Override
        public String name() {
            return "third-party";
        }

        @Override
        public int priority(CpuInfo cpu) {
            return 7;
        }

        @Override
        public List<Candidate> candidates(CpuInfo cpu) {
            return List.of(new Candidate(Tier.SCALAR, Isa.SCALAR, new Candidate.Usable()));
        }

        @Override
        public EngineBackend open(EngineConfiguration configuration) {
            assertEquals(3, configuration.threads());
            assertEquals(Tier.SCALAR, configuration.candidate().tier());
            return new StubBackend(Numerics.QNNPACK);
        }
    }

    /** A provider that cannot be made. */
    public static final class Unborn implements EngineProvider {
        /** Fails. */
        public Unborn() {
            throw new IllegalStateException("not today");
        }

        @Override
        public String name() {
            return "unborn";
        }

        @Override
        public int priority(CpuInfo cpu) {
            return 100;
        }

        @Override
        public List<Candidate> candidates(CpuInfo cpu) {
            return List.of();
        }

        @Override
        public EngineBackend open(EngineConfiguration configuration) {
            throw new IllegalStateException();
        }
    }

    /** Finds the providers of one file, and a class whose superclass is missing, as without the Vector API. */
    private static final class Loader extends ClassLoader {
        private final URL services;

        Loader(URL services) {
            super(ProviderDiscoveryTest.class.getClassLoader());
            this.services = services;
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            return name.equals(SERVICE) ? Collections.enumeration(List.of(services)) : super.getResources(name);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (!name.equals(ORPHAN)) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = ClassFile.of().build(ClassDesc.of(ORPHAN),
                    type -> type.withSuperclass(ClassDesc.of("io.jquant.Missing")));
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    private EngineSelection open(String... providers) throws IOException {
        Path services = Files.write(folder.resolve("services"), List.of(providers));
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(new Loader(services.toUri().toURL()));
        try (Engine engine = Engine.open(EngineOptions.defaults().withThreads(3))) {
            assertEquals(Numerics.QNNPACK, engine.numerics());
            assertEquals("third-party", engine.name());
            assertEquals("third-party/scalar/scalar", engine.toString());
            return engine.selection();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void aThirdPartysProviderIsPickedUp() throws IOException {
        EngineSelection selection = open(ThirdParty.class.getName());
        assertEquals(List.of(), selection.failures());
        assertEquals(ThirdParty.class, selection.chosen().provider().getClass());
        assertEquals(7, selection.chosen().priority());
    }

    @Test
    void brokenProvidersAreReportedAndDoNotBreakTheOthers() throws IOException {
        EngineSelection selection = open("io.jquant.NoSuchProvider", Unborn.class.getName(), ORPHAN,
                Refusal.class.getName(), ThirdParty.class.getName());
        List<String> failures = selection.failures();
        String all = String.join("\n", failures);
        assertTrue(all.contains("io.jquant.NoSuchProvider not found"), all);
        assertTrue(all.contains("could not be instantiated: java.lang.IllegalStateException: not today"), all);
        assertTrue(all.contains("java.lang.NoClassDefFoundError: io/jquant/Missing"), all);
        assertTrue(all.contains("io.jquant.Refusal not a subtype"), all);
    }
}
