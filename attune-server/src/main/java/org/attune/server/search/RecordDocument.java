package org.attune.server.search;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.DoubleDocValuesField;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.SortedSetDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.BytesRef;
import org.attune.feedback.field.MetadataProperty;
import org.attune.feedback.field.TermsMetadataProperty;
import org.attune.feedback.question.Question;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.dataset.Setting;
import org.attune.server.record.StoredRecord;
import org.attune.server.record.StoredResponse;
import org.attune.server.record.StoredSuggestion;
import org.attune.server.record.Vectors;
import org.attune.server.search.Scope.OfMeasure;
import org.attune.server.search.Scope.OfMeasure.Measure;
import org.jspecify.annotations.Nullable;

/**
 * A record as the index holds it. The names of its fields are those that {@link IndexQuery} asks.
 */
final class RecordDocument {

  static final String ID = "id";
  static final String EXTERNAL_ID = "external_id";
  static final String STATUS = "status";
  static final String INSERTED_AT = "inserted_at";
  static final String UPDATED_AT = "updated_at";
  static final String SEQUENCE = "sequence";

  /** The words of all fields. */
  static final String TEXT = "text";

  /** The ids of everybody who has a response. */
  static final String RESPONDER = "responder";

  /** Statuses: {@code submitted} for anybody's, {@code <user> submitted} for one person's. */
  static final String RESPONSE_STATUS = "response_status";

  /**
   * Answers: {@code <question> <value>} for anybody's, {@code <user> <question> <value>} for one's.
   */
  static final String RESPONSE_VALUE = "response_value";

  /** Lucene takes no longer terms, in bytes; a longer value is found by its beginning. */
  private static final int LONGEST_TERM = 8_000;

  private final DatasetSettings settings;
  private final Document document = new Document();

  private RecordDocument(DatasetSettings settings) {
    this.settings = settings;
  }

  static Document of(
      DatasetSettings settings,
      StoredRecord record,
      long sequence,
      List<StoredResponse> responses,
      List<StoredSuggestion> suggestions,
      List<Vectors.Stored> vectors) {
    RecordDocument built = new RecordDocument(settings);
    built.addRecord(record, sequence);
    built.addMetadata(record);
    responses.forEach(built::addResponse);
    suggestions.forEach(built::addSuggestion);
    vectors.forEach(built::addVector);
    built.addMeasures(record, responses, suggestions);
    return built.document;
  }

  static String field(String name) {
    return "field." + name;
  }

  static String metadata(String name) {
    return "metadata." + name;
  }

  static String suggestion(String question, String part) {
    return "suggestion." + question + "." + part;
  }

  static String response(String userId, String question) {
    return "response." + userId + "." + question;
  }

  static String measure(OfMeasure measure) {
    String name = "measure." + measure.measure().name().toLowerCase(Locale.ROOT);
    String question = measure.question();
    return question == null ? name : name + "." + question;
  }

  static String vector(String name) {
    return "vector." + name;
  }

  static String term(String... parts) {
    return String.join(" ", parts);
  }

  private void addRecord(StoredRecord record, long sequence) {
    document.add(new StringField(ID, record.id(), Store.YES));
    String externalId = record.externalId();
    if (externalId != null) {
      addTerm(EXTERNAL_ID, externalId);
    }
    document.add(new StringField(STATUS, record.completed() ? "completed" : "pending", Store.NO));
    addLong(INSERTED_AT, record.insertedAt());
    addLong(UPDATED_AT, record.updatedAt());
    document.add(new NumericDocValuesField(SEQUENCE, sequence));
    record
        .fields()
        .forEach(
            (name, value) -> {
              StringBuilder words = new StringBuilder();
              addWords(value, words);
              document.add(new TextField(field(name), words.toString(), Store.NO));
              document.add(new TextField(TEXT, words.toString(), Store.NO));
            });
  }

  /** All texts of a value: a text itself, the turns of a chat, the values of an object. */
  private static void addWords(@Nullable Object value, StringBuilder words) {
    if (value instanceof String text) {
      if (!text.startsWith("data:")) {
        words.append(text).append('\n');
      }
    } else if (value instanceof Collection<?> items) {
      items.forEach(item -> addWords(item, words));
    } else if (value instanceof Map<?, ?> object) {
      object.values().forEach(item -> addWords(item, words));
    }
  }

  private void addMetadata(StoredRecord record) {
    Map<String, @Nullable Object> values = record.metadata();
    if (values == null) {
      return;
    }
    for (Setting<MetadataProperty> property : settings.metadataProperties()) {
      String name = property.value().name();
      Object value = values.get(name);
      if (property.value() instanceof TermsMetadataProperty) {
        List<?> terms =
            value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
        for (Object term : terms) {
          String text = cut(String.valueOf(term));
          document.add(new StringField(metadata(name), text, Store.NO));
          document.add(new SortedSetDocValuesField(metadata(name), new BytesRef(text)));
        }
      } else if (value instanceof Number number) {
        addDouble(metadata(name), number.doubleValue());
      }
    }
  }

  private void addResponse(StoredResponse response) {
    String user = response.userId();
    document.add(new StringField(RESPONDER, user, Store.NO));
    document.add(new StringField(RESPONSE_STATUS, response.status(), Store.NO));
    document.add(new StringField(RESPONSE_STATUS, term(user, response.status()), Store.NO));
    response
        .values()
        .forEach(
            (question, holder) -> {
              Object value = holder instanceof Map<?, ?> map ? map.get("value") : null;
              List<String> terms = terms(value);
              for (String term : terms) {
                document.add(new StringField(RESPONSE_VALUE, cut(term(question, term)), Store.NO));
                document.add(
                    new StringField(RESPONSE_VALUE, cut(term(user, question, term)), Store.NO));
              }
              if (value instanceof Number number) {
                document.add(
                    new DoubleDocValuesField(response(user, question), number.doubleValue()));
              } else if (terms.size() == 1) {
                document.add(
                    new SortedDocValuesField(
                        response(user, question), new BytesRef(cut(terms.get(0)))));
              }
            });
  }

  private void addSuggestion(StoredSuggestion suggestion) {
    String question =
        settings.questions().stream()
            .filter(asked -> asked.id().equals(suggestion.questionId()))
            .map(asked -> asked.value().name())
            .findFirst()
            .orElse("");
    String name = suggestion(question, "value");
    for (String term : terms(suggestion.value())) {
      document.add(new StringField(name, cut(term), Store.NO));
      document.add(new SortedSetDocValuesField(name, new BytesRef(cut(term))));
    }
    if (suggestion.value() instanceof Number number) {
      addDouble(suggestion(question, "number"), number.doubleValue());
    }
    String agent = suggestion.agent();
    if (agent != null) {
      addTerm(suggestion(question, "agent"), agent);
    }
    String type = suggestion.type();
    if (type != null) {
      addTerm(suggestion(question, "type"), type);
    }
    highest(suggestion.score()).ifPresent(score -> addDouble(suggestion(question, "score"), score));
  }

  private void addMeasures(
      StoredRecord record, List<StoredResponse> responses, List<StoredSuggestion> suggestions) {
    addMeasure(Measure.SHUFFLE, null, Shuffle.place(record.id()));
    suggestions.stream()
        .flatMapToDouble(suggestion -> highest(suggestion.score()).stream())
        .min()
        .ifPresent(score -> addMeasure(Measure.CONFIDENCE, null, score));
    List<StoredResponse> submitted =
        responses.stream().filter(StoredResponse::isSubmitted).toList();
    OptionalDouble largest = OptionalDouble.empty();
    for (Setting<Question> question : settings.questions()) {
      OptionalDouble found = Disagreement.of(question.value(), submitted);
      if (found.isPresent()) {
        addMeasure(Measure.DISAGREEMENT, question.value().name(), found.getAsDouble());
        largest = OptionalDouble.of(Math.max(largest.orElse(0), found.getAsDouble()));
      }
    }
    largest.ifPresent(most -> addMeasure(Measure.DISAGREEMENT, null, most));
  }

  private void addMeasure(Measure measure, @Nullable String question, double value) {
    addDouble(measure(new OfMeasure(measure, question)), value);
  }

  private static OptionalDouble highest(@Nullable Object score) {
    List<?> scores =
        score instanceof List<?> list ? list : score == null ? List.of() : List.of(score);
    return scores.stream()
        .filter(Number.class::isInstance)
        .mapToDouble(number -> ((Number) number).doubleValue())
        .max();
  }

  /**
   * The values by which an answer can be found: a label, each of several, a rating, ranked options.
   */
  private static List<String> terms(@Nullable Object value) {
    List<String> terms = new ArrayList<>();
    if (value instanceof List<?> items) {
      for (Object item : items) {
        if (item instanceof Map<?, ?> map) {
          Object part = map.containsKey("label") ? map.get("label") : map.get("value");
          if (part != null && !terms.contains(part.toString())) {
            terms.add(part.toString());
          }
        } else {
          terms.add(String.valueOf(item));
        }
      }
    } else if (value != null) {
      terms.add(value.toString());
    }
    return terms;
  }

  /** A vector without direction is similar to nothing, and is left out. */
  private void addVector(Vectors.Stored vector) {
    float[] unit = UnitVector.of(vector.components());
    if (unit.length > 0) {
      document.add(
          new KnnFloatVectorField(
              vector(vector.name()), unit, VectorSimilarityFunction.DOT_PRODUCT));
    }
  }

  private void addTerm(String name, String value) {
    document.add(new StringField(name, cut(value), Store.NO));
    document.add(new SortedSetDocValuesField(name, new BytesRef(cut(value))));
  }

  private void addLong(String name, long value) {
    document.add(new LongPoint(name, value));
    document.add(new NumericDocValuesField(name, value));
  }

  private void addDouble(String name, double value) {
    document.add(new DoublePoint(name, value));
    document.add(new DoubleDocValuesField(name, value));
  }

  static String cut(String term) {
    return term.length() <= LONGEST_TERM ? term : term.substring(0, LONGEST_TERM);
  }
}
