package org.attune.feedback.question;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.attune.feedback.validation.Problems;
import org.jspecify.annotations.Nullable;

/** Asks to order options from best to worst; the answer is a list of {@link RankedOption}. */
public record RankingQuestion(Heading heading, List<Option> options) implements Question {

  public RankingQuestion {
    options = List.copyOf(options);
    Problems problems = Problems.none();
    heading.check(problems);
    Option.check(options, 2, 50, problems);
    problems.throwIfAny("the ranking question \"" + heading.name() + "\"");
  }

  public static RankingQuestion of(String name, String... options) {
    return of(name, Option.of(options));
  }

  public static RankingQuestion of(String name, List<Option> options) {
    return new RankingQuestion(Heading.of(name), options);
  }

  @Override
  public RankingQuestion with(Heading other) {
    return new RankingQuestion(other, options);
  }

  @Override
  public String type() {
    return "ranking";
  }

  @Override
  public void check(
      Object answer, boolean complete, Map<String, Object> fields, Problems problems) {
    if (!(answer instanceof List<?> places)
        || places.isEmpty()
        || !places.stream().allMatch(RankedOption.class::isInstance)) {
      problems.add(
          name(),
          "must be a list of options with their ranks",
          answer,
          "Send RankedOption values, or {\"value\": …, \"rank\": …} in files.");
      return;
    }
    List<String> known = Option.values(options);
    Set<String> seen = new HashSet<>();
    for (Object place : places) {
      RankedOption ranked = (RankedOption) place;
      if (!known.contains(ranked.value()) || !seen.add(ranked.value())) {
        problems.add(
            name(),
            "must rank options out of " + Option.shown(options) + ", each once",
            ranked.value(),
            "Correct the option, or remove the second mention.");
      }
      Integer rank = ranked.rank();
      if (rank == null ? complete : rank < 1 || rank > options.size()) {
        problems.add(
            name(),
            "must give \"" + ranked.value() + "\" a rank from 1 to " + options.size(),
            rank,
            "Correct the rank; equal ranks are ties.");
      }
    }
    if (complete && seen.size() < options.size()) {
      problems.add(
          name(),
          "must rank all of " + Option.shown(options) + " when submitted",
          places,
          "Rank the missing options, or save a draft.");
    }
  }

  @Override
  public Object toPlain(Object answer) {
    List<Map<String, @Nullable Object>> plain = new ArrayList<>();
    for (Object place : (List<?>) answer) {
      RankedOption ranked = (RankedOption) place;
      Map<String, @Nullable Object> entry = new LinkedHashMap<>();
      entry.put("rank", ranked.rank());
      entry.put("value", ranked.value());
      plain.add(entry);
    }
    return plain;
  }

  @Override
  public Object fromPlain(Object plain) {
    if (!(plain instanceof List<?> places)) {
      return plain;
    }
    List<RankedOption> answer = new ArrayList<>();
    for (Object place : places) {
      if (!(place instanceof Map<?, ?> entry)
          || !(entry.get("value") instanceof String value)
          || !(entry.get("rank") == null || WholeNumber.of(entry.get("rank")) != null)) {
        return plain;
      }
      answer.add(new RankedOption(value, WholeNumber.of(entry.get("rank"))));
    }
    return List.copyOf(answer);
  }
}
