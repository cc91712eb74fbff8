package org.attune.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldensTest {
  @TempDir Path checkout;

  private final String root = System.getProperty("attune.root");

  @BeforeEach
  void make_a_checkout_with_one_golden() throws IOException {
    Path folder = Files.createDirectories(checkout.resolve("parity/goldens/sgd"));
    Files.writeString(
        folder.resolve("values.json"),
        "{\"plain\": {\"losses\": [2.5, 1e-3]}, \"words\": [\"x\"]}");
    System.setProperty("attune.root", checkout.toString());
  }

  @AfterEach
  void restore_the_root() {
    System.setProperty("attune.root", root);
  }

  @Test
  void values_are_json() {
    assertThat(Goldens.open("sgd").values().at("/plain/losses/0").doubleValue()).isEqualTo(2.5);
  }

  @Test
  void an_array_of_numbers_is_found_by_its_pointer() {
    assertThat(Goldens.open("sgd").numbers("/plain/losses")).containsExactly(2.5, 1e-3);
  }

  @Test
  void tensors_lie_beside_the_values() {
    assertThat(Goldens.open("sgd").tensors())
        .isEqualTo(checkout.resolve("parity/goldens/sgd/tensors.safetensors"));
  }

  @Test
  void a_missing_golden_is_named_with_the_script_that_makes_it() {
    assertThatThrownBy(() -> Goldens.open("lion"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll("parity/goldens/lion", "parity/make.py");
  }

  @Test
  void a_missing_array_is_named() {
    Goldens golden = Goldens.open("sgd");

    assertThatThrownBy(() -> golden.numbers("/plain/norms"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll("values.json", "/plain/norms");
    assertThatThrownBy(() -> golden.numbers("/words"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("/words/0");
  }
}
