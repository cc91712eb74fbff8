package org.attune.model.template;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class TemplateLimitsTest {
  private static final Conversation EMPTY = Conversation.of(List.of());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m(f) %}{{ f(f) }}{% endmacro %}{{ m(m) }}",
        "{% for x in [[1]] recursive %}{{ loop([x]) }}{% endfor %}",
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{% for i in range(99999) %}{% for j in range(99999) %}x{% endfor %}{% endfor %}",
        "{% set ns = namespace(x='ab') %}{% for i in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        "{% set ns = namespace(x='ab') %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(99999) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x | tojson }}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(99999) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x == [ns.x] }}",
        "{% set ns = namespace(x=2) %}{% for i in range(99) %}{% set ns.x = ns.x * ns.x %}{% endfor %}",
        "{{ 'x' * 99999999999 }}",
        "{{ [0] * 99999999999 }}",
        "{{ 9 ** 9999999999 }}",
        "{{ 'x' | center(99999999999) }}",
        "{{ '%999999s' * 9 }}{{ 'x'.ljust(9999999999) }}",
        "{{ ('x' * 9999999).replace('x', 'x' * 9999999) }}",
        "{{ ('x,' * 999999).split(',') | join('y' * 999999) }}",
        "{{ [1] | tojson(indent=99999999999) }}",
        "{% for i in range(99999) %}{{ ('x' * 999999).upper() }}{% endfor %}"
      })
  void a_template_without_end_or_measure_is_stopped(String source) {
    Assertions.assertThat(Duration.ofSeconds(30))
        .isGreaterThan(
            timeOf(
                () ->
                    assertThatThrownBy(() -> ChatTemplate.of(source, Map.of()).render(EMPTY))
                        .isInstanceOf(TemplateException.class)
                        .hasMessageContaining("line 1")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[", "{1:", "not ", "- ", "x(", "x[", "1 if 1 else "})
  void an_expression_nested_too_deep_is_an_error(String opening) {
    String source = "{{ " + opening.repeat(100_000) + " }}";

    assertThatThrownBy(() -> ChatTemplate.of(source, Map.of()).render(EMPTY))
        .isInstanceOf(TemplateException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {" + 1", " ~ 1", " or 0", " and 1", " | string", ".x", "[0]", "()", " == 1"})
  void a_chain_of_operators_is_rendered_or_an_error(String link) {
    String source = "{{ 1" + link.repeat(100_000) + " }}";

    try {
      ChatTemplate.of(source, Map.of()).render(EMPTY);
    } catch (TemplateException expected) {
      Assertions.assertThat(expected.line()).isEqualTo(1);
    }
  }

  @Test
  void statements_nested_too_deep_are_an_error() {
    String source = "{% if 1 %}".repeat(100_000);

    assertThatThrownBy(() -> ChatTemplate.of(source, Map.of()))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("nested");
  }

  private static Duration timeOf(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
