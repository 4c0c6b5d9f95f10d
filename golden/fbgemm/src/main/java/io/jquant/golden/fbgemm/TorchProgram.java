// SPDX-License-Identifier: Apache-2.0
package io.jquant.golden.fbgemm;

import io.jquant.golden.GoldenCase;
import io.jquant.golden.GoldenTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.FunctionSchema;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.IntOptional;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Method;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** One operator as TorchScript; its arguments are found by name, so that every operator is run the same way. */
final class TorchProgram {
    private final JitModule module;
    private final Method forward;

    TorchProgram(Path script) {
        module = torch.load(script.toString());
        forward = module.get_method("forward");
    }

    /** {@return the case with this engine's answers, named in the order of outputs} */
    GoldenCase run(GoldenCase unanswered, List<String> outputs) {
        try (PointerScope _ = new PointerScope()) {
            TensorVector results = forward.apply(arguments(unanswered)).toTensorVector();
            Map<String, GoldenTensor> answers = new LinkedHashMap<>();
            for (int i = 0; i < outputs.size(); i++) {
                answers.put(outputs.get(i), fromTorch(results.get(i)));
            }
            return new GoldenCase(unanswered.name(), unanswered.operator(), unanswered.parameters(),
                    unanswered.inputs(), answers);
        }
    }

    private IValueVector arguments(GoldenCase unanswered) {
        Map<String, IValue> named = new LinkedHashMap<>();
        unanswered.parameters().forEach((name, value) -> named.put(name, scalar(value)));
        unanswered.inputs().forEach((name, tensor) -> named.put(name, new IValue(toTorch(tensor))));
        IValue[] ordered = new IValue[Math.toIntExact(forward.num_inputs()) - 1];
        FunctionSchema schema = forward.function().getSchema();
        named.forEach((name, value) -> {
            IntOptional index = schema.argumentIndexWithName(name);
            ordered[index.get() - 1] = value;
        });
        IValueVector arguments = new IValueVector();
        for (IValue value : ordered) {
            arguments.push_back(value == null ? new IValue() : value);
        }
        return arguments;
    }

    private static IValue scalar(Object value) {
        return switch (value) {
            case Long v -> new IValue(v.longValue());
            case Double v -> new IValue(v.doubleValue());
            case Boolean v -> new IValue(v.booleanValue());
            case String v -> new IValue(v);
            case long[] v -> {
                ByteBuffer data = ByteBuffer.allocate(v.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                data.asLongBuffer().put(v);
                yield new IValue(toTorch(new GoldenTensor(GoldenTensor.Type.S64, List.of(v.length), data)));
            }
            default -> throw new IllegalArgumentException("parameter = " + value + ": no operator takes such a one");
        };
    }

    private static Tensor toTorch(GoldenTensor tensor) {
        long[] shape = tensor.shape().stream().mapToLong(Integer::longValue).toArray();
        Tensor copy = torch.empty(shape, new TensorOptions(torchType(tensor.type())), new MemoryFormatOptional());
        byte[] bytes = tensor.bytes();
        new BytePointer(copy.data_ptr()).capacity(bytes.length).put(bytes);
        return copy;
    }

    private static GoldenTensor fromTorch(Tensor result) {
        Tensor tensor = result.contiguous();
        List<Integer> shape = new ArrayList<>();
        for (long d = 0; d < tensor.dim(); d++) {
            shape.add(Math.toIntExact(tensor.size(d)));
        }
        byte[] bytes = new byte[Math.toIntExact(tensor.numel() * tensor.element_size())];
        new BytePointer(tensor.data_ptr()).capacity(bytes.length).get(bytes);
        return new GoldenTensor(type(tensor.scalar_type()), shape, ByteBuffer.wrap(bytes));
    }

    private static torch.ScalarType torchType(GoldenTensor.Type type) {
        return switch (type) {
            case U8 -> torch.ScalarType.Byte;
            case S8 -> torch.ScalarType.Char;
            case S32 -> torch.ScalarType.Int;
            case S64 -> torch.ScalarType.Long;
            case F32 -> torch.ScalarType.Float;
            case F64 -> torch.ScalarType.Double;
            case BOOL -> torch.ScalarType.Bool;
        };
    }

    private static GoldenTensor.Type type(torch.ScalarType scalarType) {
        for (GoldenTensor.Type type : GoldenTensor.Type.values()) {
            if (torchType(type).value == scalarType.value) {
                return type;
            }
        }
        throw new IllegalArgumentException("scalarType = " + scalarType.value + ": the format has no such type");
    }
}
