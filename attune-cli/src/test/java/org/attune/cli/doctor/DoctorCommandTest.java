package org.attune.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.attune.cli.Attune;
import org.attune.testkit.NoTensorLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoTensorLeaks.class)
class DoctorCommandTest {
  @Test
  void tells_what_was_chosen_why_and_what_the_machine_reaches() throws Exception {
    Attune run = Attune.run("doctor", "--json");

    assertThat(run.exitCode()).isZero();
    JsonNode findings = new ObjectMapper().readTree(run.output());
    assertThat(findings.get("processors").asInt()).isPositive();
    assertThat(findings.get("replicas").asInt()).isPositive();
    assertThat(findings.get("dtype").asText()).isIn("fp32", "bf16");
    assertThat(findings.get("reason").asText()).contains("replicas", "linear layers in");
    assertThat(findings.get("libtorch").asText()).startsWith("2.");
    assertThat(findings.get("tokenizers").asText()).isEqualTo("works");
    assertThat(findings.get("matmul_gflops").get("fp32_all_workers").asDouble()).isPositive();
  }
}
