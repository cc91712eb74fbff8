package org.attune.server.search;

import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.SortedSetSortField;
import org.attune.feedback.field.TermsMetadataProperty;
import org.attune.feedback.question.RatingQuestion;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.search.Scope.OfMeasure;
import org.attune.server.search.Scope.OfMetadata;
import org.attune.server.search.Scope.OfRecord;
import org.attune.server.search.Scope.OfResponse;
import org.attune.server.search.Scope.OfSuggestion;
import org.attune.server.search.SearchRequest.Sorting;

/** The order that a request asks for, in the index's own terms. What has no value comes last. */
final class IndexSort {

  private IndexSort() {}

  static Sort of(DatasetSettings settings, SearchRequest request) {
    List<SortField> keys = new ArrayList<>();
    for (Sorting sorting : request.sorts()) {
      keys.add(key(settings, request, sorting.scope(), sorting.descending()));
    }
    if (keys.isEmpty() && request.text() != null) {
      keys.add(SortField.FIELD_SCORE);
    }
    if (keys.isEmpty()) {
      keys.add(number(RecordDocument.INSERTED_AT, false));
    }
    keys.add(number(RecordDocument.SEQUENCE, false));
    return new Sort(keys.toArray(SortField[]::new));
  }

  private static SortField key(
      DatasetSettings settings, SearchRequest request, Scope scope, boolean descending) {
    if (scope instanceof OfRecord record) {
      return switch (record.property()) {
        case INSERTED_AT -> number(RecordDocument.INSERTED_AT, descending);
        case UPDATED_AT -> number(RecordDocument.UPDATED_AT, descending);
        case EXTERNAL_ID -> text(RecordDocument.EXTERNAL_ID, descending);
        case ID, STATUS -> number(RecordDocument.SEQUENCE, descending);
      };
    }
    if (scope instanceof OfMetadata metadata) {
      String name = RecordDocument.metadata(metadata.name());
      boolean terms =
          settings.metadataProperties().stream()
              .anyMatch(
                  known ->
                      known.value().name().equals(metadata.name())
                          && known.value() instanceof TermsMetadataProperty);
      return terms ? text(name, descending) : decimal(name, descending);
    }
    if (scope instanceof OfSuggestion suggestion) {
      return switch (suggestion.part()) {
        case SCORE ->
            decimal(RecordDocument.suggestion(suggestion.question(), "score"), descending);
        case AGENT -> text(RecordDocument.suggestion(suggestion.question(), "agent"), descending);
        case TYPE -> text(RecordDocument.suggestion(suggestion.question(), "type"), descending);
        case VALUE ->
            isRating(settings, suggestion.question())
                ? decimal(RecordDocument.suggestion(suggestion.question(), "number"), descending)
                : text(RecordDocument.suggestion(suggestion.question(), "value"), descending);
      };
    }
    if (scope instanceof OfMeasure measure) {
      return decimal(RecordDocument.measure(measure), descending);
    }
    String question = ((OfResponse) scope).question();
    String userId = request.userId();
    if (question == null || userId == null) {
      return number(RecordDocument.UPDATED_AT, descending); // of whom there may be many, or none
    }
    String name = RecordDocument.response(userId, question);
    if (isRating(settings, question)) {
      return decimal(name, descending);
    }
    SortField key = new SortField(name, SortField.Type.STRING, descending);
    key.setMissingValue(SortField.STRING_LAST);
    return key;
  }

  private static boolean isRating(DatasetSettings settings, String question) {
    return settings.feedback().questionsByName().get(question) instanceof RatingQuestion;
  }

  private static SortField number(String name, boolean descending) {
    SortField key = new SortField(name, SortField.Type.LONG, descending);
    key.setMissingValue(descending ? Long.MIN_VALUE : Long.MAX_VALUE);
    return key;
  }

  private static SortField decimal(String name, boolean descending) {
    SortField key = new SortField(name, SortField.Type.DOUBLE, descending);
    key.setMissingValue(descending ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
    return key;
  }

  private static SortField text(String name, boolean descending) {
    SortField key = new SortedSetSortField(name, descending);
    key.setMissingValue(SortField.STRING_LAST);
    return key;
  }
}
