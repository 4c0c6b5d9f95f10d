// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Says in one line what is wrong and what would be right; the stack trace is for {@code --verbose}. */
final class Errors implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private final BooleanSupplier verbose;

    Errors(BooleanSupplier verbose) {
        this.verbose = verbose;
    }

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        print(command, oneLine(e.getMessage()) + " (" + command.getCommandSpec().qualifiedName()
                + " --help shows what there is)", e);
        return Main.USAGE;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult result) {
        print(command, describe(e), e);
        return e instanceof UsageException ? Main.USAGE : Main.FAILURE;
    }

    private void print(CommandLine command, String message, Exception e) {
        PrintWriter err = command.getErr();
        err.println("jquant: " + message);
        if (verbose.getAsBoolean()) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace, true));
            err.print(trace);
        }
        err.flush();
    }

    /** The message of an error whose class says what its message does not. */
    private static String describe(Exception e) {
        String message = oneLine(e.getMessage());
        return switch (e) {
            case UncheckedIOException wrapped -> describe(wrapped.getCause());
            case NoSuchFileException missing -> missing.getFile() + ": no such file";
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case FileAlreadyExistsException there -> there.getFile() + ": exists already";
            case DirectoryNotEmptyException full -> full.getFile() + ": is a folder that is not empty";
            case FileSystemException other when other.getReason() != null ->
                other.getFile() + ": " + other.getReason();
            case RuntimeException unexpected when message.isEmpty() -> unexpected.getClass().getSimpleName();
            default -> message.isEmpty() ? e.getClass().getSimpleName() : message;
        };
    }

    private static String oneLine(String message) {
        return message == null ? "" : message.strip().replaceAll("\\s*\\R\\s*", "; ");
    }
}
