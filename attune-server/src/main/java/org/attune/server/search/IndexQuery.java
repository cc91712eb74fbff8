package org.attune.server.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.index.Term;
import org.apache.lucene.queryparser.simple.SimpleQueryParser;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TermRangeQuery;
import org.apache.lucene.util.BytesRef;
import org.attune.feedback.field.MetadataProperty;
import org.attune.feedback.field.TermsMetadataProperty;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.RatingQuestion;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.dataset.Setting;
import org.attune.server.search.Scope.OfMeasure;
import org.attune.server.search.Scope.OfMetadata;
import org.attune.server.search.Scope.OfRecord;
import org.attune.server.search.Scope.OfResponse;
import org.attune.server.search.Scope.OfSuggestion;
import org.jspecify.annotations.Nullable;

/** What must match, in the index's own terms. */
final class IndexQuery {

  private static final int OPERATORS =
      SimpleQueryParser.OR_OPERATOR
          | SimpleQueryParser.NOT_OPERATOR
          | SimpleQueryParser.PHRASE_OPERATOR
          | SimpleQueryParser.WHITESPACE_OPERATOR;
  private static final String PENDING = "pending";

  private final DatasetSettings settings;
  private final Analyzer analyzer;
  private final SearchRequest request;

  private IndexQuery(DatasetSettings settings, Analyzer analyzer, SearchRequest request) {
    this.settings = settings;
    this.analyzer = analyzer;
    this.request = request;
  }

  /** The words of a request, which score, and its filters, which do not. */
  static Query of(DatasetSettings settings, Analyzer analyzer, SearchRequest request) {
    return new IndexQuery(settings, analyzer, request).query();
  }

  private Query query() {
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    String text = request.text();
    all.add(text == null ? new MatchAllDocsQuery() : words(text), Occur.MUST);
    request.filters().forEach(filter -> all.add(filter(filter), Occur.FILTER));
    return all.build();
  }

  /** All words must occur; {@code |}, {@code -} and quotes mean or, not and a phrase. */
  private Query words(String text) {
    String field = request.field();
    SimpleQueryParser parser =
        new SimpleQueryParser(
            analyzer,
            Map.of(field == null ? RecordDocument.TEXT : RecordDocument.field(field), 1f),
            OPERATORS);
    parser.setDefaultOperator(Occur.MUST);
    Query query = parser.parse(text);
    return query == null ? new MatchNoDocsQuery("no word") : query;
  }

  private Query filter(Filter filter) {
    if (filter instanceof Filter.Terms terms) {
      return terms(terms.scope(), terms.values());
    }
    if (filter instanceof Filter.Except except) {
      return new BooleanQuery.Builder()
          .add(new MatchAllDocsQuery(), Occur.MUST)
          .add(terms(except.scope(), except.values()), Occur.MUST_NOT)
          .build();
    }
    Filter.Range range = (Filter.Range) filter;
    return range(range.scope(), range.from(), range.to());
  }

  private Query terms(Scope scope, List<String> values) {
    if (scope instanceof OfRecord record) {
      return switch (record.property()) {
        case ID -> terms(RecordDocument.ID, values);
        case EXTERNAL_ID -> terms(RecordDocument.EXTERNAL_ID, values);
        case STATUS -> terms(RecordDocument.STATUS, values);
        case INSERTED_AT, UPDATED_AT -> new MatchNoDocsQuery("times have ranges, not terms");
      };
    }
    if (scope instanceof OfMetadata metadata) {
      return isTerms(metadata.name())
          ? terms(RecordDocument.metadata(metadata.name()), values)
          : any(values, value -> range(scope, value, value));
    }
    if (scope instanceof OfSuggestion suggestion) {
      return suggestion.part() == OfSuggestion.Part.SCORE
          ? any(values, value -> range(scope, value, value))
          : terms(
              RecordDocument.suggestion(
                  suggestion.question(), suggestion.part().name().toLowerCase(Locale.ROOT)),
              values);
    }
    if (scope instanceof OfMeasure) {
      return any(values, value -> range(scope, value, value));
    }
    String question = ((OfResponse) scope).question();
    return question == null ? statuses(values) : answers(question, values);
  }

  private static Query terms(String name, List<String> values) {
    return new TermInSetQuery(
        name, values.stream().map(RecordDocument::cut).map(BytesRef::new).toList());
  }

  private static Query term(String name, @Nullable String value) {
    return new TermQuery(new Term(name, String.valueOf(value)));
  }

  /** Any of the values that are numbers. */
  private static Query any(List<String> values, Function<@Nullable Double, Query> query) {
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    for (String value : values) {
      number(value).ifPresent(number -> any.add(query.apply(number), Occur.SHOULD));
    }
    return any.build();
  }

  private static Optional<Double> number(String text) {
    try {
      return Optional.of(Double.valueOf(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Any of the statuses; pending means that there is no response. */
  private Query statuses(List<String> values) {
    String userId = request.userId();
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    List<String> given = new ArrayList<>();
    for (String value : values) {
      if (value.equals(PENDING) || value.equals("missing")) {
        any.add(pending(userId), Occur.SHOULD);
      } else {
        given.add(userId == null ? value : RecordDocument.term(userId, value));
      }
    }
    any.add(terms(RecordDocument.RESPONSE_STATUS, given), Occur.SHOULD);
    return any.build();
  }

  /** What a person has still to answer: completed records have got what they need. */
  private static Query pending(@Nullable String userId) {
    BooleanQuery.Builder none = new BooleanQuery.Builder();
    none.add(new MatchAllDocsQuery(), Occur.MUST);
    if (userId == null) {
      none.add(
          new TermRangeQuery(RecordDocument.RESPONDER, null, null, true, true), Occur.MUST_NOT);
    } else {
      none.add(term(RecordDocument.STATUS, PENDING), Occur.FILTER);
      none.add(term(RecordDocument.RESPONDER, userId), Occur.MUST_NOT);
    }
    return none.build();
  }

  private Query answers(String question, List<String> values) {
    String userId = request.userId();
    return terms(
        RecordDocument.RESPONSE_VALUE,
        values.stream()
            .map(
                value ->
                    userId == null
                        ? RecordDocument.term(question, value)
                        : RecordDocument.term(userId, question, value))
            .toList());
  }

  private Query range(Scope scope, @Nullable Double from, @Nullable Double to) {
    double least = from == null ? Double.NEGATIVE_INFINITY : from;
    double most = to == null ? Double.POSITIVE_INFINITY : to;
    if (scope instanceof OfRecord record) {
      return switch (record.property()) {
        case INSERTED_AT, UPDATED_AT ->
            LongPoint.newRangeQuery(
                record.property() == OfRecord.Property.INSERTED_AT
                    ? RecordDocument.INSERTED_AT
                    : RecordDocument.UPDATED_AT,
                (long) least,
                (long) most);
        case ID, EXTERNAL_ID, STATUS -> new MatchNoDocsQuery("texts have terms, not ranges");
      };
    }
    if (scope instanceof OfMetadata metadata) {
      return DoublePoint.newRangeQuery(RecordDocument.metadata(metadata.name()), least, most);
    }
    if (scope instanceof OfSuggestion suggestion) {
      return DoublePoint.newRangeQuery(
          RecordDocument.suggestion(
              suggestion.question(),
              suggestion.part() == OfSuggestion.Part.SCORE ? "score" : "number"),
          least,
          most);
    }
    if (scope instanceof OfMeasure measure) {
      return DoublePoint.newRangeQuery(RecordDocument.measure(measure), least, most);
    }
    String question = ((OfResponse) scope).question();
    return question == null
        ? new MatchNoDocsQuery("statuses have terms, not ranges")
        : answers(question, ratings(question, least, most));
  }

  /** A rating has few values, so a range of them is a list. */
  private List<String> ratings(String name, double least, double most) {
    Question question = settings.feedback().questionsByName().get(name);
    return question instanceof RatingQuestion rating
        ? rating.values().stream()
            .filter(value -> value >= least && value <= most)
            .map(String::valueOf)
            .toList()
        : List.of();
  }

  private boolean isTerms(String property) {
    return settings.metadataProperties().stream()
        .map(Setting<MetadataProperty>::value)
        .anyMatch(known -> known.name().equals(property) && known instanceof TermsMetadataProperty);
  }
}
