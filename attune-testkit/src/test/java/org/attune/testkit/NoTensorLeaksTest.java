package org.attune.testkit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Runs tests that leak, or do not, in an engine of their own. */
class NoTensorLeaksTest {
  @Test
  void a_test_that_leaves_a_tensor_alive_fails_although_it_registered_nothing() {
    EngineTestKit.engine("junit-jupiter")
        .enableImplicitConfigurationParameters(true)
        .selectors(selectClass(Leaking.class))
        .execute()
        .testEvents()
        .assertStatistics(tests -> tests.started(1).failed(1));

    Leaking.leaked.close();
  }

  @Test
  void tensors_that_are_freed_or_belong_to_the_class_are_no_leaks() {
    EngineTestKit.engine("junit-jupiter")
        .enableImplicitConfigurationParameters(true)
        .selectors(selectClass(Tidy.class))
        .execute()
        .testEvents()
        .assertStatistics(tests -> tests.started(2).succeeded(2));
  }

  static final class Leaking {
    static final TensorScope leaked = TensorScope.owner();

    @Test
    void leaks_one_tensor() {
      TensorScope.use(() -> leaked.adopt(Tensor.zeros(2)));
    }
  }

  static final class Tidy {
    static final TensorScope weights = TensorScope.owner();

    @BeforeAll
    static void load() {
      TensorScope.use(() -> weights.adopt(Tensor.zeros(2)));
    }

    @AfterAll
    static void free() {
      weights.close();
    }

    @Test
    void frees_what_it_makes() {
      TensorScope.use(() -> Tensor.zeros(2));
    }

    @Test
    void makes_nothing() {}
  }
}
