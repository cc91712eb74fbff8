package org.attune.train.ppo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.attune.run.ppo.KlControl;
import org.attune.run.ppo.PpoConfig;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class KlControllerTest {
  private static KlController controller(KlControl control) {
    PpoConfig config =
        PpoConfig.builder()
            .runDir(Path.of("runs/kl"))
            .model("model")
            .klControl(control)
            .target(6)
            .horizon(10_000)
            .build();
    return new KlController(config, 0.2);
  }

  @Test
  void adaptive_control_moves_the_coefficient_towards_the_target() {
    KlController controller = controller(KlControl.ADAPTIVE);

    // KL 3 is half of the target, bounded at −0.2: 0.2 · (1 − 0.2 · 128 / 10000)
    controller.update(3, 128);
    Tolerance.FLOAT32.check("too close", controller.coefficient(), 0.199488);
    controller.update(9, 128);
    Tolerance.FLOAT32.check("too far", controller.coefficient(), 0.19999868928);
    // 6.3 / 6 − 1 = 0.05 is within the bound
    controller.update(6.3, 128);
    Tolerance.FLOAT32.check("a little too far", controller.coefficient(), 0.20012668844);
  }

  @Test
  void adaptive_control_follows_the_original() {
    MathsGolden golden = MathsGolden.open();
    double[] expected = golden.numbers("/controllers/adaptive");
    double[] kl = golden.numbers("/controllers/kl");
    KlController controller = controller(KlControl.ADAPTIVE);

    for (int i = 0; i < kl.length; i++) {
      controller.update(kl[i], 128);

      Tolerance.FLOAT32.check("after KL " + kl[i], controller.coefficient(), expected[i]);
    }
  }

  @Test
  void at_the_target_the_coefficient_stays() {
    KlController controller = controller(KlControl.ADAPTIVE);

    controller.update(6, 128);

    assertThat(controller.coefficient()).isEqualTo(0.2);
  }

  @Test
  void fixed_control_leaves_the_coefficient_alone() {
    KlController controller = controller(KlControl.FIXED);

    controller.update(1000, 128);

    assertThat(controller.coefficient()).isEqualTo(0.2);
  }
}
