// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.report;

import io.jquant.bench.report.Row.PeerFigure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Results as the object that {@code --json} writes. */
public final class ResultsJson {
    private ResultsJson() {
    }

    /**
     * The object: machine, peaks and rows.
     *
     * @param results the results
     * @return maps, lists, numbers, strings and booleans
     */
    public static Map<String, Object> of(Results results) {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("cpu", results.machine().cpu());
        machine.put("cores", results.machine().cores());
        machine.put("jdk", results.machine().jdk());
        machine.put("flags", results.machine().flags());
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("machine", machine);
        all.put("peaks", results.peaks());
        List<Object> rows = new ArrayList<>();
        results.rows().forEach(row -> rows.add(of(row)));
        all.put("rows", rows);
        return all;
    }

    private static Map<String, Object> of(Row row) {
        Map<String, Object> nanoseconds = new LinkedHashMap<>();
        nanoseconds.put("median", round(row.nanoseconds().median()));
        nanoseconds.put("low", round(row.nanoseconds().low()));
        nanoseconds.put("high", round(row.nanoseconds().high()));
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("op", row.op());
        map.put("shape", row.shape());
        map.put("dtype", row.dtype());
        map.put("engine", row.engine());
        map.put("tier", row.tier());
        map.put("isa", row.isa());
        map.put("threads", row.threads());
        map.put("nanoseconds", nanoseconds);
        map.put("gops", round(row.gops()));
        map.put("percentOfPeak", round(row.limit().percent()));
        map.put("bitEqual", row.isBitEqual());
        Map<String, Object> peers = new LinkedHashMap<>();
        row.peers().forEach((name, figure) -> peers.put(name, of(figure)));
        map.put("peers", peers);
        return map;
    }

    private static Map<String, Object> of(PeerFigure figure) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("gops", round(figure.gops()));
        map.put("ratio", round(figure.ratio()));
        return map;
    }

    private static double round(double value) {
        return Double.isFinite(value) ? Math.round(value * 1000) / 1000.0 : value;
    }
}
