// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import io.jquant.cpu.CpuInfo;
import io.jquant.cpu.Isa;
import io.jquant.spi.Candidate;
import io.jquant.spi.EngineBackend;
import io.jquant.spi.EngineConfiguration;
import io.jquant.spi.EngineProvider;
import io.jquant.spi.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A provider whose ways to run are the rows of a table. */
public abstract class TableProvider implements EngineProvider {
    private final String name;
    private final List<Row> rows;

    /**
     * One way to run.
     *
     * @param tier how the kernels are made
     * @param isa the instruction set that they use
     * @param verdict whether they can run on a CPU that has the instruction set; asked only then
     * @param open makes the backend
     */
    public record Row(Tier tier, Isa isa, Function<CpuInfo, Candidate.Verdict> verdict,
            Function<EngineConfiguration, EngineBackend> open) {
        /**
         * Plain Java, which runs everywhere.
         *
         * @param open makes the backend
         * @return the row
         */
        public static Row scalar(Function<EngineConfiguration, EngineBackend> open) {
            return new Row(Tier.SCALAR, Isa.SCALAR, cpu -> new Candidate.Usable(), open);
        }

        private Candidate candidate(CpuInfo cpu) {
            Candidate byCpu = Candidate.of(tier, isa, cpu.whyNot(isa));
            return byCpu.isUsable() ? new Candidate(tier, isa, verdict.apply(cpu)) : byCpu;
        }
    }

    /**
     * A provider.
     *
     * @param name the engine's name
     * @param rows the ways to run, the best first
     */
    protected TableProvider(String name, List<Row> rows) {
        this.name = name;
        this.rows = List.copyOf(rows);
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final List<Candidate> candidates(CpuInfo cpu) {
        List<Candidate> candidates = new ArrayList<>();
        for (Row row : rows) {
            candidates.add(row.candidate(cpu));
        }
        return candidates;
    }

    @Override
    public final EngineBackend open(EngineConfiguration configuration) {
        Candidate wanted = configuration.candidate();
        for (Row row : rows) {
            if (row.tier() == wanted.tier() && row.isa() == wanted.isa()) {
                return row.open().apply(configuration);
            }
        }
        throw new IllegalArgumentException("candidate = " + wanted + ": must be one of " + name + "'s");
    }
}
