package org.attune.model.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.model.checkpoint.Pickled.Absent;
import org.attune.model.checkpoint.Pickled.Global;
import org.attune.model.checkpoint.Pickled.Mark;
import org.attune.model.checkpoint.Pickled.Tuple;

/**
 * Reads the part of Python's pickle format that tensors are saved in, and runs nothing.
 *
 * <p>A pickle is a program for a stack machine; Python's may call any function. This one knows the
 * instructions of protocols 2 to 4 that build values, and asks {@link Calls} what calls of named
 * functions mean. It works in a loop, so that no nesting exhausts the stack; it never compares,
 * hashes or prints what it built, so that shared parts cost nothing; and it counts what it makes.
 */
final class PickleMachine {
  /** More than the pickle of a checkpoint of a hundred thousand tensors makes. */
  private static final int MOST_VALUES = 5_000_000;

  /** What the pickle's calls and references mean. */
  interface Calls {
    /**
     * What a call gives.
     *
     * @throws CheckpointException if the function is none that tensors are saved with
     */
    Object call(Global function, Tuple arguments);

    /** What stands for something outside of the pickle. */
    Object external(Object id);
  }

  private final ByteBuffer program;
  private final String where;
  private final Calls calls;
  private final List<Object> stack = new ArrayList<>();
  private final Map<Integer, Object> memo = new HashMap<>();
  private int made;

  /**
   * @param program one or several pickles; each {@link #next} ends behind one of them
   * @param where the name of the file, for error messages
   */
  PickleMachine(ByteBuffer program, String where, Calls calls) {
    this.program = program.order(ByteOrder.LITTLE_ENDIAN);
    this.where = where;
    this.calls = calls;
  }

  /**
   * The value of the next pickle: a string, {@link Long}, {@link BigInteger}, {@link Double},
   * {@link Boolean}, list, map or {@link Pickled}.
   *
   * @throws CheckpointException if it is damaged, or holds what tensors do not need
   */
  Object next() {
    stack.clear();
    memo.clear();
    try {
      while (true) {
        int at = program.position();
        int opcode = Byte.toUnsignedInt(program.get());
        if (opcode == '.') {
          return pop();
        }
        step(opcode, at);
      }
    } catch (BufferUnderflowException e) {
      throw new CheckpointException(
          "%s: the pickle ends too early, at byte %d. Copy the file again."
              .formatted(where, program.position()),
          e);
    }
  }

  private void step(int opcode, int at) {
    switch (opcode) {
      case 0x80 -> protocol();
      case 0x95 -> program.getLong(); // a frame's length; frames only help streams
      case '(' -> push(Mark.MARK);
      case 'N' -> push(Absent.NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'J' -> push((long) program.getInt());
      case 'K' -> push((long) Byte.toUnsignedInt(program.get()));
      case 'M' -> push((long) Short.toUnsignedInt(program.getShort()));
      case 0x8a -> push(longInteger(Byte.toUnsignedInt(program.get())));
      case 'G' -> push(bigEndianDouble());
      case 'X' -> push(text(program.getInt()));
      case 0x8c -> push(text(Byte.toUnsignedInt(program.get())));
      case 'c' -> push(new Global(line() + "." + line()));
      case 0x93 -> stackGlobal();
      case '}' -> push(new LinkedHashMap<>());
      case ']' -> push(new ArrayList<>());
      case ')' -> push(new Tuple(List.of()));
      case 't' -> push(new Tuple(popGroup()));
      case 0x85 -> push(new Tuple(popLast(1)));
      case 0x86 -> push(new Tuple(popLast(2)));
      case 0x87 -> push(new Tuple(popLast(3)));
      case 'a' -> append(popLast(1));
      case 'e' -> append(popGroup());
      case 's' -> put(popLast(2));
      case 'u' -> put(popGroup());
      case 'q' -> memo.put(Byte.toUnsignedInt(program.get()), peek());
      case 'r' -> memo.put(program.getInt(), peek());
      case 0x94 -> memo.put(memo.size(), peek());
      case 'h' -> recall(Byte.toUnsignedInt(program.get()));
      case 'j' -> recall(program.getInt());
      case 'Q' -> push(calls.external(pop()));
      case 'R', 0x81 -> call(); // of a function, and of a class
      case 'b' -> build();
      default ->
          throw new CheckpointException(
              "%s: the pickle has the instruction 0x%02x at byte %d, which no saved tensors need. The file is not read, because it may be harmful; convert it to safetensors where you trust it."
                  .formatted(where, opcode, at));
    }
  }

  private void protocol() {
    int version = Byte.toUnsignedInt(program.get());
    if (version < 2 || version > 5) {
      throw damaged("it is of protocol %d, but 2 to 5 are known".formatted(version));
    }
  }

  private void call() {
    Object arguments = pop();
    Object function = pop();
    if (!(function instanceof Global global) || !(arguments instanceof Tuple tuple)) {
      throw damaged("it calls something that is no function");
    }
    push(calls.call(global, tuple));
  }

  /** Python sets attributes; a state dictionary's only one are the versions of its modules. */
  private void build() {
    pop();
    if (!(peek() instanceof Map)) {
      throw damaged("it sets attributes of something that is no dictionary");
    }
  }

  private void stackGlobal() {
    List<Object> names = popLast(2);
    if (!(names.get(0) instanceof String module) || !(names.get(1) instanceof String name)) {
      throw damaged("it names a function by something that is no text");
    }
    push(new Global(module + "." + name));
  }

  @SuppressWarnings("unchecked") // step() makes lists of objects only
  private void append(List<Object> items) {
    if (!(peek() instanceof List<?> list)) {
      throw damaged("it appends to something that is no list");
    }
    ((List<Object>) list).addAll(items);
  }

  @SuppressWarnings("unchecked") // step() makes maps of objects only
  private void put(List<Object> items) {
    if (!(peek() instanceof Map<?, ?> map) || items.size() % 2 != 0) {
      throw damaged("it sets items of something that is no dictionary");
    }
    for (int i = 0; i < items.size(); i += 2) {
      Object key = items.get(i);
      if (!(key instanceof String || key instanceof Long)) {
        throw damaged("a dictionary has a key that is neither text nor number");
      }
      ((Map<Object, Object>) map).put(key, items.get(i + 1));
    }
  }

  private void recall(int index) {
    Object value = memo.get(index);
    if (value == null) {
      throw damaged("it recalls the value %d, which it never kept".formatted(index));
    }
    push(value);
  }

  private void push(Object value) {
    if (++made > MOST_VALUES) {
      throw damaged("it makes more than %,d values".formatted(MOST_VALUES));
    }
    stack.add(value);
  }

  private Object pop() {
    if (stack.isEmpty()) {
      throw damaged("it takes a value that is not there");
    }
    return stack.remove(stack.size() - 1);
  }

  private Object peek() {
    if (stack.isEmpty()) {
      throw damaged("it takes a value that is not there");
    }
    return stack.get(stack.size() - 1);
  }

  private List<Object> popLast(int count) {
    if (stack.size() < count) {
      throw damaged("it takes a value that is not there");
    }
    return popFrom(stack.size() - count);
  }

  private List<Object> popGroup() {
    int mark = stack.lastIndexOf(Mark.MARK);
    if (mark < 0) {
      throw damaged("it ends a group that it did not begin");
    }
    List<Object> group = popFrom(mark + 1);
    stack.remove(mark);
    return group;
  }

  private List<Object> popFrom(int index) {
    List<Object> top = stack.subList(index, stack.size());
    List<Object> popped = new ArrayList<>(top);
    top.clear();
    return popped;
  }

  private Object longInteger(int bytes) {
    byte[] littleEndian = take(bytes);
    byte[] bigEndian = new byte[bytes + 1];
    for (int i = 0; i < bytes; i++) {
      bigEndian[bytes - i] = littleEndian[i];
    }
    bigEndian[0] = (byte) (bytes > 0 && littleEndian[bytes - 1] < 0 ? -1 : 0);
    BigInteger value = new BigInteger(bigEndian);
    if (value.bitLength() < Long.SIZE) {
      return value.longValue();
    }
    return value;
  }

  private double bigEndianDouble() {
    return Double.longBitsToDouble(Long.reverseBytes(program.getLong()));
  }

  private String text(int bytes) {
    return new String(take(bytes), UTF_8);
  }

  private byte[] take(int bytes) {
    if (bytes < 0 || bytes > program.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] taken = new byte[bytes];
    program.get(taken);
    return taken;
  }

  private String line() {
    int start = program.position();
    while (program.get() != '\n') {
      // a line ends with its end
    }
    byte[] line = new byte[program.position() - start - 1];
    program.get(start, line);
    return new String(line, UTF_8);
  }

  private CheckpointException damaged(String problem) {
    return new CheckpointException(
        "%s: the pickle is damaged: %s. Copy the file again.".formatted(where, problem));
  }
}
