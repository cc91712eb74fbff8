package org.attune.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TensorScopeTest {

  @Test
  void frees_everything_made_in_it() {
    long before = TensorScope.liveCount();

    TensorScope.use(() -> Tensor.vector(1, 2, 3).plus(1).times(2).sum());

    assertThat(TensorScope.liveCount()).isEqualTo(before);
  }

  @Test
  void frees_everything_when_the_work_throws() {
    long before = TensorScope.liveCount();

    assertThatThrownBy(
            () -> TensorScope.use(() -> Tensor.vector(1, 2).plus(Tensor.vector(1, 2, 3))))
        .isInstanceOf(TensorException.class);

    assertThat(TensorScope.liveCount()).isEqualTo(before);
  }

  @Test
  void hands_a_returned_tensor_to_the_scope_outside() {
    float[] values =
        TensorScope.with(
            () -> {
              Tensor result = TensorScope.with(() -> Tensor.vector(1, 2).times(3));
              return result.toFloats();
            });

    assertThat(values).containsExactly(3, 6);
  }

  @Test
  void an_owner_keeps_a_tensor_beyond_the_work_that_made_it() {
    try (TensorScope owner = TensorScope.owner()) {
      Tensor[] kept = new Tensor[1];

      TensorScope.use(() -> kept[0] = owner.adopt(Tensor.vector(7)));

      assertThat(kept[0].item()).isEqualTo(7);
    }
  }

  @Test
  void a_tensor_made_outside_every_scope_is_refused_with_the_way_out() {
    assertThatThrownBy(() -> Tensor.vector(1))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("No scope is open")
        .hasMessageContaining("TensorScope.with");
  }

  @Test
  void a_tensor_used_after_its_scope_is_refused_with_the_way_out() {
    Tensor[] escaped = new Tensor[1];
    TensorScope.use(() -> escaped[0] = Tensor.vector(1));

    assertThatThrownBy(() -> escaped[0].plus(1))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("after its scope closed")
        .hasMessageContaining("keep");
  }

  @Test
  void keeping_from_the_outermost_scope_is_refused() {
    assertThatThrownBy(() -> TensorScope.with(() -> Tensor.vector(1)))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("owner()");
  }
}
