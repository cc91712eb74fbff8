package org.attune.feedback.question;

import java.util.Map;
import org.attune.feedback.validation.Problems;
import org.jspecify.annotations.Nullable;

/**
 * A question about a record, with its rules for answers.
 *
 * <p>An answer is a plain Java value whose type follows from the kind of question: text and label a
 * {@link String}, rating an {@link Integer}, multi-label a list of strings, ranking a list of
 * {@link RankedOption}, span a list of {@link Span}.
 */
public sealed interface Question
    permits TextQuestion,
        RatingQuestion,
        LabelQuestion,
        MultiLabelQuestion,
        RankingQuestion,
        SpanQuestion {

  Heading heading();

  /** The same question under another heading. */
  Question with(Heading heading);

  /** The kind of question as files and messages spell it, such as {@code multi_label_selection}. */
  String type();

  /**
   * Reports every rule that an answer breaks.
   *
   * @param complete whether the answer belongs to a submitted response; drafts may be partial
   * @param fields the fields of the record that was asked about
   */
  void check(Object answer, boolean complete, Map<String, Object> fields, Problems problems);

  /** The answer as numbers, strings, lists and maps, the form in which files hold it. */
  default Object toPlain(Object answer) {
    return answer;
  }

  /**
   * The answer from the form in which files hold it. What does not fit is returned as it is, for
   * {@link #check} to report.
   */
  default Object fromPlain(Object plain) {
    return plain;
  }

  default String name() {
    return heading().name();
  }

  default String title() {
    return heading().title();
  }

  default @Nullable String description() {
    return heading().description();
  }

  default boolean required() {
    return heading().required();
  }

  default Question titled(String title) {
    return with(new Heading(name(), title, description(), required()));
  }

  default Question describedAs(String description) {
    return with(new Heading(name(), title(), description, required()));
  }

  /** The same question, which a submitted response may leave unanswered. */
  default Question optional() {
    return with(new Heading(name(), title(), description(), false));
  }
}
