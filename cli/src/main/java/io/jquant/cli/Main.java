// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The jquant command. */
@Command(name = "jquant", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        synopsisSubcommandLabel = "COMMAND", subcommandsRepeatable = false,
        description = "int8 inference for the JVM: quantizes models, runs them, and says how well.",
        footer = {"", "./jquant bench measures speed; it is built when it is first asked for.",
            "", "Properties, before or after the command, choose otherwise than jquant would:",
            "  -Djquant.engine=auto|fbgemm|qnnpack|portable  numerics",
            "  -Djquant.tier=auto|native-code|vector|scalar  how kernels are made",
            "  -Djquant.isa=auto|avx2|avx512_vnni|amx|...    the most they may use of the CPU",
            "  -Djquant.threads=N                            threads for one call",
            "JQUANT_OPTS holds further flags for the JVM.",
            "Exit status: 0 done, 1 failed, 2 wrong usage."},
        subcommands = {InfoCommand.class, QuantizeCommand.class, CalibrateCommand.class, PackCommand.class,
            RunCommand.class, EvalCommand.class, CompareCommand.class, InspectCommand.class, ExportTrtCommand.class,
            DemoCommand.class})
public final class Main implements Runnable {
    /** Where usage is wrong. */
    static final int USAGE = 2;
    /** Where usage is right, and something failed. */
    static final int FAILURE = 1;

    @Spec
    private CommandSpec spec;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show the stack trace of an error.")
    private boolean verbose;

    private Main() {
    }

    /**
     * Runs the command and ends the process.
     *
     * @param arguments the command's arguments
     */
    public static void main(String[] arguments) {
        run(arguments);
    }

    /**
     * Runs the command, which has further subcommands, and ends the process.
     *
     * @param arguments the command's arguments
     * @param subcommands annotated with {@link Command}
     */
    public static void run(String[] arguments, Object... subcommands) {
        int status;
        // figures are read by other programs too: a point is a point wherever this runs
        Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
        Interruption.watch();
        try {
            status = commandLine(subcommands).execute(arguments);
        } catch (OutOfMemoryError e) {
            System.err.println("jquant: not enough memory (" + e.getMessage()
                    + "): use a smaller --batch, or give the JVM more with JQUANT_OPTS=-Xmx4g");
            status = FAILURE;
        }
        System.exit(status);
    }

    /** {@return the command with its error handling} */
    static CommandLine commandLine(Object... subcommands) {
        Main main = new Main();
        Errors errors = new Errors(() -> main.verbose);
        CommandLine command = new CommandLine(main);
        List.of(subcommands).forEach(command::addSubcommand);
        return command
                .setParameterExceptionHandler(errors)
                .setExecutionExceptionHandler(errors)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true);
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }
}
