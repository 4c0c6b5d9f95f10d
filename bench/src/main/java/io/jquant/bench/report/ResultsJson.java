// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.report;

import io.jquant.bench.measure.Deviation;
import io.jquant.bench.report.Row.Limit;
import io.jquant.bench.report.Row.Nanoseconds;
import io.jquant.bench.report.Row.PeerFigure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Results as the object that {@code --json} writes, and from it. With details it holds all that a row knows, as one
 * process hands it to another; without, what the command promises: the rest is as it would be of a row without peaks.
 */
public final class ResultsJson {
    private ResultsJson() {
    }

    /**
     * The object: machine, peaks and rows.
     *
     * @param results the results
     * @param details whether all that a row knows is wanted
     * @return maps, lists, numbers, strings and booleans
     */
    public static Map<String, Object> write(Results results, boolean details) {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("cpu", results.machine().cpu());
        machine.put("cores", results.machine().cores());
        machine.put("jdk", results.machine().jdk());
        machine.put("flags", results.machine().flags());
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("machine", machine);
        all.put("peaks", results.peaks());
        all.put("rows", results.rows().stream().map(row -> row(row, details)).toList());
        return all;
    }

    private static Map<String, Object> row(Row row, boolean details) {
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
        row.peers().forEach((name, figure) -> peers.put(name, figure(figure, details)));
        map.put("peers", peers);
        if (details) {
            map.put("operations", row.operations());
            map.put("traffic", row.traffic());
            map.put("peak", row.limit().peak());
            map.put("bytes", row.limit().bytes());
            map.put("steady", row.steady());
            map.put("deviation", deviation(row.deviation()));
        }
        return map;
    }

    private static Map<String, Object> figure(PeerFigure figure, boolean details) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("gops", round(figure.gops()));
        map.put("ratio", round(figure.ratio()));
        if (details) {
            map.put("limited", figure.limited());
            map.put("deviation", deviation(figure.deviation()));
        }
        return map;
    }

    private static List<Object> deviation(Deviation deviation) {
        return deviation == null ? null : List.of(deviation.elements(), deviation.differing(), deviation.most());
    }

    private static double round(double value) {
        return Double.isFinite(value) ? Math.round(value * 1000) / 1000.0 : value;
    }

    /**
     * Results from an object.
     *
     * @param object what {@link JsonReader} read
     * @return the results
     * @throws IllegalArgumentException if something is missing or of another kind
     */
    public static Results read(Object object) {
        Map<?, ?> all = map(object, "the file");
        Map<?, ?> machine = map(all.get("machine"), "machine");
        Map<String, Double> peaks = new LinkedHashMap<>();
        Map<?, ?> speeds = map(all.get("peaks"), "peaks");
        speeds.keySet().forEach(name -> peaks.put(name.toString(), number(speeds, name)));
        List<Row> rows = new ArrayList<>();
        for (Object row : list(all.get("rows"), "rows")) {
            rows.add(row(map(row, "a row")));
        }
        return new Results(new Machine(text(machine, "cpu"), (int) number(machine, "cores"), text(machine, "jdk"),
                list(machine.get("flags"), "flags").stream().map(Object::toString).toList()), peaks, rows);
    }

    private static Row row(Map<?, ?> map) {
        Map<?, ?> times = map(map.get("nanoseconds"), "nanoseconds");
        Nanoseconds nanoseconds = new Nanoseconds(number(times, "median"), number(times, "low"), number(times, "high"));
        double operations = map.containsKey("operations") ? number(map, "operations")
                : number(map, "gops") * nanoseconds.median();
        double percent = map.get("percentOfPeak") == null ? Double.NaN : number(map, "percentOfPeak");
        Limit limit = map.containsKey("peak") ? new Limit(text(map, "peak"), number(map, "bytes"), percent)
                : new Limit("", 0, percent);
        Deviation deviation = map.containsKey("deviation") ? deviation(map.get("deviation"))
                : new Deviation(1, Boolean.TRUE.equals(map.get("bitEqual")) ? 0 : 1, 0);
        Map<String, PeerFigure> peers = new LinkedHashMap<>();
        map(map.get("peers"), "peers").forEach((name, figure) -> peers.put(name.toString(),
                figure(map(figure, "a peer"))));
        return new Row(text(map, "op"), text(map, "shape"), text(map, "dtype"), text(map, "engine"), text(map, "tier"),
                text(map, "isa"), (int) number(map, "threads"), nanoseconds, operations,
                map.containsKey("traffic") ? number(map, "traffic") : 0, limit, deviation,
                !Boolean.FALSE.equals(map.get("steady")), peers);
    }

    private static PeerFigure figure(Map<?, ?> map) {
        return new PeerFigure(number(map, "gops"), number(map, "ratio"), deviation(map.get("deviation")),
                !Boolean.FALSE.equals(map.get("limited")));
    }

    private static Deviation deviation(Object value) {
        if (value == null) {
            return null;
        }
        List<?> parts = list(value, "deviation");
        if (parts.size() == 3 && parts.get(0) instanceof Double elements && parts.get(1) instanceof Double differing
                && parts.get(2) instanceof Double most) {
            return new Deviation(elements.longValue(), differing.longValue(), most);
        }
        throw new IllegalArgumentException("deviation = " + parts + ": must be three numbers");
    }

    private static Map<?, ?> map(Object value, String name) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException(name + " = " + value + ": must be an object");
    }

    private static List<?> list(Object value, String name) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException(name + " = " + value + ": must be an array");
    }

    private static String text(Map<?, ?> map, String key) {
        if (map.get(key) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException(key + " = " + map.get(key) + ": must be a string");
    }

    private static double number(Map<?, ?> map, Object key) {
        if (map.get(key) instanceof Double number) {
            return number;
        }
        throw new IllegalArgumentException(key + " = " + map.get(key) + ": must be a number");
    }
}
