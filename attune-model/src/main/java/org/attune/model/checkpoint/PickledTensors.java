package org.attune.model.checkpoint;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attune.model.checkpoint.Pickled.Global;
import org.attune.model.checkpoint.Pickled.Storage;
import org.attune.model.checkpoint.Pickled.Tuple;

/** What {@code torch.save} means by the functions and references of its pickles. */
final class PickledTensors implements PickleMachine.Calls {
  private static final Map<String, StoredType> STORAGE_TYPES =
      Map.of(
          "torch.DoubleStorage", StoredType.F64,
          "torch.FloatStorage", StoredType.F32,
          "torch.HalfStorage", StoredType.F16,
          "torch.BFloat16Storage", StoredType.BF16,
          "torch.LongStorage", StoredType.I64,
          "torch.IntStorage", StoredType.I32,
          "torch.ShortStorage", StoredType.I16,
          "torch.CharStorage", StoredType.I8,
          "torch.ByteStorage", StoredType.U8,
          "torch.BoolStorage", StoredType.BOOL);

  private final String where;
  private final Map<String, Storage> storages = new LinkedHashMap<>();

  private PickledTensors(String where) {
    this.where = where;
  }

  /**
   * A machine that reads pickles of {@code torch.save}.
   *
   * @param where the name of the file, for error messages
   */
  static PickleMachine machine(ByteBuffer program, String where) {
    return new PickleMachine(program, where, new PickledTensors(where));
  }

  /**
   * The tensors of a state dictionary, by name.
   *
   * @throws CheckpointException if the value is none
   */
  static Map<String, Pickled.Tensor> of(Object value, String where) {
    if (!(value instanceof Map<?, ?> items)) {
      throw new CheckpointException(
          "%s holds no dictionary of tensors. Save model.state_dict() instead of the model."
              .formatted(where));
    }
    Map<String, Pickled.Tensor> tensors = new LinkedHashMap<>();
    items.forEach(
        (name, item) -> {
          if (!(item instanceof Pickled.Tensor tensor)) {
            throw new CheckpointException(
                "%s: item %s is no tensor. A file of weights holds tensors only, by name; save model.state_dict()."
                    .formatted(where, name));
          }
          tensors.put(String.valueOf(name), tensor);
        });
    return tensors;
  }

  @Override
  public Object call(Global function, Tuple arguments) {
    List<Object> given = arguments.items();
    return switch (function.name()) {
      case "collections.OrderedDict" -> emptyDictionary(given);
      case "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor" -> tensor(given);
      case "torch._utils._rebuild_parameter" -> parameter(given);
      default ->
          throw new CheckpointException(
              "%s would call %s, which no saved tensors need. The file is not read, because it may be harmful; convert it to safetensors where you trust it."
                  .formatted(where, function.name()));
    };
  }

  @Override
  public Object external(Object id) {
    if (!(id instanceof Tuple reference)
        || reference.items().size() < 5
        || !reference.items().get(0).equals("storage")
        || !(reference.items().get(1) instanceof Global type)
        || !(reference.items().get(2) instanceof String key)
        || !(reference.items().get(4) instanceof Long elements)) {
      throw damaged("a reference to outside of the pickle is none to a storage");
    }
    StoredType elementType = STORAGE_TYPES.get(type.name());
    if (elementType == null) {
      throw new CheckpointException(
          "%s has a storage of the type %s, which is none of %s. Convert the tensors to one of them."
              .formatted(
                  where,
                  type.name(),
                  String.join(", ", STORAGE_TYPES.keySet().stream().sorted().toList())));
    }
    if (reference.items().size() > 5 && reference.items().get(5) instanceof Tuple) {
      throw damaged("a storage is a view of another one, as PyTorch before 0.4 wrote it");
    }
    Storage storage = new Storage(key, elementType, elements);
    Storage known = storages.putIfAbsent(key, storage);
    if (known != null && !known.equals(storage)) {
      throw damaged("storage %s is described twice, differently".formatted(key));
    }
    return storage;
  }

  private Object emptyDictionary(List<Object> given) {
    if (!given.isEmpty()) {
      throw damaged("a dictionary is made of something else than its items");
    }
    return new LinkedHashMap<>();
  }

  private Object parameter(List<Object> given) {
    if (given.isEmpty() || !(given.get(0) instanceof Pickled.Tensor tensor)) {
      throw damaged("a parameter is made of something that is no tensor");
    }
    return tensor;
  }

  private Pickled.Tensor tensor(List<Object> given) {
    if (given.size() < 4
        || !(given.get(0) instanceof Storage storage)
        || !(given.get(1) instanceof Long first)
        || !(given.get(2) instanceof Tuple shape)
        || !(given.get(3) instanceof Tuple strides)) {
      throw damaged("a tensor is made of something else than a storage, a shape and strides");
    }
    List<Long> lengths = wholeNumbers(shape);
    List<Long> steps = wholeNumbers(strides);
    Optional<TensorInfo> info = info(storage.type(), lengths);
    if (info.isEmpty() || lengths.size() != steps.size()) {
      throw damaged("a tensor has the shape %s and strides %s".formatted(lengths, steps));
    }
    Pickled.Tensor tensor = new Pickled.Tensor(storage, first, info.get(), steps);
    requireWithin(tensor);
    return tensor;
  }

  private void requireWithin(Pickled.Tensor tensor) {
    try {
      long last = tensor.first();
      for (int i = 0; i < tensor.strides().size(); i++) {
        long steps = Math.max(0, tensor.info().shape().get(i) - 1);
        last = Math.addExact(last, Math.multiplyExact(steps, tensor.strides().get(i)));
      }
      if (tensor.first() >= 0
          && (tensor.info().elements() == 0 || last < tensor.storage().elements())) {
        return;
      }
    } catch (ArithmeticException e) {
      // further away than any storage is long
    }
    throw damaged(
        "a tensor of shape %s reaches out of storage %s of %d elements"
            .formatted(tensor.info().shape(), tensor.storage().key(), tensor.storage().elements()));
  }

  private List<Long> wholeNumbers(Tuple tuple) {
    List<Long> numbers = new ArrayList<>();
    for (Object item : tuple.items()) {
      if (!(item instanceof Long number) || number < 0) {
        throw damaged("a tensor's shape or strides hold something that is no length");
      }
      numbers.add(number);
    }
    return numbers;
  }

  private static Optional<TensorInfo> info(StoredType type, List<Long> shape) {
    try {
      return Optional.of(new TensorInfo(type, shape));
    } catch (ArithmeticException e) {
      return Optional.empty();
    }
  }

  private CheckpointException damaged(String problem) {
    return new CheckpointException(
        "%s: the pickle is damaged: %s. Copy the file again.".formatted(where, problem));
  }
}
