// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.cpu.CpuInfo;
import io.jquant.cpu.Isa;
import io.jquant.spi.Candidate;
import io.jquant.spi.EngineBackend;
import io.jquant.spi.EngineConfiguration;
import io.jquant.spi.EngineProvider;
import io.jquant.spi.Tier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.ResourceBundle;
import java.util.ServiceConfigurationError;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EngineSelectionTest {
    private static final Candidate SCALAR = usable(Tier.SCALAR, Isa.SCALAR);
    private static final EngineOptions AUTO = EngineOptions.defaults();
    /** A CPU without any feature supports only {@link Isa#SCALAR}, but candidates say for themselves what they can. */
    private static final CpuInfo CPU = StubBackend.CPU;

    /** Keeps what is logged. */
    private static final class Log implements System.Logger {
        private final List<String> messages = new ArrayList<>();

        @Override
        public String getName() {
            return "test";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
            messages.add(message);
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
            messages.add(format);
        }
    }

    private static Candidate usable(Tier tier, Isa isa) {
        return new Candidate(tier, isa, new Candidate.Usable());
    }

    private static EngineProvider provider(String name, int priority, Candidate... ways) {
        return new StubBackend.Provider(name, priority, List.of(ways));
    }

    private static EngineSelection select(EngineOptions options, EngineProvider... providers) {
        return EngineSelection.select(CPU, options, List.of(providers), new ArrayList<>(), Log::new);
    }

    private static final EngineProvider FAST = provider("fast", 50, usable(Tier.NATIVE_CODE, Isa.AMX),
            usable(Tier.NATIVE_CODE, Isa.AVX2), usable(Tier.VECTOR, Isa.AVX2), SCALAR);
    private static final EngineProvider PLAIN = provider("plain", 1, SCALAR);

    static Stream<Refusal> refusals() {
        return Stream.of(
                Refusal.of("cpu = null: must be given", () -> EngineSelection.select(null, AUTO)),
                Refusal.of("options = null: must be given", () -> EngineSelection.select(CPU, null)),
                Refusal.of("jquant.engine = nonsense: must be auto or one of fast, plain",
                        () -> select(AUTO.withEngine("nonsense"), PLAIN, FAST)),
                Refusal.of("no engine on the class path or module path: add a jquant-kernels jar", () -> select(AUTO)),
                Refusal.of("jquant.engine = plain, jquant.tier = vector, jquant.isa = auto: no engine can do that here:"
                        + " fast/native-code/amx: jquant.engine is plain; "
                        + "fast/native-code/avx2: jquant.engine is plain; "
                        + "fast/vector/avx2: jquant.engine is plain; fast/scalar/scalar: jquant.engine is plain; "
                        + "plain/scalar/scalar: jquant.tier is vector",
                        () -> select(AUTO.withEngine("plain").withTier(Tier.VECTOR), FAST, PLAIN)),
                Refusal.of("jquant.engine = auto, jquant.tier = vector, jquant.isa = auto: no engine can do that here: "
                        + "odd/vector/neon: not here", () -> select(AUTO.withTier(Tier.VECTOR),
                                provider("odd", 0, new Candidate(Tier.VECTOR, Isa.NEON,
                                        new Candidate.Unsupported("not here"))))));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refuses(Refusal refusal) {
        refusal.check();
    }

    @Test
    void aCapThatTheCpuLacksIsRefused() {
        String message = assertThrows(IllegalArgumentException.class,
                () -> select(AUTO.withIsaCap(Isa.AVX2), FAST)).getMessage();
        assertTrue(message.startsWith("jquant.isa = avx2: this CPU cannot: avx2 needs "), message);
    }

    @Test
    void theHighestPriorityThenTheNameThenTheProvidersOrderDecide() {
        EngineProvider twin = provider("alike", 50, SCALAR);
        EngineSelection selection = select(AUTO, PLAIN, FAST, twin);
        assertEquals("alike/scalar/scalar", selection.chosen().toString());
        assertEquals(List.of("alike/scalar/scalar", "fast/native-code/amx", "fast/native-code/avx2",
                "fast/vector/avx2", "fast/scalar/scalar", "plain/scalar/scalar"),
                selection.considered().stream().map(Object::toString).toList());
        assertEquals("fast/native-code/amx", select(AUTO, PLAIN, FAST).chosen().toString());
    }

    @Test
    void forcedChoicesAreHonoured() {
        assertEquals("plain/scalar/scalar", select(AUTO.withEngine("plain"), FAST, PLAIN).chosen().toString());
        assertEquals("fast/vector/avx2", select(AUTO.withTier(Tier.VECTOR), FAST, PLAIN).chosen().toString());
        EngineSelection capped = select(AUTO.withIsaCap(Isa.SCALAR), FAST, PLAIN);
        assertEquals("fast/scalar/scalar", capped.chosen().toString());
        assertEquals("jquant.isa is scalar", capped.considered().getFirst().reason());
        assertEquals("", capped.chosen().reason());
    }

    @Test
    void whatIsUnavailableIsSaidOnce() {
        Candidate closed = new Candidate(Tier.VECTOR, Isa.AVX2, new Candidate.Unavailable("add the module"));
        Candidate never = new Candidate(Tier.NATIVE_CODE, Isa.AMX, new Candidate.Unsupported("no AMX"));
        Log log = new Log();
        for (int i = 0; i < 3; i++) {
            assertEquals("once/scalar/scalar", EngineSelection.select(CPU, AUTO,
                    List.of(provider("once", 9, never, closed, SCALAR)), new ArrayList<>(),
                    () -> log).chosen().toString());
        }
        assertEquals(List.of("jquant runs once/scalar/scalar and not once/vector/avx2: add the module"), log.messages);
    }

    @Test
    void everyReasonIsSaidInThatLine() {
        Candidate refused = new Candidate(Tier.NATIVE_CODE, Isa.AMX, new Candidate.Unavailable("allow it"));
        Candidate refusedToo = new Candidate(Tier.NATIVE_CODE, Isa.AVX2, new Candidate.Unavailable("allow it"));
        Candidate closed = new Candidate(Tier.VECTOR, Isa.AVX2, new Candidate.Unavailable("add the module"));
        Log log = new Log();
        EngineSelection.select(CPU, AUTO, List.of(provider("twice", 9, refused, refusedToo, closed, SCALAR)),
                new ArrayList<>(), () -> log);
        assertEquals(List.of("jquant runs twice/scalar/scalar and not twice/native-code/amx: allow it; nor "
                + "twice/vector/avx2: add the module"), log.messages);
    }

    @Test
    void aFallToAnotherEngineIsSaidToo() {
        Log log = new Log();
        Candidate closed = new Candidate(Tier.VECTOR, Isa.AVX2, new Candidate.Unavailable("add the module"));
        EngineSelection.select(CPU, AUTO, List.of(provider("only-vector", 9, closed), PLAIN), new ArrayList<>(),
                () -> log);
        assertEquals(List.of("jquant runs plain/scalar/scalar and not only-vector/vector/avx2: add the module"),
                log.messages);
        EngineSelection.select(CPU, AUTO.withEngine("plain"), List.of(provider("only-vector-2", 9, closed), PLAIN),
                new ArrayList<>(), () -> log);
        assertEquals(1, log.messages.size());
    }

    /** A provider that throws wherever it is asked. */
    private record Broken(String name) implements EngineProvider {
        @Override
        public int priority(CpuInfo cpu) {
            throw new NoClassDefFoundError("jdk/incubator/vector/Vector");
        }

        @Override
        public List<Candidate> candidates(CpuInfo cpu) {
            return List.of();
        }

        @Override
        public EngineBackend open(EngineConfiguration configuration) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void aProviderThatThrowsOrMisbehavesIsLeftOut() {
        Log log = new Log();
        List<String> failures = new ArrayList<>();
        EngineProvider nothing = new StubBackend.Provider("nothing", 60, null);
        EngineProvider holes = new StubBackend.Provider("holes", 60, Arrays.asList((Candidate) null));
        EngineSelection selection = EngineSelection.select(CPU, AUTO, List.of(new Broken("broken"), nothing, holes,
                provider("auto", 99, SCALAR), new StubBackend.Provider(null, 99, List.of(SCALAR)), PLAIN,
                provider("plain", 70, SCALAR)), failures, () -> log);
        assertEquals("plain/scalar/scalar", selection.chosen().toString());
        assertEquals(1, selection.chosen().priority());
        String stub = StubBackend.Provider.class.getName();
        assertEquals(6, selection.failures().size());
        assertEquals(Broken.class.getName() + ": java.lang.NoClassDefFoundError: jdk/incubator/vector/Vector",
                selection.failures().getFirst());
        assertEquals(stub + ": java.lang.IllegalArgumentException: name = auto: must be an engine's name",
                selection.failures().get(3));
        assertEquals(stub + ": java.lang.IllegalArgumentException: name = plain: must be no other provider's; it is"
                + " that of " + stub, selection.failures().get(5));
        assertEquals(6, log.messages.size());
        assertTrue(log.messages.getFirst().startsWith("an engine cannot be used: "), log.messages::getFirst);
    }

    @Test
    void anUnknownEngineNamesThoseThatFailed() {
        List<String> failures = new ArrayList<>();
        assertEquals("jquant.engine = broken: must be auto or one of plain; these cannot be used: "
                + Broken.class.getName() + ": java.lang.NoClassDefFoundError: jdk/incubator/vector/Vector",
                assertThrows(IllegalArgumentException.class, () -> EngineSelection.select(CPU,
                        AUTO.withEngine("broken"), List.of(new Broken("broken"), PLAIN), failures, Log::new))
                        .getMessage());
    }

    @Test
    void aListOfProvidersThatNeverEndsIsGivenUp() {
        Iterator<EngineProvider> endless = new Iterator<>() {
            @Override
            public boolean hasNext() {
                throw new ServiceConfigurationError("disk gone");
            }

            @Override
            public EngineProvider next() {
                throw new AssertionError("never asked");
            }
        };
        List<String> failures = new ArrayList<>();
        assertEquals(List.of(), EngineSelection.load(endless, failures));
        assertEquals("disk gone", failures.getFirst());
    }

    @Test
    void aSelectionRefusesNull() {
        EngineSelection selection = select(AUTO, PLAIN);
        Refusal.of("chosen = null: must be given", () -> new EngineSelection(CPU, AUTO, selection.considered(), null,
                List.of())).check();
        Refusal.of("considered = null: must be given",
                () -> new EngineSelection(CPU, AUTO, null, selection.chosen(), List.of())).check();
    }
}
