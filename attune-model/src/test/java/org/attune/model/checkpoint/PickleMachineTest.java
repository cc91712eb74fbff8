package org.attune.model.checkpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.attune.model.checkpoint.Pickled.Absent;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
final class PickleMachineTest {
  @Nested
  final class Values {
    @Test
    void are_those_that_python_pickled() {
      // pickle.dumps({"a": [1, -2, 2.5, True, None, 2**70], 3: (300,)}, 2)
      String program =
          "}q\0(X\1\0\0\0aq\1]q\2(K\1J\u00fe\u00ff\u00ff\u00ffG@\4\0\0\0\0\0\0\u0088N"
              + "\u008a\11\0\0\0\0\0\0\0\0@eK\3M,\1\u0085q\3u.";

      assertThat(value(program))
          .isEqualTo(
              Map.of(
                  "a",
                  List.of(1L, -2L, 2.5, true, Absent.NONE, BigInteger.TWO.pow(70)),
                  3L,
                  new Pickled.Tuple(List.of(300L))));
    }

    @Test
    void of_protocol_4_are_read_as_well() {
      // pickle.dumps({"weight": "é"}, 4)
      String program =
          "\u0095\20\0\0\0\0\0\0\0}\u0094\u008c\6weight\u0094\u008c\2\u00c3\u00a9\u0094s.";

      assertThat(value(program)).isEqualTo(Map.of("weight", "é"));
    }
  }

  @Nested
  final class Bombs {
    @Test
    void of_a_hundred_thousand_nested_lists_do_not_exhaust_the_stack() {
      String program = "]".repeat(100_000) + "a".repeat(99_999) + ".";

      assertThat(value(program)).isInstanceOf(List.class);
    }

    @Test
    void of_doubled_references_take_no_more_memory_than_their_program() {
      // each tuple holds the one before twice: 2^1000 leaves if anybody counted them
      String program = "K\1q\0" + "h\0h\0\u0086q\0".repeat(1000) + ".";

      assertThat(value(program)).isInstanceOf(Pickled.Tuple.class);
    }

    @Test
    void of_dictionary_keys_are_never_hashed() {
      String program = "K\1q\0" + "h\0h\0\u0086q\0".repeat(1000) + "}h\0Ns.";

      assertThatThrownBy(() -> value(program))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("a key that is neither text nor number");
    }

    @Test
    void of_lists_that_hold_themselves_are_harmless() {
      assertThat(value("]q\0h\0a.")).isInstanceOf(List.class);
    }

    @Test
    void of_millions_of_values_are_stopped() {
      String program = "(" + "}".repeat(5_000_001) + "t.";

      assertThatThrownBy(() -> value(program))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("makes more than 5,000,000 values");
    }

    @Test
    void of_huge_texts_are_not_believed() {
      assertThatThrownBy(() -> value("X\u00ff\u00ff\u00ff\u007fa."))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("ends too early");
    }

    @Test
    void of_huge_memo_indices_cost_one_entry() {
      assertThat(value("K\1r\u00ff\u00ff\u00ff\u007f.")).isEqualTo(1L);
    }
  }

  @Nested
  final class Damage {
    @Test
    void of_an_unknown_instruction_is_named_with_its_place() {
      assertThatThrownBy(() -> value("}i."))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("weights.bin: the pickle has the instruction 0x69 at byte 3")
          .hasMessageContaining("may be harmful");
    }

    @Test
    void of_an_empty_stack_is_no_crash() {
      for (String program : List.of(".", "R.", "t.", "\u0087.", "q\0.", "h\7.", "b.", "s.", "Q.")) {
        assertThatThrownBy(() -> value(program))
            .as(program)
            .isInstanceOf(CheckpointException.class)
            .hasMessageContaining("the pickle is damaged");
      }
    }

    @Test
    void of_another_protocol_is_named() {
      ByteBuffer program = ByteBuffer.wrap("\u0080\t.".getBytes(ISO_8859_1));

      assertThatThrownBy(() -> PickledTensors.machine(program, "weights.bin").next())
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("protocol 9, but 2 to 5");
    }
  }

  private static Object value(String program) {
    byte[] bytes = ("\u0080\2" + program).getBytes(ISO_8859_1);
    return PickledTensors.machine(ByteBuffer.wrap(bytes), "weights.bin").next();
  }
}
