// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.kernels.portable.ReferenceBackend;
import io.jquant.kernels.portable.TableProvider;
import io.jquant.spi.Numerics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** An engine that runs on the kernels of every {@link KernelProvider} there is, and on none at the last. */
public abstract class KernelEngineProvider extends TableProvider {
    private static final int MOST_FAILURES = 100;

    /**
     * An engine.
     *
     * @param name the engine's name
     * @param numerics which formulas it answers to
     */
    protected KernelEngineProvider(String name, Numerics numerics) {
        super(name, rows(numerics));
    }

    private static List<Row> rows(Numerics numerics) {
        List<Row> rows = new ArrayList<>();
        for (KernelProvider.Offer offer : offers()) {
            rows.add(new Row(offer.tier(), offer.isa(), offer.verdict(),
                    configuration -> new KernelBackend(numerics, configuration, offer.open().get())));
        }
        rows.add(Row.scalar(configuration -> new ReferenceBackend(numerics, configuration)));
        return rows;
    }

    private static List<KernelProvider.Offer> offers() {
        List<KernelProvider.Offer> offers = new ArrayList<>();
        var providers = ServiceLoader.load(KernelProvider.class, KernelProvider.class.getClassLoader()).iterator();
        // a class loader that fails to list its resources does so at every call
        for (int failures = 0; failures < MOST_FAILURES;) {
            try {
                if (!providers.hasNext()) {
                    break;
                }
                offers.addAll(providers.next().offers());
            } catch (ServiceConfigurationError | LinkageError e) {
                failures++;
                System.getLogger(KernelEngineProvider.class.getName()).log(System.Logger.Level.WARNING,
                        "jquant passes over kernels: {0}", e.getMessage());
            }
        }
        Collections.sort(offers);
        return offers;
    }
}
